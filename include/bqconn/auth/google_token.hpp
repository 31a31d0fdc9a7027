// Fetches Google access tokens with each of the three grants.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/config/credential_file.hpp"
#include "bqconn/core/secret.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::auth {

// Adobe's connector needs both.
inline constexpr std::string_view bigquery_scope = "https://www.googleapis.com/auth/bigquery";
inline constexpr std::string_view platform_scope = "https://www.googleapis.com/auth/cloud-platform";

struct GoogleToken {
    Secret access_token;
    std::chrono::seconds lifetime{0};  // 0: not reported
    std::vector<std::string> scopes;   // empty: not reported
    Secret refresh_token;              // empty: none was issued
    // Lifetime of the refresh token, which Google reports for an app in Testing.
    std::optional<std::chrono::seconds> refresh_lifetime;
};

// An OAuth client of the user at Google.
struct OAuthClient {
    std::string client_id;
    Secret client_secret;
};

// The required scopes that are not among `granted`.
std::vector<std::string> missing_scopes(const std::vector<std::string>& granted);

// Each is one POST and throws Error: `auth` (auth.google_…) with Google's error translated,
// `unavailable` for 429 and 5xx, `bad_response` for a response without a token, or what the
// transport throws. The first two change nothing at Google.
GoogleToken exchange_refresh_token(http::Transport& transport, const std::string& token_url,
                                   const OAuthClient& client, const Secret& refresh_token);
// `assertion` comes from sign_request(). Sent to the key's own token_uri.
GoogleToken exchange_key(http::Transport& transport, const config::ServiceAccountKey& key,
                         const Secret& assertion);

// The service account's signed assertion, valid for an hour from `now`. Throws Error (config) for a
// token_uri that is not https.
Secret sign_request(const config::ServiceAccountKey& key, std::chrono::sys_seconds now);

// The authorization code, and what it was requested with.
struct CodeExchange {
    Secret code;
    Secret verifier;  // of PKCE (RFC 7636)
    std::string redirect_uri;
};

// Uses up the code, so it is never retried.
GoogleToken exchange_code(http::Transport& transport, const std::string& token_url,
                          const OAuthClient& client, const CodeExchange& exchange);

}  // namespace bqconn::auth
