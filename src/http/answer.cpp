#include "bqconn/http/answer.hpp"

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::http {
namespace {

bool is_redirect(int status) {
    return status >= 300 && status < 400;
}

constexpr std::size_t longest_words = 500;

std::string title_of_html(const std::string& body) {
    const std::string lower = to_lower_ascii(body.substr(0, 64 * 1024));
    const auto open = lower.find("<title");
    const auto start = open == std::string::npos ? open : lower.find('>', open);
    const auto end = start == std::string::npos ? start : lower.find("</title", start);
    if (end == std::string::npos) {
        return {};
    }
    return service_words(trim_ascii(std::string_view(body).substr(start + 1, end - start - 1)));
}

bool is_html(const Response& response) {
    const auto start = to_lower_ascii(trim_ascii(std::string_view(response.body).substr(0, 256)));
    return to_lower_ascii(response.header("Content-Type")).starts_with("text/html") ||
           start.starts_with("<!doctype") || start.starts_with("<html");
}

}  // namespace

ExitCode exit_code_of_status(int status) {
    switch (status) {
        case 401:
        case 403:
        case 407:
            return ExitCode::auth;
        case 404:
        case 410:
            return ExitCode::not_found;
        case 409:
        case 412:
            return ExitCode::conflict;
        case 408:
        case 429:
            return ExitCode::unavailable;
        default:
            break;
    }
    if (status >= 400 && status < 500) {
        return ExitCode::rejected;
    }
    return status >= 500 && status < 600 ? ExitCode::unavailable : ExitCode::bad_response;
}

std::string error_code_of_status(int status) {
    if (status == 429) {
        return "unavailable.rate_limited";
    }
    switch (exit_code_of_status(status)) {
        case ExitCode::auth:
            return status == 401 ? "auth.unauthorized" : "auth.forbidden";
        case ExitCode::not_found:
            return "not_found";
        case ExitCode::conflict:
            return "conflict";
        case ExitCode::unavailable:
            return "unavailable.server_error";
        case ExitCode::rejected:
            return "rejected";
        default:
            return is_redirect(status) ? "bad_response.redirect" : "bad_response.status";
    }
}

std::string summary_of_body(const Response& response) {
    if (is_redirect(response.status)) {
        return "a redirect, which is not followed";
    }
    if (trim_ascii(response.body).empty()) {
        return "an empty body";
    }
    if (is_html(response)) {
        const std::string title = title_of_html(response.body);
        return title.empty() ? "an HTML page" : "an HTML page titled \"" + title + "\"";
    }
    const std::string type = service_words(response.header("Content-Type"));
    return std::to_string(response.body.size()) + " bytes" + (type.empty() ? "" : " of " + type) +
           " instead of JSON";
}

std::string request_id_of(const Response& response) {
    return service_words(response.header("x-request-id"));
}

std::string service_words(std::string_view text) {
    std::string words = inert_line(text);
    if (words.size() > longest_words) {
        words.resize(longest_words);
        // The cut may split a character.
        words = inert_line(words) + "…";
    }
    return words;
}

}  // namespace bqconn::http
