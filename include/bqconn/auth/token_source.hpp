// Gets a run's access token from the cache, or from Adobe's identity service. One process fetches
// it for all that wait.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "bqconn/auth/token_cache.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/core/clock.hpp"
#include "bqconn/core/secret.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::auth {

struct ObtainedToken {
    Secret token;
    std::optional<std::chrono::sys_seconds> expires_at;  // none: not reported by IMS
    bool cached = false;                                 // not fetched by this call
};

class TokenSource {
  public:
    // Waits for another process that fetches the same token, `longest_wait` at most.
    TokenSource(http::Transport& transport, connection::ClientCredentials credentials,
                std::string api_key, TokenCache cache, const Clock& clock,
                std::chrono::milliseconds longest_wait = std::chrono::seconds(30));

    // The cached token, if any; makes no call.
    std::optional<ObtainedToken> kept() const { return from_cache(std::nullopt); }

    // `refused`: a token that the platform has refused; it is discarded. Throws what
    // fetch_access_token() throws.
    ObtainedToken obtain(const std::optional<Secret>& refused = std::nullopt);

    // Always fetches: a cached token could hide a wrong secret. Caches the result.
    Secret fetch_anew();

    // Only the token.
    Secret token(const std::optional<Secret>& refused = std::nullopt) {
        return obtain(refused).token;
    }

  private:
    std::optional<ObtainedToken> from_cache(const std::optional<Secret>& refused) const;
    ObtainedToken fetch();

    http::Transport& transport_;
    connection::ClientCredentials credentials_;
    std::string api_key_;
    TokenCache cache_;
    const Clock& clock_;
    std::chrono::milliseconds longest_wait_;
};

}  // namespace bqconn::auth
