// Google access tokens, by each of the three grants that a connection's credentials come from.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/config/credential_file.hpp"
#include "bqconn/connection/base_connection.hpp"
#include "bqconn/core/secret.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::auth {

// What Adobe's connector needs, both.
inline constexpr std::string_view bigquery_scope = "https://www.googleapis.com/auth/bigquery";
inline constexpr std::string_view platform_scope = "https://www.googleapis.com/auth/cloud-platform";

struct GoogleToken {
    Secret access_token;
    std::chrono::seconds lifetime{0};  // 0: not said
    std::vector<std::string> scopes;   // empty: not said
    Secret refresh_token;              // empty: none was given
    // How long the refresh token lives, where Google says so: for an app in Testing.
    std::optional<std::chrono::seconds> refresh_lifetime;
};

// Those of the two scopes that are not among `granted`.
std::vector<std::string> missing_scopes(const std::vector<std::string>& granted);

// Each is one POST and throws Error: `auth` (auth.google_…) with Google's error translated,
// `unavailable` for 429 and 5xx, `bad_response` for an answer that holds no token, or what the
// transport throws. Those two change nothing at Google:
GoogleToken exchange_refresh_token(http::Transport& transport, const std::string& token_url,
                                   const connection::BasicAuth& auth);
// `assertion` is that of sign_request(). Goes to the key's own token_uri.
GoogleToken exchange_key(http::Transport& transport, const config::ServiceAccountKey& key,
                         const Secret& assertion);

// What a service account proves itself with, for an hour from `now`: a secret. Throws Error
// (config) for a token_uri that is not https.
Secret sign_request(const config::ServiceAccountKey& key, std::chrono::sys_seconds now);

// What the consent page came back with, and what it was asked with.
struct CodeExchange {
    Secret code;
    Secret verifier;  // of PKCE (RFC 7636)
    std::string redirect_uri;
};

// Uses the code up; never made again.
GoogleToken exchange_code(http::Transport& transport, const std::string& token_url,
                          const config::OAuthClient& client, const CodeExchange& exchange);

}  // namespace bqconn::auth
