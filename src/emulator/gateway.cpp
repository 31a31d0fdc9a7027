#include "bqconn/emulator/gateway.hpp"

#include <algorithm>

#include "bqconn/core/text.hpp"
#include "bqconn/emulator/problem.hpp"

namespace bqconn::emulator {
namespace {

// The header's value; empty if missing, since the gateway does not distinguish the two.
std::string header_or_empty(const Request& request, std::string_view name) {
    return std::string(trim_ascii(request.header(name).value_or("")));
}

std::string client_of(const Request& request, const Store& store) {
    constexpr std::string_view scheme = "bearer ";
    const std::string authorization = header_or_empty(request, "Authorization");
    if (authorization.empty()) {
        throw gateway_problem("403010", "Oauth token is missing.");
    }
    if (to_lower_ascii(authorization).starts_with(scheme)) {
        const auto token = trim_ascii(std::string_view(authorization).substr(scheme.size()));
        if (auto client = store.client_of_token(std::string(token))) {
            return *client;
        }
    }
    throw gateway_problem("401013", "Oauth token is not valid");
}

// 24 upper-case hexadecimal digits and "@AdobeOrg".
bool is_org_id(std::string_view text) {
    constexpr std::string_view ending = "@AdobeOrg";
    constexpr std::size_t digits = 24;
    return text.size() == digits + ending.size() && text.ends_with(ending) &&
           std::all_of(text.begin(), text.begin() + digits,
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); });
}

void check_organisation(const Request& request, const Identity& identity) {
    const std::string org_id = header_or_empty(request, "x-gw-ims-org-id");
    if (org_id.empty()) {
        throw gateway_problem("400003", "Missing header");
    }
    if (org_id == identity.org_id) {
        return;
    }
    // The region is looked up by organisation, so an invalid organisation has no region.
    if (is_org_id(org_id)) {
        throw gateway_problem("403025", "Profile is not valid");
    }
    throw gateway_problem("403027", "User region is missing");
}

bool is_json_content_type(std::string_view value) {
    const auto type = trim_ascii(value.substr(0, value.find(';')));
    return to_lower_ascii(type) == "application/json";
}

}  // namespace

std::string check_gateway(const Request& request, const Identity& identity, const Store& store,
                          const AdobeFailures& failures) {
    const std::string client = client_of(request, store);
    const std::string api_key = header_or_empty(request, "x-api-key");
    if (api_key.empty()) {
        throw gateway_problem("403000", "Api Key is required");
    }
    if (api_key != client || failures.contains(AdobeFailure::wrong_key)) {
        throw gateway_problem("403003", "Api Key is invalid");
    }
    check_organisation(request, identity);
    if (failures.contains(AdobeFailure::no_profile)) {
        throw gateway_problem("403025", "Profile is not valid");
    }
    if (failures.contains(AdobeFailure::no_org)) {
        throw flow_problem("2000-401", "Unauthorized",
                           "The access token has no access to the organisation of the request.");
    }
    return client;
}

void check_permission(const AdobeFailures& failures) {
    if (failures.contains(AdobeFailure::no_permission)) {
        throw flow_problem("2120-403", "Forbidden",
                           "The user has no permission to carry out this operation. Please ask an "
                           "administrator for it.");
    }
}

const Sandbox& check_sandbox(const Request& request, const Store& store) {
    const std::string name = header_or_empty(request, "x-sandbox-name");
    if (name.empty()) {
        throw flow_problem("2105-400", "Header is missing",
                           "The header x-sandbox-name is missing in the request. Please add the "
                           "header in the request and try again.");
    }
    if (const Sandbox* sandbox = store.find_sandbox(name)) {
        return *sandbox;
    }
    throw flow_problem("2100-404", "Sandbox not found",
                       "The sandbox with the name '" + name +
                           "' could not be found. Please ensure that the sandbox name is correct "
                           "and try again.");
}

Json check_json_body(const Request& request) {
    if (!is_json_content_type(header_or_empty(request, "Content-Type"))) {
        throw placeholder_problem(400, "BadRequestError", "A valid content-type must be specified");
    }
    if (trim_ascii(request.body).empty()) {
        throw flow_problem("1405-400", "Invalid request",
                           "The request body cannot be null or empty. Please provide a request "
                           "body and try again.");
    }
    try {
        return json::parse(request.body);
    } catch (const json::ParseError& error) {
        throw placeholder_problem(400, "BadRequestError",
                                  "The request body " + std::string(error.what()) + " (line " +
                                      std::to_string(error.line()) + ", column " +
                                      std::to_string(error.column()) + ")");
    }
}

}  // namespace bqconn::emulator
