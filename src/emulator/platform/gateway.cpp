#include <algorithm>

#include "bqconn/core/text.hpp"
#include "emulator/options.hpp"
#include "emulator/platform/platform.hpp"
#include "emulator/server/problem.hpp"
#include "emulator/store/store.hpp"

namespace bqconn::emulator {
namespace {

std::string client_of(const Request& request, const Store& store) {
    if (request.header("Authorization").empty()) {
        throw gateway_problem("403010", "Oauth token is missing.");
    }
    if (auto client = store.client_of_token(request.bearer_token())) {
        return *client;
    }
    throw gateway_problem("401013", "Oauth token is not valid");
}

// 24 upper-case hexadecimal digits and "@AdobeOrg".
bool is_org_id(std::string_view text) {
    constexpr std::string_view ending = "@AdobeOrg";
    constexpr std::size_t digits = 24;
    return text.size() == digits + ending.size() && text.ends_with(ending) &&
           text.find_first_not_of("0123456789ABCDEF") == digits;
}

void check_organisation(const Request& request, const Identity& identity) {
    const std::string org_id = request.header("x-gw-ims-org-id");
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

}  // namespace

std::string check_gateway(const Request& request, const Options& options, const Store& store) {
    const std::string client = client_of(request, store);
    const std::string api_key = request.header("x-api-key");
    if (api_key.empty()) {
        throw gateway_problem("403000", "Api Key is required");
    }
    if (api_key != client || options.adobe.contains(AdobeFailure::wrong_key)) {
        throw gateway_problem("403003", "Api Key is invalid");
    }
    check_organisation(request, options.identity);
    if (options.adobe.contains(AdobeFailure::no_profile)) {
        throw gateway_problem("403025", "Profile is not valid");
    }
    if (options.adobe.contains(AdobeFailure::no_org)) {
        throw flow_problem("2000-401", "Unauthorized",
                           "The access token has no access to the organisation of the request.");
    }
    return client;
}

void check_permission(const Options& options) {
    if (options.adobe.contains(AdobeFailure::no_permission)) {
        throw flow_problem("2120-403", "Forbidden",
                           "The user has no permission to carry out this operation. Please ask an "
                           "administrator for it.");
    }
}

const Sandbox& check_sandbox(const Request& request, const Store& store) {
    const std::string name = request.header("x-sandbox-name");
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

}  // namespace bqconn::emulator
