#include "bqconn/http/answer.hpp"

#include <curl/curl.h>

#include <array>
#include <ctime>
#include <utility>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::http {
namespace {

struct Meaning {
    ExitCode exit_code;
    const char* error_code;
};

Meaning meaning_of(int status) {
    switch (status) {
        case 401:
            return {ExitCode::auth, "auth.unauthorized"};
        case 403:
        case 407:
            return {ExitCode::auth, "auth.forbidden"};
        case 404:
        case 410:
            return {ExitCode::not_found, "not_found"};
        case 409:
        case 412:
            return {ExitCode::conflict, "conflict"};
        case 408:
            return {ExitCode::unavailable, "unavailable.server_error"};
        case 429:
            return {ExitCode::unavailable, "unavailable.rate_limited"};
        default:
            break;
    }
    switch (status / 100) {
        case 3:
            return {ExitCode::bad_response, "bad_response.redirect"};
        case 4:
            return {ExitCode::rejected, "rejected"};
        case 5:
            return {ExitCode::unavailable, "unavailable.server_error"};
        default:
            return {ExitCode::bad_response, "bad_response.status"};
    }
}

using std::chrono::sys_seconds;

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

// The year of a date whose century was guessed: at most 50 years after `now`.
std::optional<sys_seconds> in_nearest_century(sys_seconds time, sys_seconds now) {
    using std::chrono::years;
    const auto day = std::chrono::floor<std::chrono::days>(time);
    std::chrono::year_month_day date(day);
    const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
    const years lead = date.year() - today.year();
    date += years(lead > years(50) ? -100 : lead <= years(-50) ? 100 : 0);
    return date.ok() ? std::optional(std::chrono::sys_days(date) + (time - day)) : std::nullopt;
}

}  // namespace

ExitCode exit_code_of_status(int status) {
    return meaning_of(status).exit_code;
}

std::string error_code_of_status(int status) {
    return meaning_of(status).error_code;
}

std::string summary_of_body(const Response& response) {
    if (response.status / 100 == 3) {
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

Error error_of_response(const Response& response, ExitCode exit_code, std::string code,
                        const std::string& message, std::string hint) {
    Error error(exit_code, std::move(code), message, std::move(hint));
    error.set_answer(response.status, request_id_of(response));
    return error;
}

std::string status_note(const Response& response, const std::string& detail) {
    return "(" + (detail.empty() ? "" : detail + ", ") + "HTTP " + std::to_string(response.status) +
           ")";
}

std::string request_id_of(const Response& response) {
    return service_words(response.header("x-request-id"));
}

std::string service_words(std::string_view text) {
    std::string words = inert_line(text);
    if (words.size() > longest_words) {
        words.resize(longest_words);
        // The cut may split a character.
        words = inert_line(words) + "...";
    }
    return words;
}

// curl_getdate() also accepts other forms, time zones and days that do not exist, so the time must
// print as it was given, except that no check of the weekday is needed.
std::optional<sys_seconds> parse_http_date(std::string_view text, sys_seconds now) {
    constexpr std::array forms{"%a, %d %b %Y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y",
                               "%A, %d-%b-%y %H:%M:%S GMT"};
    std::string given(text);
    const auto leap_second = given.find(":60 ");
    if (leap_second != std::string::npos) {
        given.replace(leap_second, 3, ":59");
    }
    const std::time_t found = curl_getdate(given.c_str(), nullptr);
    const sys_seconds time{
        std::chrono::seconds(found + (leap_second != std::string::npos ? 1 : 0))};
    std::tm parts{};
    ::gmtime_r(&found, &parts);
    if (parts.tm_year > 9999 - 1900) {
        return std::nullopt;
    }
    for (const char* const form : forms) {
        for (parts.tm_wday = 0; parts.tm_wday < 7; ++parts.tm_wday) {
            std::array<char, 64> printed{};
            const auto size = std::strftime(printed.data(), printed.size(), form, &parts);
            if (given == std::string_view(printed.data(), size)) {
                // Only the last form has a year of two digits.
                return form == forms.back() ? in_nearest_century(time, now) : time;
            }
        }
    }
    return std::nullopt;
}

}  // namespace bqconn::http
