// Where a run has its access token from: the cache, or Adobe's identity service, asked by one
// process for all that wait.
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
    std::optional<std::chrono::sys_seconds> expires_at;  // none: IMS did not say
    bool cached = false;                                 // it was not fetched now, or not by us
};

class TokenSource {
  public:
    // Waits for another process that fetches the same token, `longest_wait` at most.
    TokenSource(http::Transport& transport, connection::ClientCredentials credentials,
                std::string api_key, TokenCache cache, const Clock& clock,
                std::chrono::milliseconds longest_wait = std::chrono::seconds(30));

    // The token that is kept, if there is one; nobody is asked.
    std::optional<ObtainedToken> kept() const { return from_cache(std::nullopt); }

    // `refused`: a token that the platform has refused; it is thrown away. Throws what
    // fetch_access_token() throws.
    ObtainedToken obtain(const std::optional<Secret>& refused = std::nullopt);

    // Fetched in any case, and kept: a kept one would hide that the secret is wrong.
    Secret fetch_anew();

    // The token alone.
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
