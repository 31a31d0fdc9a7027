#include "bqconn/auth/google_error.hpp"

#include <array>
#include <string_view>

#include "bqconn/core/text.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::auth {
namespace {

using http::Response;

// The first matching row wins; an empty field matches anything.
struct Row {
    std::string_view error;   // Google's code, or the reason of an error of BigQuery
    std::string_view words;   // in Google's description, in lower case
    std::string_view grants;  // "r", "s", "c": how the token was asked for
    std::string_view code;
    std::string_view meaning;
    std::string_view hint;
};

constexpr std::string_view new_token =
    "get a new one: bqconn auth google. If tokens expire after 7 days, the consent screen is in "
    "Testing: publish the app in Google Cloud console, Google Auth Platform, Audience, \"Publish "
    "app\"";

constexpr std::array token_rows{
    Row{"invalid_grant", "invalid_rapt", "r", "auth.google_reauth",
        "your Google Workspace session control requires a new sign-in",
        "for unattended runs, use a service account (--key-file), or have an administrator exempt "
        "the app: Google Admin console, Security, Google Cloud session control; until then: bqconn "
        "auth google"},
    Row{"invalid_grant", "signature", "s", "auth.google_key",
        "the key no longer belongs to the service account: it was deleted or disabled",
        "create a new key (Google Cloud console, IAM & Admin, Service accounts, Keys) and use it "
        "with --key-file; bqconn update --rotate sends it to Adobe"},
    Row{"invalid_grant", "account not found", "s", "auth.google_account",
        "no such service account: it was deleted, or the key is from another Google environment",
        "look for its client_email in Google Cloud console, IAM & Admin, Service accounts"},
    Row{"invalid_grant", "iat", "s", "auth.google_clock",
        "this machine's clock is wrong: the signed request is not valid at this time",
        "set the clock (timedatectl set-ntp true), then run it again"},
    Row{"invalid_grant", "", "s", "auth.google_key", "the signed request was not accepted",
        "check the key file against Google Cloud console, IAM & Admin, Service accounts, Keys"},
    Row{"invalid_grant", "", "c", "auth.google_code",
        "the code was already used, has expired, or is from another run",
        "run bqconn auth google again"},
    Row{"invalid_grant", "", "r", "auth.google_token",
        "the refresh token has expired or was revoked", new_token},
    Row{"invalid_client", "", "s", "auth.google_account", "no such service account",
        "look for its client_email in Google Cloud console, IAM & Admin, Service accounts"},
    Row{"invalid_client", "", "", "auth.google_client", "the OAuth client's id or secret is wrong",
        "compare --client-id (BQCONN_CLIENT_ID) and --client-secret (BQCONN_CLIENT_SECRET) with "
        "Google Cloud console, APIs & Services, Credentials, your OAuth client"},
    Row{"deleted_client", "", "", "auth.google_client", "the OAuth client was deleted",
        "create a new OAuth client (Google Cloud console, APIs & Services, Credentials), then: "
        "bqconn auth google"},
    Row{"unauthorized_client", "", "s", "auth.google_delegation",
        "the service account is not authorized for this request",
        "check the key file against Google Cloud console, IAM & Admin, Service accounts"},
    Row{"unauthorized_client", "", "", "auth.google_other_client",
        "the refresh token was issued to another OAuth client",
        "use the --client-id and --client-secret that the token was issued to, or get a token for "
        "this client: bqconn auth google"},
    Row{"admin_policy_enforced", "", "", "auth.google_policy",
        "your Google Workspace administrator does not allow these scopes for the app",
        "have an administrator trust the app: Google Admin console, Security, API controls, App "
        "access control"},
    Row{"invalid_scope", "", "", "auth.google_scope",
        "the scopes bigquery and cloud-platform are not allowed",
        "allow them in Google Cloud console, Google Auth Platform, Data access"},
    Row{"redirect_uri_mismatch", "", "", "auth.google_client",
        "the OAuth client's type is not Desktop app",
        "create one of type \"Desktop app\" (Google Cloud console, APIs & Services, "
        "Credentials)"},
};

constexpr std::array bigquery_rows{
    Row{"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "", "", "auth.google_scope", "the token lacks a scope",
        "get a token with both scopes, and tick both boxes: bqconn auth google"},
    Row{"", "insufficient authentication scopes", "", "auth.google_scope",
        "the token lacks a scope",
        "get a token with both scopes, and tick both boxes: bqconn auth google"},
    Row{"SERVICE_DISABLED", "", "", "auth.google_api_disabled",
        "the BigQuery API is not enabled in the project",
        "enable it: Google Cloud console, APIs & Services, Library, BigQuery API, Enable; this "
        "takes a few minutes"},
    Row{"accessNotConfigured", "", "", "auth.google_api_disabled",
        "the BigQuery API is not enabled in the project",
        "enable it: Google Cloud console, APIs & Services, Library, BigQuery API, Enable; this "
        "takes a few minutes"},
    Row{"accessDenied", "", "", "auth.google_role", "a role is missing",
        "grant BigQuery Job User, BigQuery Data Viewer and BigQuery Read Session User (a service "
        "account also needs BigQuery Data Owner) in Google Cloud console, IAM & Admin, IAM"},
    Row{"billingNotEnabled", "", "", "auth.google_billing", "the project has no billing account",
        "link one: Google Cloud console, Billing"},
};

template <typename Rows>
const Row* find_row(const Rows& rows, std::string_view error, std::string_view reason,
                    const std::string& words, char grant) {
    const std::string lower = to_lower_ascii(words);
    for (const Row& row : rows) {
        const bool error_fits = row.error.empty() || row.error == error || row.error == reason;
        const bool words_fit = lower.find(row.words) != std::string::npos;
        const bool grant_fits =
            row.grants.empty() || row.grants.find(grant) != std::string_view::npos;
        if (error_fits && words_fit && grant_fits) {
            return &row;
        }
    }
    return nullptr;
}

char letter_of(Grant grant) {
    switch (grant) {
        case Grant::refresh_token:
            return 'r';
        case Grant::service_account:
            return 's';
        case Grant::code:
            return 'c';
    }
    return ' ';
}

json::Json document_of(const Response& response) {
    try {
        return json::parse(response.body);
    } catch (const json::ParseError&) {
        return nullptr;
    }
}

// A Google API error has its reason in one of two places.
std::string reason_of(const json::Json& error) {
    for (const char* const list : {"details", "errors"}) {
        const auto found = error.find(list);
        if (found == error.end() || !found->is_array()) {
            continue;
        }
        for (const auto& one : *found) {
            const std::string reason = json::string_at(one, "reason");
            if (!reason.empty()) {
                return reason;
            }
        }
    }
    return {};
}

// `said`: Google's own words after its code.
Error refusal(const Row* row, const Response& response, const std::string& subject,
              const std::string& said, const std::string& fallback_hint) {
    const std::string status = "HTTP " + std::to_string(response.status);
    const std::string words =
        "(" + (said.empty() ? http::summary_of_body(response) : said) + ", " + status + ")";
    ExitCode exit_code = http::exit_code_of_status(response.status);
    std::string code = http::error_code_of_status(response.status);
    std::string message = subject + " " + words;
    std::string hint = fallback_hint;
    if (row != nullptr) {
        exit_code = ExitCode::auth;
        code = row->code;
        message = subject + ": " + std::string(row->meaning) + " " + words;
        hint = row->hint;
    } else if (exit_code == ExitCode::unavailable) {
        hint = "nothing was changed: run it again later";
    }
    Error error(exit_code, code, message, hint);
    error.set_answer(response.status, http::request_id_of(response));
    return error;
}

}  // namespace

Error token_refusal(const Response& response, Grant grant) {
    const json::Json document = document_of(response);
    const std::string error = http::service_words(json::string_at(document, "error"));
    const std::string subtype = json::string_at(document, "error_subtype");
    const std::string words = http::service_words(json::string_at(document, "error_description"));
    const Row* const row = response.status < 500 ? find_row(token_rows, error, "",
                                                            words + " " + subtype, letter_of(grant))
                                                 : nullptr;
    return refusal(row, response, "Google did not issue an access token",
                   error + (words.empty() ? "" : ": " + words),
                   "check --google-token-url (BQCONN_GOOGLE_TOKEN_URL) and the Google credentials");
}

Error bigquery_refusal(const Response& response, const std::string& what,
                       const std::string& identity) {
    const json::Json document = document_of(response);
    const auto found = document.is_object() ? document.find("error") : document.end();
    const json::Json error = document.is_object() && found != document.end() && found->is_object()
                                 ? *found
                                 : json::Json();
    const std::string reason = error.is_object() ? reason_of(error) : "";
    const std::string words = http::service_words(json::string_at(error, "message"));
    const std::string subject = "Google BigQuery request for " + what +
                                (identity.empty() ? "" : " as " + identity) + " failed";
    if (response.status == 404) {
        Error missing(
            ExitCode::not_found,
            what.starts_with("dataset") ? "not_found.google_dataset" : "not_found.google_project",
            what + " not found in Google BigQuery (" + words + ", HTTP 404)",
            what.starts_with("dataset")
                ? "compare it with the BigQuery Explorer in Google Cloud console; use "
                  "the bare dataset id"
                : "compare --project (BQCONN_PROJECT) with the project picker in Google "
                  "Cloud console, column \"ID\"");
        missing.set_answer(response.status, http::request_id_of(response));
        return missing;
    }
    const Row* const row =
        response.status < 500
            ? find_row(bigquery_rows, json::string_at(error, "status"), reason, words, ' ')
            : nullptr;
    return refusal(row, response, subject, words,
                   "check --bigquery-url (BQCONN_BIGQUERY_URL) and the Google credentials");
}

}  // namespace bqconn::auth
