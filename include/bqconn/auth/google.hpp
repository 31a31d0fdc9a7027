// Google's side: the browser consent, as in OAuth 2.0 for desktop apps (RFC 8252), access tokens
// with each of the three grants, and the datasets of a BigQuery project. Opens no browser.
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

// Ties a redirect to the request.
struct Consent {
    Secret verifier;    // PKCE (RFC 7636); only its hash is in the URL
    std::string state;  // returned in the redirect
};

Consent new_consent();

// The page that asks for both scopes and always for a refresh token. Contains no secret.
std::string consent_url(const std::string& auth_url, const std::string& client_id,
                        const std::string& redirect_uri, const Consent& consent);

// The parameters of the redirect: a code or an error.
struct Answer {
    Secret code;
    std::string error;  // "access_denied", …, as received
    std::string state;  // empty: none received
};

// Parses the redirect URL, or its path and query. None if it has neither code nor error, both, or a
// duplicate parameter.
std::optional<Answer> read_answer(std::string_view address);

struct Pasted {
    std::optional<Answer> answer;
    std::string problem;  // without an answer: what is wrong with the text, without quoting it
};

// Parses pasted text: the redirect URL or its query, both with a state, or the bare code ("4/…").
Pasted read_pasted(std::string_view text);

// Throws Error (auth) that explains the refusal.
[[noreturn]] void refuse_consent(const Answer& answer);

struct GoogleToken {
    Secret access_token;
    std::vector<std::string> scopes;  // empty: not reported
    Secret refresh_token;             // empty: none was issued
    // Lifetime of the refresh token, which Google reports for an app in Testing.
    std::optional<std::chrono::seconds> refresh_lifetime;
};

// An OAuth client of the user at Google.
struct OAuthClient {
    std::string client_id;
    Secret client_secret;
};

// Why a refresh token has a lifetime, and what to do; the hint may be empty.
struct Expiry {
    std::string problem;
    std::string hint;
};

Expiry explain_expiry(std::chrono::seconds refresh_lifetime);

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
    Secret verifier;
    std::string redirect_uri;
};

// Uses up the code, so it is never retried.
GoogleToken exchange_code(http::Transport& transport, const std::string& token_url,
                          const OAuthClient& client, const CodeExchange& exchange);

struct BigQuery {
    std::string url;  // checked, without a trailing slash
    std::string project;
    Secret access_token;
    std::string identity;  // whose roles count, for messages; may be empty
};

struct Dataset {
    std::string id;
    std::string location;  // "US", "europe-west1"; empty if not reported
};

// The first thousand datasets of the project. Throws Error: the translated refusal, `bad_response`,
// or what the transport throws.
std::vector<Dataset> read_datasets(http::Transport& transport, const BigQuery& bigquery);

// Throws as above.
std::string location_of_dataset(http::Transport& transport, const BigQuery& bigquery,
                                const std::string& dataset);

}  // namespace bqconn::auth
