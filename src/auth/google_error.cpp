#include "auth/google_error.hpp"

#include <algorithm>
#include <span>
#include <string_view>

#include "bqconn/core/text.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::auth {
namespace {

using http::Response;

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
      "then: bqconn auth google"}},
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
      "set the clock (timedatectl set-ntp true), then run it again"}},
    {{"invalid_grant", "", "s"},
     {"auth.google_key", "the signed request was not accepted",
      "check the key file against Google Cloud console, IAM & Admin, Service accounts, Keys"}},
    {{"invalid_grant", "", "c"},
     {"auth.google_code", "the code was already used, has expired, or is from another run",
      "run bqconn auth google again"}},
    {{"invalid_grant", "", "r"},
     {"auth.google_token", "the refresh token has expired or was revoked",
      "get a new one: bqconn auth google. If tokens expire after 7 days, the consent screen "
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
      "then: bqconn auth google"}},
    {{"unauthorized_client", "", "s"},
     {"auth.google_delegation", "the service account is not authorized for this request",
      check_key}},
    {{"unauthorized_client"},
     {"auth.google_other_client", "the refresh token was issued to another OAuth client",
      "use the --client-id and --client-secret that the token was issued to, or get a token "
      "for this client: bqconn auth google"}},
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
        exit_code == ExitCode::unavailable ? "nothing was changed: run it again later"
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

}  // namespace

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

}  // namespace bqconn::auth
