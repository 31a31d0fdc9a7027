#include "bqconn/emulator/google_consent_page.hpp"

#include <string_view>

namespace bqconn::emulator {
namespace {

constexpr std::string_view style =
    "body{font:1.1rem/1.5 sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}"
    "fieldset{border:1px solid;padding:1rem;margin:1rem 0}label{overflow-wrap:anywhere}"
    "button{font:inherit;padding:.4rem 1.2rem;margin-right:.8rem}";

Answer page(int status, const std::string& title, const std::string& body) {
    Answer answer;
    answer.status = status;
    answer.headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}};
    answer.body =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>" +
        html_escaped(title) + "</title>\n<style>" + std::string(style) +
        "</style>\n</head>\n<body>\n<main>\n<h1>" + html_escaped(title) + "</h1>\n" + body +
        "</main>\n</body>\n</html>\n";
    return answer;
}

std::string last_part(const std::string& scope) {
    return scope.substr(scope.rfind('/') + 1);
}

std::string checkbox(const std::string& scope) {
    const std::string id = html_escaped(last_part(scope));
    return "<p><input type=\"checkbox\" name=\"grant\" id=\"" + id + "\" value=\"" +
           html_escaped(scope) + "\" checked> <label for=\"" + id + "\">" + html_escaped(scope) +
           "</label></p>\n";
}

std::string hidden(const std::string& name, const std::string& value) {
    return "<input type=\"hidden\" name=\"" + html_escaped(name) + "\" value=\"" +
           html_escaped(value) + "\">\n";
}

}  // namespace

std::string html_escaped(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            case '\'':
                escaped += "&#39;";
                break;
            default:
                escaped += c;
        }
    }
    return escaped;
}

Answer consent_page(const ConsentRequest& request, const Pairs& parameters) {
    std::string body = "<p>This is bqconn-emulator, not Google. Nothing leaves this machine.</p>\n";
    body += "<p>The program <code>" + html_escaped(request.consent.client_id) +
            "</code> asks for access.</p>\n<form method=\"post\" action=\"" + consent_path +
            "/decide\">\n";
    for (const auto& [name, value] : parameters) {
        body += hidden(name, value);
    }
    body += "<fieldset>\n<legend>What it may use</legend>\n";
    for (const auto& scope : request.consent.scopes) {
        body += checkbox(scope);
    }
    body +=
        "</fieldset>\n"
        "<p><button id=\"allow\" name=\"decision\" value=\"allow\">Allow</button>\n"
        "<button id=\"deny\" name=\"decision\" value=\"deny\">Deny</button></p>\n</form>\n";
    return page(200, "Allow access to BigQuery?", body);
}

Answer consent_error_page(const ConsentRefused& refused) {
    return page(refused.status(), "Access blocked",
                "<p>" + html_escaped(refused.description()) + "</p>\n<p>Error " +
                    std::to_string(refused.status()) + ": " + html_escaped(refused.error()) +
                    "</p>\n");
}

}  // namespace bqconn::emulator
