#include "bqconn/auth/token_source.hpp"

#include <algorithm>
#include <utility>

#include "bqconn/auth/access_token.hpp"

namespace bqconn::auth {

TokenSource::TokenSource(http::Transport& transport, connection::ClientCredentials credentials,
                         std::string api_key, TokenCache cache, const Clock& clock,
                         std::chrono::milliseconds longest_wait)
    : transport_(transport),
      credentials_(std::move(credentials)),
      api_key_(std::move(api_key)),
      cache_(std::move(cache)),
      clock_(clock),
      longest_wait_(longest_wait) {}

std::optional<ObtainedToken> TokenSource::from_cache(const std::optional<Secret>& refused) const {
    const auto cached = cache_.read(clock_.date());
    if (!cached || (refused && refused->reveal() == cached->token.reveal())) {
        return std::nullopt;
    }
    return ObtainedToken{cached->token, cached->expires_at, true};
}

ObtainedToken TokenSource::fetch() {
    const AccessToken fetched = fetch_access_token(transport_, credentials_, api_key_);
    const auto now = clock_.date();
    ObtainedToken obtained{fetched.token, std::nullopt, false};
    if (fetched.lifetime.count() > 0) {
        obtained.expires_at = now + fetched.lifetime;
    }
    if (fetched.lifetime <= renewed_before) {
        cache_.remove();
        return obtained;
    }
    cache_.write({fetched.token, now + fetched.lifetime}, now);
    return obtained;
}

Secret TokenSource::fetch_anew() {
    const auto lock = cache_.try_lock();
    return fetch().token;
}

ObtainedToken TokenSource::obtain(const std::optional<Secret>& refused) {
    constexpr std::chrono::milliseconds first_pause{10};
    constexpr std::chrono::milliseconds longest_pause{200};
    if (const auto cached = from_cache(refused)) {
        return *cached;
    }
    std::chrono::milliseconds waited{0};
    for (auto pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
        const auto lock = cache_.try_lock();
        if (lock) {
            // Another process may have fetched it in the meantime.
            if (const auto cached = from_cache(refused)) {
                return *cached;
            }
            return fetch();
        }
        // A holder that takes this long is stuck: stop waiting for it.
        if (waited >= longest_wait_ || !clock_.pause(pause)) {
            return fetch();
        }
        waited += pause;
    }
}

}  // namespace bqconn::auth
