#include "bqconn/emulator/ims.hpp"

#include <algorithm>

#include "bqconn/core/text.hpp"
#include "bqconn/emulator/form.hpp"
#include "bqconn/emulator/problem.hpp"

namespace bqconn::emulator {
namespace {

std::string required_parameter(const Pairs& form, std::string_view name) {
    std::string value = parameter(form, name);
    if (value.empty()) {
        throw oauth_problem(400, "invalid_request", std::string(name) + " is missing");
    }
    return value;
}

bool is_scope(std::string_view text) {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-";
    return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

void check_scopes(const std::string& scopes) {
    const auto parts = split(scopes, ',');
    if (!std::all_of(parts.begin(), parts.end(), is_scope)) {
        throw oauth_problem(400, "invalid_scope", "scope must be scopes separated by commas");
    }
}

Answer issue(const Request& request, Store& store, const Identity& identity) {
    const Pairs form = read_form(request);
    const std::string client_id = required_parameter(form, "client_id");
    const std::string client_secret = required_parameter(form, "client_secret");
    const std::string grant_type = required_parameter(form, "grant_type");
    const std::string scopes = required_parameter(form, "scope");
    if (client_id != identity.api_key) {
        throw oauth_problem(400, "invalid_client", "invalid client_id parameter");
    }
    if (client_secret != identity.api_secret.reveal()) {
        throw oauth_problem(401, "invalid_client", "invalid client_secret parameter");
    }
    if (grant_type != "client_credentials") {
        throw oauth_problem(400, "unsupported_grant_type", "grant_type must be client_credentials");
    }
    check_scopes(scopes);
    Answer answer = json_answer(200, {{"access_token", store.issue_token(client_id, scopes)},
                                      {"token_type", "bearer"},
                                      {"expires_in", token_lifetime.count()}});
    answer.headers.emplace_back("Cache-Control", "no-store");
    return answer;
}

}  // namespace

void add_ims_routes(Router& router, Store& store, const Identity& identity) {
    router.add(
        {"POST", ims_path + "/token/v3", Access::open,
         [&store, &identity](const Call& call) { return issue(call.request, store, identity); }});
}

}  // namespace bqconn::emulator
