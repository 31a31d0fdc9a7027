// The part of BigQuery's own API that lists a project's datasets.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "emulator/google/google.hpp"
#include "emulator/options.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::string_view error_info = "type.googleapis.com/google.rpc.ErrorInfo";

// What Google calls a status code, and its usual reason.
struct ErrorName {
    int code;
    std::string_view status;
    std::string_view reason;
};

ErrorName error_name(int code) {
    constexpr std::array<ErrorName, 7> names{{{400, "INVALID_ARGUMENT", "invalid"},
                                              {401, "UNAUTHENTICATED", "authError"},
                                              {403, "PERMISSION_DENIED", "accessDenied"},
                                              {404, "NOT_FOUND", "notFound"},
                                              {429, "RESOURCE_EXHAUSTED", "rateLimitExceeded"},
                                              {500, "INTERNAL", "backendError"},
                                              {503, "UNAVAILABLE", "backendError"}}};
    const auto found = std::ranges::find(names, code, &ErrorName::code);
    return found == names.end() ? error_name(code < 500 ? 400 : 500) : *found;
}

// The error document of Google's APIs:
// {"error":{"code","message","errors":[…],"status"[,"details":[`details`]]}}. `more` replaces or
// adds fields of the one element of "errors".
Refused google_problem(int code, const std::string& message, const Json& more = Json::object(),
                       const Json& details = nullptr, Pairs headers = {}) {
    Json error = {{"message", message}, {"reason", error_name(code).reason}, {"domain", "global"}};
    error.update(more);
    Json document = {{"code", code},
                     {"message", message},
                     {"errors", Json::array({error})},
                     {"status", error_name(code).status}};
    if (!details.is_null()) {
        document["details"] = Json::array({details});
    }
    return {code, {{"error", document}}, std::move(headers)};
}

Refused access_denied(const std::string& message) {
    return google_problem(403, "Access Denied: " + message);
}

Refused unauthenticated(const std::string& message, std::string_view reason = "authError") {
    return google_problem(
        401, message,
        {{"reason", reason}, {"location", "Authorization"}, {"locationType", "header"}}, nullptr,
        {{"WWW-Authenticate", R"(Bearer realm="https://accounts.google.com/")"}});
}

Refused insufficient_scopes() {
    return google_problem(403, "Request had insufficient authentication scopes.",
                          {{"reason", "insufficientPermissions"}},
                          {{"@type", error_info},
                           {"reason", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"},
                           {"domain", "googleapis.com"},
                           {"metadata", {{"service", "bigquery.googleapis.com"}}}});
}

Refused api_disabled() {
    // Google shows the project number here, never the id.
    const std::string number = "100000000001";
    return google_problem(
        403,
        "BigQuery API has not been used in project " + number +
            " before or it is disabled. Enable it by visiting "
            "https://console.developers.google.com/apis/api/bigquery.googleapis.com/"
            "overview?project=" +
            number +
            " then retry. If you enabled this API recently, wait a few minutes for "
            "the action to propagate to our systems and retry.",
        {{"domain", "usageLimits"},
         {"reason", "accessNotConfigured"},
         {"extendedHelp", "https://console.developers.google.com"}},
        {{"@type", error_info},
         {"reason", "SERVICE_DISABLED"},
         {"domain", "googleapis.com"},
         {"metadata",
          {{"service", "bigquery.googleapis.com"}, {"consumer", "projects/" + number}}}});
}

bool is_sufficient(const std::string& scope) {
    return scope == google_scope_prefix + "bigquery" ||
           scope == google_scope_prefix + "cloud-platform" ||
           scope == google_scope_prefix + "bigquery.readonly";
}

void check_token(const Request& request, const Google& google) {
    const std::string expected =
        " Expected OAuth 2 access token, login cookie or other valid authentication credential.";
    const std::string token = request.bearer_token();
    if (token.empty()) {
        throw unauthenticated("Request is missing required authentication credential." + expected,
                              "required");
    }
    const auto scopes = google.access_tokens.find(token, google.options.clock());
    if (!scopes) {
        throw unauthenticated("Request had invalid authentication credentials." + expected);
    }
    if (std::ranges::none_of(*scopes, is_sufficient)) {
        throw insufficient_scopes();
    }
}

// The project in the path, if the caller may see it.
const std::string& check_project(const Call& call) {
    const std::string& project = call.captures.front();
    const Google& google = call.google;
    check_token(call.request, google);
    if (google.fails(GoogleFailure::api_disabled)) {
        throw api_disabled();
    }
    if (!google.projects.contains(project) || google.fails(GoogleFailure::no_project)) {
        throw google_problem(404, "Not found: Project " + project);
    }
    if (google.fails(GoogleFailure::no_role)) {
        throw access_denied("Project " + project +
                            ": User does not have bigquery.datasets.get permission for project " +
                            project + ".");
    }
    return project;
}

// The number in parameter `name`; `fallback` if it is not given.
std::size_t number_at(const Pairs& query, const std::string& name, std::size_t fallback) {
    const std::string text = parameter(query, name);
    const auto number = text.empty() ? fallback : whole_number<std::size_t>(text);
    if (!number) {
        throw google_problem(400, "Invalid value for " + name + ": it is not a number");
    }
    return *number;
}

Json dataset_document(const BigQueryDataset& dataset, const std::string& project) {
    return {{"kind", "bigquery#dataset"},
            {"id", project + ":" + dataset.id},
            {"datasetReference", {{"datasetId", dataset.id}, {"projectId", project}}},
            {"location", dataset.location}};
}

Answer list_datasets(const Call& call) {
    constexpr std::size_t default_page = 50;
    const std::string& project = check_project(call);
    const auto bigquery = call.google.bigquery();
    const auto& all = bigquery->datasets;
    const std::size_t first = number_at(call.request.query, "pageToken", 0);
    const std::size_t most = number_at(call.request.query, "maxResults", default_page);
    Json document = {{"kind", "bigquery#datasetList"}};
    const auto shown = slice(all, first, most);
    for (const BigQueryDataset& dataset : shown) {
        document["datasets"].push_back(dataset_document(dataset, project));
    }
    if (first + shown.size() < all.size()) {
        document["nextPageToken"] = std::to_string(first + shown.size());
    }
    return json_answer(200, document);
}

Answer get_dataset(const Call& call) {
    const std::string& project = check_project(call);
    const std::string& id = call.captures.at(1);
    const std::string name = "Dataset " + project + ":" + id;
    if (call.google.fails(GoogleFailure::no_dataset_role)) {
        throw access_denied(name + ": Permission bigquery.datasets.get denied on dataset " +
                            project + ":" + id + " (or it may not exist).");
    }
    const auto bigquery = call.google.bigquery();
    const auto& all = bigquery->datasets;
    const auto found = std::ranges::find(all, id, &BigQueryDataset::id);
    if (found == all.end()) {
        throw google_problem(404, "Not found: " + name);
    }
    Json document = dataset_document(*found, project);
    document["type"] = "DEFAULT";
    return json_answer(200, document);
}

}  // namespace

Refused bigquery_fault(int code, const std::string& message) {
    return code == 401 ? unauthenticated(message) : google_problem(code, message);
}

void add_bigquery_routes(Routes& routes) {
    const std::string datasets = bigquery_api_path + "/projects/{}/datasets";
    routes.push_back({"GET " + datasets, Access::open, list_datasets});
    routes.push_back({"GET " + datasets + "/{}", Access::open, get_dataset});
}

}  // namespace bqconn::emulator
