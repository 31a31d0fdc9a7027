#include "bqconn/emulator/bigquery_problem.hpp"

#include <algorithm>
#include <optional>

#include "bqconn/core/text.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::string_view error_info = "type.googleapis.com/google.rpc.ErrorInfo";

Json problem_document(int code, std::string_view status, const Json& error,
                      const Json& details = nullptr) {
    Json document = {{"error",
                      {{"code", code},
                       {"message", error.at("message")},
                       {"errors", Json::array({error})},
                       {"status", status}}}};
    if (!details.is_null()) {
        document["error"]["details"] = Json::array({details});
    }
    return document;
}

Refused unauthenticated(const std::string& message, std::string_view reason) {
    const Json error = {{"message", message},
                        {"domain", "global"},
                        {"reason", reason},
                        {"location", "Authorization"},
                        {"locationType", "header"}};
    return {401,
            problem_document(401, "UNAUTHENTICATED", error),
            {{"WWW-Authenticate", R"(Bearer realm="https://accounts.google.com/")"}}};
}

Refused insufficient_scopes() {
    const Json error = {{"message", "Request had insufficient authentication scopes."},
                        {"domain", "global"},
                        {"reason", "insufficientPermissions"}};
    const Json details = {{"@type", error_info},
                          {"reason", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"},
                          {"domain", "googleapis.com"},
                          {"metadata", {{"service", "bigquery.googleapis.com"}}}};
    return {403, problem_document(403, "PERMISSION_DENIED", error, details)};
}

// Empty if missing.
std::string bearer_token(const Request& request) {
    constexpr std::string_view scheme = "bearer ";
    const std::string authorization(trim_ascii(request.header("Authorization").value_or("")));
    if (!to_lower_ascii(authorization).starts_with(scheme)) {
        return {};
    }
    return std::string(trim_ascii(std::string_view(authorization).substr(scheme.size())));
}

bool is_sufficient(const std::string& scope) {
    return scope == google_scope_prefix + "bigquery" ||
           scope == google_scope_prefix + "cloud-platform" ||
           scope == google_scope_prefix + "bigquery.readonly";
}

}  // namespace

Refused bigquery_problem(int code, std::string_view status, std::string_view reason,
                         const std::string& message) {
    return {code,
            problem_document(code, status,
                             {{"message", message}, {"domain", "global"}, {"reason", reason}})};
}

Refused bigquery_fault(int code) {
    const std::string message = "The emulator was told to answer so.";
    switch (code) {
        case 401:
            return unauthenticated(message, "authError");
        case 403:
            return bigquery_problem(code, "PERMISSION_DENIED", "accessDenied", message);
        case 404:
            return bigquery_problem(code, "NOT_FOUND", "notFound", message);
        case 429:
            return bigquery_problem(code, "RESOURCE_EXHAUSTED", "rateLimitExceeded", message);
        case 503:
            return bigquery_problem(code, "UNAVAILABLE", "backendError", message);
        default:
            return bigquery_problem(code, code < 500 ? "INVALID_ARGUMENT" : "INTERNAL",
                                    code < 500 ? "invalid" : "backendError", message);
    }
}

void check_bigquery_token(const Request& request, const GoogleStore& store) {
    const std::string expected =
        " Expected OAuth 2 access token, login cookie or other valid authentication credential.";
    const std::string token = bearer_token(request);
    if (token.empty()) {
        throw unauthenticated("Request is missing required authentication credential." + expected,
                              "required");
    }
    const auto scopes = store.scopes_of(token);
    if (!scopes) {
        throw unauthenticated("Request had invalid authentication credentials." + expected,
                              "authError");
    }
    if (std::none_of(scopes->begin(), scopes->end(), is_sufficient)) {
        throw insufficient_scopes();
    }
}

Refused bigquery_disabled() {
    // Google shows the project number here, never the id.
    const std::string number = "100000000001";
    const Json error = {
        {"message", "BigQuery API has not been used in project " + number +
                        " before or it is disabled. Enable it by visiting "
                        "https://console.developers.google.com/apis/api/bigquery.googleapis.com/"
                        "overview?project=" +
                        number +
                        " then retry. If you enabled this API recently, wait a few minutes for the "
                        "action to propagate to our systems and retry."},
        {"domain", "usageLimits"},
        {"reason", "accessNotConfigured"},
        {"extendedHelp", "https://console.developers.google.com"}};
    const Json details = {
        {"@type", error_info},
        {"reason", "SERVICE_DISABLED"},
        {"domain", "googleapis.com"},
        {"metadata", {{"service", "bigquery.googleapis.com"}, {"consumer", "projects/" + number}}}};
    return {403, problem_document(403, "PERMISSION_DENIED", error, details)};
}

}  // namespace bqconn::emulator
