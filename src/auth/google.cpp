#include "bqconn/auth/google.hpp"

#include <algorithm>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <utility>

#include "bqconn/connection/checks.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "bqconn/crypto/jwt.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/http/url.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::auth {
namespace {

using http::Response;

// --- Google's errors: what they mean, what to do and where. Source: Google's pages on OAuth 2.0
// and on BigQuery errors.

// How a token was requested.
enum class Grant : char { refresh_token = 'r', service_account = 's', code = 'c' };

constexpr std::string_view google_client = "auth.google_client";
constexpr std::string_view check_key =
    "check the key file against Google Cloud console, IAM & Admin, Service accounts";
constexpr std::string_view find_account =
    "look for its client_email in Google Cloud console, IAM & Admin, Service accounts";
constexpr std::string_view tick_both =
    "run bqconn auth google and tick both boxes, so that the token has both scopes";
// Which refusals a row explains; an empty field matches any.
struct Match {
    std::string_view error = {};   // Google's code, or the reasons of an error of BigQuery
    std::string_view words = {};   // in Google's description, in lower case
    std::string_view grants = {};  // of Grant: how the token was requested
};

struct Explanation {
    std::string_view code;
    std::string_view meaning;
    std::string_view hint;
};

// The first matching row wins.
struct Row {
    Match match;
    Explanation explanation;
};

constexpr auto token_rows = std::to_array<Row>({
    {{"invalid_grant", "invalid_rapt", "r"},
     {"auth.google_reauth", "your Google Workspace session control requires a new sign-in",
      "for unattended runs, use a service account (--key-file), or have an administrator "
      "exempt the app: Google Admin console, Security, Google Cloud session control; until "
      "then, run bqconn auth google"}},
    {{"invalid_grant", "signature", "s"},
     {"auth.google_key",
      "the key no longer belongs to the service account: it was deleted or disabled",
      "create a new key (Google Cloud console, IAM & Admin, Service accounts, Keys) and use "
      "it with --key-file; bqconn update --rotate sends it to Adobe"}},
    {{"invalid_grant", "account not found", "s"},
     {"auth.google_account",
      "no such service account: it was deleted, or the key is from another Google environment",
      find_account}},
    {{"invalid_grant", "iat", "s"},
     {"auth.google_clock",
      "this machine's clock is wrong: the signed request is not valid at this time",
      "set the clock (timedatectl set-ntp true), then run the command again"}},
    {{"invalid_grant", "", "s"},
     {"auth.google_key", "the signed request was not accepted",
      "check the key file against Google Cloud console, IAM & Admin, Service accounts, Keys"}},
    {{"invalid_grant", "", "c"},
     {"auth.google_code", "the code was already used, has expired, or is from another run",
      "run bqconn auth google again"}},
    {{"invalid_grant", "", "r"},
     {"auth.google_token", "the refresh token has expired or was revoked",
      "get a new one with bqconn auth google. If tokens expire after 7 days, the consent screen "
      "is in Testing: publish the app in Google Cloud console, Google Auth Platform, "
      "Audience, \"Publish app\""}},
    {{"invalid_client", "", "s"}, {"auth.google_account", "no such service account", find_account}},
    {{"invalid_client"},
     {google_client, "the OAuth client's id or secret is wrong",
      "compare --client-id (BQCONN_CLIENT_ID) and --client-secret (BQCONN_CLIENT_SECRET) "
      "with Google Cloud console, APIs & Services, Credentials, your OAuth client"}},
    {{"deleted_client"},
     {google_client, "the OAuth client was deleted",
      "create a new OAuth client (Google Cloud console, APIs & Services, Credentials), "
      "then run bqconn auth google"}},
    {{"unauthorized_client", "", "s"},
     {"auth.google_delegation", "the service account is not authorized for this request",
      check_key}},
    {{"unauthorized_client"},
     {"auth.google_other_client", "the refresh token was issued to another OAuth client",
      "use the --client-id and --client-secret that the token was issued to, or get a token "
      "for this client with bqconn auth google"}},
    {{"admin_policy_enforced"},
     {"auth.google_policy",
      "your Google Workspace administrator does not allow these scopes for the app",
      "have an administrator trust the app: Google Admin console, Security, API controls, "
      "App access control"}},
    {{"invalid_scope"},
     {"auth.google_scope", "the scopes bigquery and cloud-platform are not allowed",
      "allow them in Google Cloud console, Google Auth Platform, Data access"}},
    {{"redirect_uri_mismatch"},
     {google_client, "the OAuth client's type is not Desktop app",
      "create one of type \"Desktop app\" (Google Cloud console, APIs & Services, "
      "Credentials)"}},
});

constexpr auto bigquery_rows = std::to_array<Row>({
    {{"ACCESS_TOKEN_SCOPE_INSUFFICIENT"},
     {"auth.google_scope", "the token lacks a scope", tick_both}},
    {{"", "insufficient authentication scopes"},
     {"auth.google_scope", "the token lacks a scope", tick_both}},
    {{"SERVICE_DISABLED accessNotConfigured"},
     {"auth.google_api_disabled", "the BigQuery API is not enabled in the project",
      "enable it: Google Cloud console, APIs & Services, Library, BigQuery API, Enable; this takes "
      "a few minutes"}},
    {{"accessDenied"},
     {"auth.google_role", "a role is missing",
      "grant BigQuery Job User, BigQuery Data Viewer and BigQuery Read Session User (a "
      "service account also needs BigQuery Data Owner) in Google Cloud console, IAM & "
      "Admin, IAM"}},
    {{"billingNotEnabled"},
     {"auth.google_billing", "the project has no billing account",
      "link one: Google Cloud console, Billing"}},
});

// What a refusal says: Google's code or reason, and its words.
struct Refusal {
    std::string error;
    std::string words;
    std::string shown;  // both, for the message
};

// `grant`: of a token request; ' ' otherwise.
Error explain(std::span<const Row> rows, const Response& response, const Refusal& refusal,
              char grant, const std::string& subject, const std::string& fallback_hint) {
    const std::string note = http::status_note(
        response, refusal.shown.empty() ? http::summary_of_body(response) : refusal.shown);
    const std::string lower = to_lower_ascii(refusal.words);
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& one) {
        const auto& [error, words, grants] = one.match;
        const auto errors = split(error, ' ');
        return (error.empty() ||
                std::find(errors.begin(), errors.end(), refusal.error) != errors.end()) &&
               lower.find(words) != std::string::npos &&
               (grants.empty() || grants.find(grant) != std::string_view::npos);
    });
    const ExitCode exit_code = http::exit_code_of_status(response.status);
    if (response.status < 500 && row != rows.end()) {
        return http::error_of_response(
            response, ExitCode::auth, std::string(row->explanation.code),
            subject + ": " + std::string(row->explanation.meaning) + " " + note,
            std::string(row->explanation.hint));
    }
    return http::error_of_response(
        response, exit_code, http::error_code_of_status(response.status), subject + " " + note,
        exit_code == ExitCode::unavailable ? "nothing was changed: run the command again later"
                                           : fallback_hint);
}

// A Google API error has its reason in one of two places.
std::string reason_of(const json::Json& error) {
    for (const char* const list : {"details", "errors"}) {
        for (const auto& one : json::array_at(error, list)) {
            if (std::string reason = json::string_at(one, "reason"); !reason.empty()) {
                return reason;
            }
        }
    }
    return {};
}

// For a non-200 response of the token service. The codes are `auth.google_…`; `unavailable` for 429
// and 5xx.
Error token_refusal(const Response& response, Grant grant) {
    const json::Json document = json::parse_or_null(response.body);
    const std::string error = http::service_words(json::string_at(document, "error"));
    const std::string words = http::service_words(json::string_at(document, "error_description"));
    return explain(token_rows, response,
                   {error, words + " " + json::string_at(document, "error_subtype"),
                    error + (words.empty() ? "" : ": " + words)},
                   static_cast<char>(grant), "Google did not issue an access token",
                   "check --google-token-url (BQCONN_GOOGLE_TOKEN_URL) and the Google credentials");
}

// What BigQuery was asked for.
enum class Asked { project, dataset };

// For a non-200 response of BigQuery. `name` is that of the project or dataset; `identity` is whose
// roles count, empty if unknown.
Error bigquery_refusal(const Response& response, Asked asked, const std::string& name,
                       const std::string& identity) {
    const json::Json document = json::parse_or_null(response.body);
    const json::Json& error = json::member(document, "error");
    const std::string words = http::service_words(json::string_at(error, "message"));
    const bool is_dataset = asked == Asked::dataset;
    const std::string what = (is_dataset ? "dataset " : "project ") + name;
    if (response.status == 404) {
        return http::error_of_response(
            response, ExitCode::not_found,
            is_dataset ? "not_found.google_dataset" : "not_found.google_project",
            what + " not found in Google BigQuery " + http::status_note(response, words),
            is_dataset ? "compare it with the BigQuery Explorer in Google Cloud console; use the "
                         "bare dataset id"
                       : "compare --project (BQCONN_PROJECT) with the project picker in Google "
                         "Cloud console, column \"ID\"");
    }
    return explain(bigquery_rows, response, {reason_of(error), words, words}, ' ',
                   "Google BigQuery request for " + what +
                       (identity.empty() ? "" : " as " + identity) + " failed",
                   "check --bigquery-url (BQCONN_BIGQUERY_URL) and the Google credentials");
}

// --- Requests

std::string both_scopes() {
    return std::string(bigquery_scope) + " " + std::string(platform_scope);
}

bool is_code(std::string_view text) {
    constexpr std::size_t longest = 1024;
    return !text.empty() && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      std::string_view("-._~/").find(c) != std::string_view::npos;
           });
}

GoogleToken read_google_token(const Response& response) {
    const json::Json document = json::parse_or_null(response.body);
    GoogleToken token;
    token.access_token = Secret(json::string_at(document, "access_token"));
    if (connection::check_header_value(token.access_token.reveal())) {
        throw http::error_of_response(
            response, ExitCode::bad_response, "bad_response.google_token",
            "Google's token service answered HTTP " + std::to_string(response.status) + ", but " +
                (document.is_null() ? "with " + http::summary_of_body(response)
                                    : "the access_token is missing or invalid"),
            "check --google-token-url (BQCONN_GOOGLE_TOKEN_URL), then run the command again");
    }
    token.refresh_token = Secret(json::string_at(document, "refresh_token"));
    constexpr double longest = 100.0 * 366 * 24 * 3600;
    const json::Json& expires = json::member(document, "refresh_token_expires_in");
    const double seconds = expires.is_number() ? expires.get<double>() : -1;
    if (seconds >= 0 && seconds <= longest) {
        token.refresh_lifetime = std::chrono::seconds(static_cast<long>(seconds));
    }
    for (auto& scope : split(json::string_at(document, "scope"), ' ')) {
        if (!scope.empty()) {
            token.scopes.push_back(std::move(scope));
        }
    }
    return token;
}

GoogleToken exchange(http::Transport& transport, const http::Request& request, Grant grant) {
    const Response response = transport.send(request);
    if (response.status != 200) {
        throw token_refusal(response, grant);
    }
    return read_google_token(response);
}

// A key file may name any host: a signed request is valid for an hour and for that URL only, but
// must not be sent in the clear.
std::string checked_token_uri(const config::ServiceAccountKey& key) {
    try {
        http::parse_url(key.token_uri);
        return key.token_uri;
    } catch (const std::invalid_argument& error) {
        throw Error(ExitCode::config, "config.credentials",
                    "the key file's token_uri " + std::string(error.what()),
                    "download the key again: Google writes https://oauth2.googleapis.com/token");
    }
}

json::Json read_bigquery(http::Transport& transport, const BigQuery& bigquery,
                         const std::string& path, Asked asked, const std::string& name) {
    http::Request request;
    request.retry = http::Retry::read;
    request.url = bigquery.url + "/bigquery/v2/projects/" + http::percent_encode(bigquery.project) +
                  "/datasets" + path;
    request.authorization = http::bearer(bigquery.access_token);
    request.headers = {{"Accept", "application/json"}};
    const Response response = transport.send(request);
    if (response.status != 200) {
        throw bigquery_refusal(response, asked, name, bigquery.identity);
    }
    json::Json document = json::parse_or_null(response.body);
    if (!document.is_object()) {
        throw http::error_of_response(
            response, ExitCode::bad_response, "bad_response.bigquery",
            "Google BigQuery responded with " + http::summary_of_body(response),
            "check --bigquery-url (BQCONN_BIGQUERY_URL), then run the command again");
    }
    return document;
}

}  // namespace

Consent new_consent() {
    constexpr std::size_t bytes = 32;
    return {Secret(crypto::base64url(crypto::random_bytes(bytes))), crypto::random_hex(bytes / 2)};
}

std::string consent_url(const std::string& auth_url, const std::string& client_id,
                        const std::string& redirect_uri, const Consent& consent) {
    return auth_url + "/o/oauth2/v2/auth?" +
           http::encode_pairs(
               {{"client_id", client_id},
                {"redirect_uri", redirect_uri},
                {"response_type", "code"},
                {"scope", both_scopes()},
                {"code_challenge", crypto::base64url(crypto::sha256(consent.verifier.reveal()))},
                {"code_challenge_method", "S256"},
                {"state", consent.state},
                {"access_type", "offline"},
                {"prompt", "consent"}});
}

namespace {

// The parts of an answer in an address, empty if missing. None if the address has no query or
// repeats a part.
std::optional<Answer> parts_of(std::string_view address) {
    address = address.substr(0, address.find('#'));
    const auto query = address.find('?');
    if (query == std::string_view::npos) {
        return std::nullopt;
    }
    Answer answer;
    std::string code;
    for (const auto& pair : split(address.substr(query + 1), '&')) {
        const auto equals = std::min(pair.find('='), pair.size());
        const std::string name = pair.substr(0, equals);
        const std::string value = pair.substr(std::min(equals + 1, pair.size()));
        std::string* const place = name == "code"    ? &code
                                   : name == "error" ? &answer.error
                                   : name == "state" ? &answer.state
                                                     : nullptr;
        if (place != nullptr && !place->empty()) {
            return std::nullopt;
        }
        if (place != nullptr) {
            *place = http::percent_decode(value);
        }
    }
    answer.code = Secret(std::move(code));
    return answer;
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> parts) {
    return std::any_of(parts.begin(), parts.end(), [text](std::string_view part) {
        return text.find(part) != std::string_view::npos;
    });
}

}  // namespace

std::optional<Answer> read_answer(std::string_view address) {
    auto answer = parts_of(address);
    if (!answer || answer->code.empty() == answer->error.empty() ||
        (!answer->code.empty() && !is_code(answer->code.reveal()))) {
        return std::nullopt;
    }
    return answer;
}

Pasted read_pasted(std::string_view text) {
    text = trim_ascii(text);
    if (contains_any(text, {"code_challenge=", "response_type="})) {
        return {{}, "this is the address of Google's page, not of the page after it"};
    }
    if (!contains_any(text, {"?", "code=", "state=", "error="})) {
        // Any other word must not be sent to Google.
        std::string code = http::percent_decode(text);
        if (code.starts_with("4/") && is_code(code)) {
            return {Answer{Secret(std::move(code)), "", ""}, ""};
        }
        return {{},
                contains_any(text, {"://", "127.0.0.1"})
                    ? "the address is incomplete: the part from \"?\" on is missing"
                    : "this is neither an address with code= nor a code, which begins with 4/"};
    }
    // A bare query is enough.
    const std::string address =
        (text.find('?') == std::string_view::npos ? "?" : "") + std::string(text);
    const auto parts = parts_of(address);
    if (parts && parts->code.empty() && parts->error.empty()) {
        return {{}, "the address is incomplete: code= is missing"};
    }
    if (parts && parts->state.empty()) {
        return {{}, "the address is incomplete: state= is missing"};
    }
    auto answer = read_answer(address);
    const bool valid = answer.has_value();
    return {std::move(answer), valid ? "" : "the address has no valid code"};
}

void refuse_consent(const Answer& answer) {
    if (answer.error == "access_denied") {
        throw Error(ExitCode::auth, "auth.consent_refused",
                    "access was denied on Google's consent page",
                    "run bqconn auth google again and choose Allow; if Google blocked you, add "
                    "your account under Google Cloud console, Google Auth Platform, Audience, Test "
                    "users");
    }
    throw Error(ExitCode::auth, "auth.consent_refused",
                "Google did not grant access: " + http::service_words(answer.error),
                "check the OAuth client (--client-id) in the Google Cloud console, APIs & "
                "Services, Credentials");
}

Expiry explain_expiry(std::chrono::seconds refresh_lifetime) {
    constexpr int testing_days = 8;
    const auto days = std::chrono::ceil<std::chrono::days>(refresh_lifetime).count();
    const std::string problem =
        "the refresh token expires in " + std::to_string(days) + (days == 1 ? " day: " : " days: ");
    if (days > testing_days) {
        return {problem + "access was granted for a limited time", ""};
    }
    return {problem + "the app is in Testing",
            "publish it (Google Cloud console, Google Auth Platform, Audience, \"Publish app\"), "
            "then run bqconn auth google again"};
}

std::vector<std::string> missing_scopes(const std::vector<std::string>& granted) {
    std::vector<std::string> missing;
    for (const auto scope : {bigquery_scope, platform_scope}) {
        if (std::find(granted.begin(), granted.end(), scope) == granted.end()) {
            missing.emplace_back(scope);
        }
    }
    return missing;
}

GoogleToken exchange_refresh_token(http::Transport& transport, const std::string& token_url,
                                   const OAuthClient& client, const Secret& refresh_token) {
    const http::Pairs form{{"grant_type", "refresh_token"},
                           {"client_id", client.client_id},
                           {"client_secret", client.client_secret.reveal()},
                           {"refresh_token", refresh_token.reveal()}};
    return exchange(transport, http::form_request(token_url + "/token", form, http::Retry::read),
                    Grant::refresh_token);
}

Secret sign_request(const config::ServiceAccountKey& key, std::chrono::sys_seconds now) {
    constexpr std::chrono::seconds longest{3600};
    const json::Json claims{{"iss", key.client_email},
                            {"scope", both_scopes()},
                            {"aud", checked_token_uri(key)},
                            {"iat", now.time_since_epoch().count()},
                            {"exp", (now + longest).time_since_epoch().count()}};
    return crypto::sign_rs256(claims.dump(), key.private_key, key.key_id);
}

GoogleToken exchange_key(http::Transport& transport, const config::ServiceAccountKey& key,
                         const Secret& assertion) {
    const http::Pairs form{{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                           {"assertion", assertion.reveal()}};
    return exchange(transport, http::form_request(checked_token_uri(key), form, http::Retry::read),
                    Grant::service_account);
}

GoogleToken exchange_code(http::Transport& transport, const std::string& token_url,
                          const OAuthClient& client, const CodeExchange& code) {
    const http::Pairs form{{"grant_type", "authorization_code"},
                           {"client_id", client.client_id},
                           {"client_secret", client.client_secret.reveal()},
                           {"code", code.code.reveal()},
                           {"code_verifier", code.verifier.reveal()},
                           {"redirect_uri", code.redirect_uri}};
    return exchange(transport, http::form_request(token_url + "/token", form, http::Retry::none),
                    Grant::code);
}

std::vector<Dataset> read_datasets(http::Transport& transport, const BigQuery& bigquery) {
    const json::Json document =
        read_bigquery(transport, bigquery, "?maxResults=1000", Asked::project, bigquery.project);
    std::vector<Dataset> datasets;
    for (const auto& item : json::array_at(document, "datasets")) {
        const json::Json& reference = json::member(item, "datasetReference");
        if (reference.is_object()) {
            datasets.push_back({http::service_words(json::string_at(reference, "datasetId")),
                                http::service_words(json::string_at(item, "location"))});
        }
    }
    return datasets;
}

std::string location_of_dataset(http::Transport& transport, const BigQuery& bigquery,
                                const std::string& dataset) {
    const json::Json document =
        read_bigquery(transport, bigquery, "/" + http::percent_encode(dataset), Asked::dataset,
                      bigquery.project + "." + dataset);
    return http::service_words(json::string_at(document, "location"));
}

}  // namespace bqconn::auth
