#include "bqconn/emulator/google_consent_request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "bqconn/core/text.hpp"
#include "bqconn/emulator/form.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::size_t challenge_length = 43;  // 32 bytes

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() && port != 0;
}

bool is_challenge(std::string_view text) {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return text.size() == challenge_length &&
           text.find_first_not_of(alphabet) == std::string_view::npos;
}

bool is_scope(const std::string& scope) {
    constexpr std::array<std::string_view, 3> openid_scopes{"openid", "email", "profile"};
    return std::find(openid_scopes.begin(), openid_scopes.end(), scope) != openid_scopes.end() ||
           (scope.starts_with(google_scope_prefix) && scope.size() > google_scope_prefix.size());
}

ConsentRefused invalid_consent(const std::string& description) {
    return {400, "invalid_request", description};
}

Scopes read_scopes(const std::string& text) {
    if (text.empty()) {
        throw invalid_consent("Missing required parameter: scope");
    }
    Scopes scopes;
    for (const auto& scope : split(text, ' ')) {
        if (!is_scope(scope)) {
            throw ConsentRefused(400, "invalid_scope", "Some requested scopes were invalid.");
        }
        if (std::find(scopes.begin(), scopes.end(), scope) == scopes.end()) {
            scopes.push_back(scope);
        }
    }
    return scopes;
}

void check_client(const std::string& client_id, const std::string& known_client) {
    if (client_id.empty()) {
        throw invalid_consent("Missing required parameter: client_id");
    }
    if (client_id != known_client) {
        throw ConsentRefused(401, "invalid_client", "The OAuth client was not found.");
    }
}

std::string read_challenge(const Pairs& parameters) {
    std::string challenge = parameter(parameters, "code_challenge");
    if (parameter(parameters, "code_challenge_method") != "S256") {
        throw invalid_consent("code_challenge_method must be S256");
    }
    if (!is_challenge(challenge)) {
        throw invalid_consent("code_challenge must be 43 characters of base64url");
    }
    return challenge;
}

}  // namespace

ConsentRefused::ConsentRefused(int status, std::string error, std::string description)
    : status_(status), error_(std::move(error)), description_(std::move(description)) {}

bool is_loopback_redirect(const std::string& uri) {
    constexpr std::array<std::string_view, 3> hosts{
        "http://127.0.0.1:", "http://localhost:", "http://[::1]:"};
    return std::any_of(hosts.begin(), hosts.end(), [&](std::string_view host) {
        if (!uri.starts_with(host)) {
            return false;
        }
        std::string_view port = std::string_view(uri).substr(host.size());
        if (port.ends_with('/')) {
            port.remove_suffix(1);
        }
        return is_port(port);
    });
}

ConsentRequest read_consent_request(const Pairs& parameters, const std::string& known_client) {
    ConsentRequest request;
    Consent& consent = request.consent;
    consent.client_id = parameter(parameters, "client_id");
    check_client(consent.client_id, known_client);
    consent.redirect_uri = parameter(parameters, "redirect_uri");
    if (consent.redirect_uri.empty()) {
        throw invalid_consent("Missing required parameter: redirect_uri");
    }
    if (!is_loopback_redirect(consent.redirect_uri)) {
        throw ConsentRefused(400, "redirect_uri_mismatch",
                             "The redirect URI of a desktop app is http://127.0.0.1:PORT.");
    }
    const std::string type = parameter(parameters, "response_type");
    if (type.empty()) {
        throw invalid_consent("Missing required parameter: response_type");
    }
    if (type != "code") {
        throw ConsentRefused(400, "unsupported_response_type", "response_type must be code");
    }
    consent.scopes = read_scopes(parameter(parameters, "scope"));
    consent.code_challenge = read_challenge(parameters);
    const std::string access = parameter(parameters, "access_type");
    if (!access.empty() && access != "online" && access != "offline") {
        throw invalid_consent("Invalid parameter value for access_type");
    }
    consent.offline = access == "offline";
    request.state = parameter(parameters, "state");
    return request;
}

}  // namespace bqconn::emulator
