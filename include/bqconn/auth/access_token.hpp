// Adobe access tokens (OAuth server-to-server of Adobe's identity service, IMS): fetched, cached,
// and replaced when refused. Only one thread of one process fetches at a time; the others wait and
// use its token.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "bqconn/auth/token_cache.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/core/clock.hpp"
#include "bqconn/core/secret.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::auth {

struct AccessToken {
    Secret token;
    std::chrono::seconds lifetime{0};  // as reported by IMS; 0 if not
};

// POST /ims/token/v3; everything is in the form body, nothing in the query. Throws Error: `auth` if
// IMS refuses the client, `unavailable` for 429 and 5xx, `bad_response` for a response without a
// token, or what the transport throws.
AccessToken fetch_access_token(http::Transport& transport,
                               const connection::ClientCredentials& credentials,
                               const std::string& api_key);

// What a token says of itself: not verified, only for display and for finding mistakes early.
struct TokenClaims {
    std::string client_id;                               // empty: unknown
    std::optional<std::chrono::sys_seconds> expires_at;  // none: unknown

    bool is_of_another(const std::string& api_key) const {
        return !client_id.empty() && !api_key.empty() && client_id != api_key;
    }
    bool is_expired(std::chrono::sys_seconds now) const { return expires_at && *expires_at <= now; }
};

// Empty for an opaque token. Adobe's tokens have `client_id`, and `created_at` and `expires_in` in
// milliseconds, as strings (inferred from code that reads them).
TokenClaims claims_of(const Secret& token);

struct ObtainedToken {
    Secret token;
    std::optional<std::chrono::sys_seconds> expires_at = {};  // none: not reported by IMS
    bool cached = false;                                      // from the cache
};

// How long to wait for another process that fetches the same token.
inline constexpr std::chrono::milliseconds longest_wait{30'000};

// How a TokenSource fetches tokens. `transport` and `clock` must outlive it.
struct Fetching {
    http::Transport& transport;
    connection::ClientCredentials credentials;
    std::string api_key;
    TokenCache cache;
    const Clock& clock;
    std::chrono::milliseconds longest_wait = auth::longest_wait;
    bool replaces = true;                             // whether a refused token is replaced
    std::function<void(const Secret&)> hide = {};     // called with a token before it is returned
    std::function<void(std::string_view)> warn = {};  // called when a token was refused
};

// The access token of a run. Thread-safe.
class TokenSource {
  public:
    // The user's own token, which is never replaced.
    explicit TokenSource(Secret token) : current_(ObtainedToken{std::move(token)}) {}
    explicit TokenSource(Fetching fetching) : fetching_(std::move(fetching)) {}

    // Whether obtain() makes no call.
    bool is_ready();

    // The current token, else a cached or new one. Throws what fetch_access_token() throws.
    ObtainedToken obtain();

    // A token to use instead of one that the platform has refused; none if it cannot be replaced.
    // Throws as above.
    std::optional<Secret> replace(const Secret& refused);

    // Always fetches: a cached token could hide a wrong secret.
    Secret fetch_anew();

  private:
    bool read_cache(const Secret& refused);
    void fetch();
    void fetch_or_wait(const Secret& refused);
    void keep(ObtainedToken token);

    std::mutex mutex_;  // held while a token is fetched
    std::optional<Fetching> fetching_;
    std::optional<ObtainedToken> current_;
};

}  // namespace bqconn::auth
