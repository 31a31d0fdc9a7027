#include "emulator/identity/identity.hpp"

#include <algorithm>
#include <cctype>

#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "emulator/options.hpp"
#include "emulator/server/problem.hpp"
#include "emulator/store/store.hpp"

namespace bqconn::emulator {
namespace {

// 24 upper-case hexadecimal digits, like Adobe's.
std::string make_up_org_id() {
    std::string digits = crypto::random_hex(12);
    for (char& c : digits) {
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return digits + "@AdobeOrg";
}

std::string required_parameter(const Pairs& form, std::string_view name) {
    std::string value = parameter(form, name);
    if (value.empty()) {
        throw oauth_problem(400, "invalid_request", std::string(name) + " is missing");
    }
    return value;
}

Answer issue_adobe_token(const Call& call) {
    const Identity& identity = call.options.identity;
    const Pairs form = read_form(call.request);
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
    const auto parts = split(scopes, ',');
    if (!std::ranges::all_of(parts, [](const auto& part) { return is_word(part, "._:-"); })) {
        throw oauth_problem(400, "invalid_scope", "scope must be scopes separated by commas");
    }
    return json_answer(200,
                       {{"access_token", call.store.issue_token(client_id, scopes)},
                        {"token_type", "bearer"},
                        {"expires_in", token_lifetime.count()}},
                       {{"Cache-Control", "no-store"}});
}

}  // namespace

std::string made_up(const std::string& what) {
    return "emulated-" + what + "-" + crypto::random_hex(12);
}

Identity make_up_identity() {
    return {.api_key = made_up("api-key"),
            .api_secret = Secret(made_up("api-secret")),
            .org_id = make_up_org_id(),
            .project = "emulated-project",
            .client_id = made_up("client") + ".apps.googleusercontent.com",
            .client_secret = Secret(made_up("client-secret")),
            .refresh_token = Secret(made_up("refresh-token"))};
}

std::string adobe_token(const std::string& client_id, const std::string& scopes,
                        std::int64_t created_at) {
    constexpr std::size_t signature_bytes = 256;  // of an RSA key of 2048 bits
    const Json header = {{"alg", "RS256"}, {"typ", "JWT"}, {"kid", "emulated-key"}, {"itt", "at"}};
    // Adobe writes numbers as strings and times in milliseconds.
    const Json payload = {
        {"client_id", client_id},   {"user_id", "emulated-account@techacct.adobe.com"},
        {"type", "access_token"},   {"created_at", std::to_string(created_at)},
        {"expires_in", "86400000"}, {"scope", scopes}};
    return crypto::base64url(dump(header)) + "." + crypto::base64url(dump(payload)) + "." +
           crypto::base64url(crypto::random_bytes(signature_bytes));
}

void add_ims_routes(Routes& routes) {
    for (const std::string version : {"v2", "v3"}) {
        routes.push_back(
            {"POST " + ims_path + "/token/" + version, Access::open, issue_adobe_token});
    }
}

}  // namespace bqconn::emulator
