// Google's consent page: GET /o/oauth2/v2/auth, and the form it submits.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "bqconn/core/text.hpp"
#include "emulator/google/google.hpp"
#include "emulator/options.hpp"

namespace bqconn::emulator {
namespace {

// --- What a program requests when it sends a browser to the page.

struct ConsentRequest {
    Consent consent;  // with the scopes requested
    std::string state;
};

// Shown to the user as a page instead of redirecting back to the program.
struct ConsentRefused {
    int status;
    std::string error;  // "redirect_uri_mismatch"
    std::string description;
};

ConsentRefused invalid_consent(const std::string& description) {
    return {400, "invalid_request", description};
}

std::string required_parameter_of(const Pairs& parameters, const std::string& name) {
    std::string value = parameter(parameters, name);
    if (value.empty()) {
        throw invalid_consent("Missing required parameter: " + name);
    }
    return value;
}

// 32 bytes in base64url.
bool is_challenge(std::string_view text) {
    constexpr std::size_t challenge_length = 43;
    return text.size() == challenge_length && is_word(text, "-_");
}

bool is_google_scope(const std::string& scope) {
    return scope == "openid" || scope == "email" || scope == "profile" ||
           (scope.starts_with(google_scope_prefix) && scope.size() > google_scope_prefix.size());
}

Scopes read_scopes(const std::string& text) {
    Scopes scopes;
    for (const auto& scope : split(text, ' ')) {
        if (!is_google_scope(scope)) {
            throw ConsentRefused{400, "invalid_scope", "Some requested scopes were invalid."};
        }
        if (std::ranges::find(scopes, scope) == scopes.end()) {
            scopes.push_back(scope);
        }
    }
    return scopes;
}

// "http://127.0.0.1:PORT", or with localhost or [::1]; a trailing slash is allowed.
bool is_loopback_redirect(std::string_view uri) {
    constexpr std::array<std::string_view, 3> hosts{
        "http://127.0.0.1:", "http://localhost:", "http://[::1]:"};
    if (uri.ends_with('/')) {
        uri.remove_suffix(1);
    }
    return std::ranges::any_of(hosts, [&](std::string_view host) {
        return uri.starts_with(host) &&
               whole_number<std::uint16_t>(uri.substr(host.size())).value_or(0) != 0;
    });
}

// Throws ConsentRefused, or Refused if a parameter is given twice.
ConsentRequest read_consent_request(const Pairs& parameters, const std::string& known_client) {
    ConsentRequest request;
    Consent& consent = request.consent;
    consent.client_id = required_parameter_of(parameters, "client_id");
    if (consent.client_id != known_client) {
        throw ConsentRefused{401, "invalid_client", "The OAuth client was not found."};
    }
    consent.redirect_uri = required_parameter_of(parameters, "redirect_uri");
    if (!is_loopback_redirect(consent.redirect_uri)) {
        throw ConsentRefused{400, "redirect_uri_mismatch",
                             "The redirect URI of a desktop app is http://127.0.0.1:PORT."};
    }
    if (required_parameter_of(parameters, "response_type") != "code") {
        throw ConsentRefused{400, "unsupported_response_type", "response_type must be code"};
    }
    consent.scopes = read_scopes(required_parameter_of(parameters, "scope"));
    consent.code_challenge = parameter(parameters, "code_challenge");
    if (parameter(parameters, "code_challenge_method") != "S256") {
        throw invalid_consent("code_challenge_method must be S256");
    }
    if (!is_challenge(consent.code_challenge)) {
        throw invalid_consent("code_challenge must be 43 characters of base64url");
    }
    const std::string access = parameter(parameters, "access_type");
    if (!access.empty() && access != "online" && access != "offline") {
        throw invalid_consent("Invalid parameter value for access_type");
    }
    consent.offline = access == "offline";
    request.state = parameter(parameters, "state");
    return request;
}

// --- The page.

// Escapes text, and attributes in double quotes.
std::string html_escaped(std::string_view text) {
    constexpr std::array<std::pair<char, std::string_view>, 5> entities{
        {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}}};
    std::string escaped;
    for (const char c : text) {
        const auto entity =
            std::ranges::find(entities, c, &std::pair<char, std::string_view>::first);
        escaped += entity == entities.end() ? std::string_view(&c, 1) : entity->second;
    }
    return escaped;
}

Answer html_document(int status, const std::string& title, const std::string& body) {
    constexpr std::string_view style =
        "body{font:1.1rem/1.5 sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}"
        "fieldset{border:1px solid;padding:1rem;margin:1rem 0}label{overflow-wrap:anywhere}"
        "button{font:inherit;padding:.4rem 1.2rem;margin-right:.8rem}";
    return {
        .status = status,
        .headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}},
        .body =
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<title>" +
            html_escaped(title) + "</title>\n<style>" + std::string(style) +
            "</style>\n</head>\n<body>\n<main>\n<h1>" + html_escaped(title) + "</h1>\n" + body +
            "</main>\n</body>\n</html>\n"};
}

// One checkbox per scope, with the scope's last part as its id, and buttons with the ids allow and
// deny. The form is sent to consent_path + "/decide" with all of `parameters`.
Answer consent_page(const ConsentRequest& request, const Pairs& parameters) {
    std::string body =
        "<p>This is bqconn-emulator, not Google. Nothing leaves this machine.</p>\n"
        "<p>The program <code>" +
        html_escaped(request.consent.client_id) +
        "</code> asks for access.</p>\n<form method=\"post\" action=\"" + consent_path +
        "/decide\">\n";
    for (const auto& [name, value] : parameters) {
        body += "<input type=\"hidden\" name=\"" + html_escaped(name) + "\" value=\"" +
                html_escaped(value) + "\">\n";
    }
    body += "<fieldset>\n<legend>What it may use</legend>\n";
    for (const auto& scope : request.consent.scopes) {
        const std::string id = html_escaped(scope.substr(scope.rfind('/') + 1));
        body += "<p><input type=\"checkbox\" name=\"grant\" id=\"" + id + "\" value=\"" +
                html_escaped(scope) + "\" checked> <label for=\"" + id + "\">" +
                html_escaped(scope) + "</label></p>\n";
    }
    body +=
        "</fieldset>\n"
        "<p><button id=\"allow\" name=\"decision\" value=\"allow\">Allow</button>\n"
        "<button id=\"deny\" name=\"decision\" value=\"deny\">Deny</button></p>\n</form>\n";
    return html_document(200, "Allow access to BigQuery?", body);
}

// "Error 400: redirect_uri_mismatch" and the reason.
Answer consent_error_page(const ConsentRefused& refused) {
    return html_document(refused.status, "Access blocked",
                         "<p>" + html_escaped(refused.description) + "</p>\n<p>Error " +
                             std::to_string(refused.status) + ": " + html_escaped(refused.error) +
                             "</p>\n");
}

// --- The user's decision.

// Redirects to the program that asked, with its state unchanged.
Answer redirect_back(const ConsentRequest& request, Pairs parameters) {
    if (!request.state.empty()) {
        parameters.emplace(parameters.begin(), "state", request.state);
    }
    std::string location = request.consent.redirect_uri;
    location += location.ends_with('/') ? "" : "/";
    char separator = '?';
    for (const auto& [name, value] : parameters) {
        location += separator + name + "=" + percent_encode(value);
        separator = '&';
    }
    return {.status = 302, .headers = {{"Location", location}, {"Cache-Control", "no-store"}}};
}

Answer denied(const ConsentRequest& request) {
    return redirect_back(request, {{"error", "access_denied"}});
}

// Allows the requested scopes that are in `granted`; if there are none, denies.
Answer allowed(Google& google, const ConsentRequest& request, const Scopes& granted) {
    Consent consent = request.consent;
    std::erase_if(consent.scopes, [&](const std::string& scope) {
        return std::ranges::find(granted, scope) == granted.end();
    });
    if (consent.scopes.empty()) {
        return denied(request);
    }
    // Contains a slash, like Google's: a client must decode the code.
    const std::string code = "4/" + made_up("code");
    google.codes.put(code, consent);
    return redirect_back(request, {{"code", code}, {"scope", join(consent.scopes, " ")}});
}

Answer ask(Google& google, const ConsentRequest& request, const Pairs& parameters) {
    if (google.fails(GoogleFailure::deny)) {
        return denied(request);
    }
    if (google.fails(GoogleFailure::untick)) {
        return allowed(google, request, {google_scope_prefix + "bigquery"});
    }
    if (google.fails(GoogleFailure::allow)) {
        return allowed(google, request, request.consent.scopes);
    }
    return consent_page(request, parameters);
}

Answer decide(Google& google, const ConsentRequest& request, const Pairs& form) {
    const std::string decision = parameter(form, "decision");
    if (decision == "deny") {
        return denied(request);
    }
    if (decision != "allow") {
        throw invalid_consent("decision must be allow or deny");
    }
    Scopes granted;
    for (const auto& [name, value] : form) {
        if (name == "grant") {
            granted.push_back(value);
        }
    }
    return allowed(google, request, granted);
}

Answer consent_or_error(const Call& call) {
    const bool asks = call.request.method == "GET";
    const Pairs parameters = asks ? call.request.query : read_form(call.request);
    try {
        const auto request = read_consent_request(parameters, call.options.identity.client_id);
        return asks ? ask(call.google, request, parameters)
                    : decide(call.google, request, parameters);
    } catch (const ConsentRefused& refused) {
        return consent_error_page(refused);
    }
}

}  // namespace

void add_consent_routes(Routes& routes) {
    routes.push_back({"GET " + consent_path, Access::open, consent_or_error});
    routes.push_back({"POST " + consent_path + "/decide", Access::open, consent_or_error});
}

}  // namespace bqconn::emulator
