#include "bqconn/flow/problem.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "bqconn/core/text.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::flow {
namespace {

using json::Json;

struct KnownProblem {
    std::string_view service_codes;  // of the gateway, or number and status of Flow Service
    std::string_view error_code;
    std::string_view hint;  // PERMISSION stands for the permission that the call needs
};

constexpr std::string_view needs_permission =
    "the credential's role needs PERMISSION and access to the sandbox";

// Sources: Adobe's API troubleshooting guide and Flow Service error codes.
constexpr auto known_problems = std::to_array<KnownProblem>({
    {"403010", "auth.token_missing",
     "no access token was received: give --access-token or --api-secret"},
    {"401013", "auth.token_invalid",
     "the access token is invalid or has expired: get a new one, or give --api-secret so that "
     "bqconn fetches one"},
    {"403000 403003", "auth.api_key_invalid",
     "--api-key must be the client id that the access token was issued to"},
    {"400003", "rejected.org_missing", "give --org-id (BQCONN_ORG_ID)"},
    {"403025", "auth.profile_invalid",
     "the credential has no role or product profile with PERMISSION in that organisation: have an "
     "administrator add it in Experience Platform under Permissions, Roles, API credentials"},
    {"403027", "auth.region_missing",
     "check --org-id, and that --scopes has additional_info.projectedProductContext, or have the "
     "credential added to a product profile"},
    {"429050", "unavailable.rate_limited", "too many requests: run the command again later"},
    {"1100-400", "rejected.not_entitled",
     "the Google BigQuery source needs Real-Time CDP Ultimate"},
    {"1404-412", "conflict.etag", "it has changed: read it again, then retry"},
    {"1413-400", "rejected.connection_spec",
     "the Google BigQuery connection spec is not available in this organisation"},
    {"1415-400", "rejected.auth_spec",
     "bqconn check shows what the source supports; on AWS that is --key-file with --dataset"},
    {"1418-400 1447-400", "rejected.in_use", "delete the dataflows that use it first"},
    {"1349-400 1350-400 1351-400 1352-400 1353-400 1354-400 1355-400 1356-400 1357-400 1377-400 "
     "1378-400 1379-400",
     "rejected.filter", "check the columns, operators and values of --filter"},
    {"1360-400 1366-400", "rejected.schedule", "the start must be in the future"},
    {"1361-400 1364-400", "rejected.schedule",
     "a dataflow that runs once takes neither an interval nor a backfill"},
    {"1362-400 1363-400 1397-400", "rejected.schedule", "--every must be at least 15m"},
    {"1365-400 1403-400 1404-400 1455-400", "rejected.update",
     "this cannot be changed in a dataflow: create a new one"},
    {"1367-400", "rejected.delta", "a dataflow with --every needs --delta"},
    {"1369-400", "rejected.delta", "a dataflow that runs once takes no --delta"},
    {"1380-400 1381-400 1382-400 1383-400 1384-400 1385-400", "rejected.run",
     "check --since and --delta"},
    {"1386-400", "rejected.run", "only a dataflow created with --once can be run on demand"},
    {"1387-400 1388-400", "rejected.retry",
     "only a failed run, or one without records, of an enabled dataflow can be retried"},
    {"1412-400 1419-400 1425-400 1370-400 1392-400", "rejected.mapping",
     "check that the mapping's fields exist in the dataset's schema and that the credential may "
     "write them"},
    {"1420-400 1421-400 1422-400", "rejected.state",
     "the dataflow's state does not allow this: bqconn dataflow get ID shows it"},
    {"1439-400 1439-404", code::connection_not_found,
     "check the id, and that --sandbox-name is the connection's sandbox"},
    {"1445-400", "rejected.update_disabled",
     "updates are not enabled for this organisation: delete the connection and create a new one"},
    {"2000-401", "auth.org_mismatch",
     "--org-id is not the organisation that the access token belongs to"},
    {"2100-404 2101-404 2103-404", "not_found.sandbox",
     "--sandbox-name takes the sandbox's name, not its title, in lower case"},
    {"2105-400", "rejected.sandbox_missing", "give --sandbox-name (BQCONN_SANDBOX_NAME)"},
    {"2118-403 2120-403 2121-403", "auth.permission_missing", needs_permission},
    {"2200-500 2250-500", "unavailable.server_error",
     "a service that Flow Service needs is temporarily down: try again later"},
    {"1103-503", "unavailable.server_error",
     "Adobe's service is temporarily down: try again later"},
    {"1104-504", "unavailable.server_error",
     "Adobe's service did not answer in time: try again later"},
});

// The last part of "https://ns.adobe.com/aep/errors/FLOW-1439-404"; empty for a type without a
// code.
std::string code_of_type(const std::string& type) {
    const auto slash = type.rfind('/');
    const std::string last = slash == std::string::npos ? type : type.substr(slash + 1);
    const bool has_digit = last.find_first_of("0123456789") != std::string::npos;
    return has_digit ? http::service_words(last) : std::string();
}

// The code of the gateway may come as a string or as a number.
std::string gateway_code(const Json& document) {
    const Json& found = json::member(document, "error_code");
    return found.is_number_unsigned()
               ? std::to_string(found.get<unsigned long>())
               : http::service_words(json::string_at(document, "error_code"));
}

// Another service uses the same numbers, so only the prefix FLOW- or none is accepted. The code
// must match the status of the response: "1439-404" in a 404; a gateway code begins with it.
const KnownProblem* find_known(std::string_view code, int status) {
    constexpr std::string_view prefix = "FLOW-";
    if (code.starts_with(prefix)) {
        code.remove_prefix(prefix.size());
    }
    const std::string digits = std::to_string(status);
    const bool of_flow = code.find('-') != std::string_view::npos;
    if (of_flow ? !code.ends_with("-" + digits) : !code.starts_with(digits)) {
        return nullptr;
    }
    for (const auto& known : known_problems) {
        const auto codes = split(known.service_codes, ' ');
        if (std::find(codes.begin(), codes.end(), code) != codes.end()) {
            return &known;
        }
    }
    return nullptr;
}

void add_words(std::string& words, const std::string& text) {
    const std::string more = http::service_words(text);
    if (more.empty() || words.find(more) != std::string::npos) {
        return;
    }
    words += words.empty() ? more : ": " + more;
}

std::string_view default_hint(int status, bool has_permission) {
    constexpr int forbidden = 403;
    if (status == forbidden && has_permission) {
        return needs_permission;
    }
    switch (http::exit_code_of_status(status)) {
        case ExitCode::auth:
            return "check --access-token, --api-key and --org-id, and that the credential has the "
                   "role it needs";
        case ExitCode::unavailable:
            return "run the command again later";
        case ExitCode::bad_response:
            return "check --platform-url (BQCONN_PLATFORM_URL): the response is not from Flow "
                   "Service";
        default:
            return "run the command again with -v to see the calls; tell Adobe support the request "
                   "id";
    }
}

}  // namespace

Problem read_problem(const http::Response& response) {
    const Json document = json::parse_or_null(response.body);
    Problem problem{gateway_code(document), {}};
    if (problem.code.empty()) {
        problem.code = code_of_type(json::string_at(document, "type"));
    }
    for (const char* const key : {"title", "message", "errorMessage", "detail", "errorDetails"}) {
        add_words(problem.words, json::string_at(document, key));
    }
    add_words(problem.words, json::string_at(json::member(document, "report"), "detailed-message"));
    return problem;
}

Error error_of(const http::Response& response, std::string_view permission) {
    const Problem problem = read_problem(response);
    const KnownProblem* const known = find_known(problem.code, response.status);
    return http::error_of_response(
        response, http::exit_code_of_status(response.status),
        known != nullptr ? std::string(known->error_code)
                         : http::error_code_of_status(response.status),
        (problem.words.empty() ? "the service responded with " + http::summary_of_body(response)
                               : problem.words) +
            " " + http::status_note(response, problem.code),
        replace_all(
            known != nullptr ? known->hint : default_hint(response.status, !permission.empty()),
            "PERMISSION",
            permission.empty() ? "the permission for this"
                               : "the permission " + std::string(permission)));
}

}  // namespace bqconn::flow
