#include <algorithm>

#include "bqconn/core/text.hpp"
#include "emulator/options.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

// 24 upper-case hexadecimal digits and "@AdobeOrg".
bool is_org_id(std::string_view text) {
    constexpr std::string_view ending = "@AdobeOrg";
    constexpr std::size_t digits = 24;
    return text.size() == digits + ending.size() && text.ends_with(ending) &&
           text.find_first_not_of("0123456789ABCDEF") == digits;
}

}  // namespace

std::string check_gateway(const Call& call) {
    const Request& request = call.request;
    const auto fails = [&](AdobeFailure failure) { return call.options.adobe.contains(failure); };
    if (request.header("Authorization").empty()) {
        throw gateway_problem("403010", "Oauth token is missing.");
    }
    const auto client = call.store.client_of_token(request.bearer_token());
    if (!client) {
        throw gateway_problem("401013", "Oauth token is not valid");
    }
    const std::string api_key = request.header("x-api-key");
    if (api_key.empty()) {
        throw gateway_problem("403000", "Api Key is required");
    }
    if (api_key != *client || fails(AdobeFailure::wrong_key)) {
        throw gateway_problem("403003", "Api Key is invalid");
    }
    const std::string org_id = request.header("x-gw-ims-org-id");
    if (org_id.empty()) {
        throw gateway_problem("400003", "Missing header");
    }
    // The region is looked up by organisation, so an invalid organisation has no region.
    if (org_id != call.options.identity.org_id && !is_org_id(org_id)) {
        throw gateway_problem("403027", "User region is missing");
    }
    if (org_id != call.options.identity.org_id || fails(AdobeFailure::no_profile)) {
        throw gateway_problem("403025", "Profile is not valid");
    }
    if (fails(AdobeFailure::no_org)) {
        throw flow_problem("2000-401", "Unauthorized",
                           "The access token has no access to the organisation of the request.");
    }
    return *client;
}

const Sandbox& check_sandbox(const Call& call) {
    const std::string name = required_header(call.request, "x-sandbox-name", "2105-400");
    const Sandbox* sandbox = call.store.find_sandbox(name);
    if (sandbox == nullptr) {
        throw flow_problem("2100-404", "Sandbox not found",
                           "The sandbox with the name '" + name +
                               "' could not be found. Please ensure that the sandbox name is "
                               "correct and try again.");
    }
    const auto is_refused = [&](AdobeFailure failure, const std::string& service) {
        return call.options.adobe.contains(failure) && call.request.path.starts_with(service);
    };
    if (is_refused(AdobeFailure::no_datasets, catalog_path) ||
        is_refused(AdobeFailure::no_datasets, schema_registry_path)) {
        throw placeholder_problem(403, "ForbiddenError",
                                  "The user has no permission to view datasets and schemas");
    }
    if (is_refused(AdobeFailure::no_permission, flow_service_path)) {
        throw flow_problem("2120-403", "Forbidden",
                           "The user has no permission to carry out this operation. Please ask an "
                           "administrator for it.");
    }
    return *sandbox;
}

std::string required_header(const Request& request, const std::string& name,
                            std::string_view code) {
    std::string value = request.header(name);
    if (value.empty()) {
        throw flow_problem(code, "Header is missing",
                           "The header " + name +
                               " is missing in the request. Please add the header in the request "
                               "and try again.");
    }
    return value;
}

Json check_json_body(const Request& request) {
    if (request.media_type() != "application/json") {
        throw placeholder_problem(400, "BadRequestError", "A valid content-type must be specified");
    }
    if (trim_ascii(request.body).empty()) {
        throw invalid_request("1405-400",
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

std::optional<std::string> query_value(const Request& request, const std::string& name) {
    const auto found = std::ranges::find(request.query, name, &Pairs::value_type::first);
    return found == request.query.end() ? std::nullopt : std::optional(found->second);
}

std::size_t number_parameter(const Request& request, const std::string& name, std::size_t fallback,
                             std::size_t least, std::size_t most) {
    const auto value = query_value(request, name);
    const auto number = value ? whole_number<std::size_t>(*value) : fallback;
    if (!number || *number < least || *number > most) {
        throw bad_request("The query parameter " + name + " must be a number from " +
                          std::to_string(least) + " to " + std::to_string(most));
    }
    return *number;
}

Refused bad_request(const std::string& detail) {
    return placeholder_problem(400, "BadRequestError", detail);
}

Refused not_found(const std::string& detail) {
    return placeholder_problem(404, "NotFoundError", detail);
}

}  // namespace bqconn::emulator
