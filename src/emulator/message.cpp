#include "bqconn/emulator/message.hpp"

#include <array>
#include <cstdio>
#include <ctime>

#include "bqconn/core/text.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";

// 0 to 15; none if not a hexadecimal digit.
std::optional<unsigned> hex_value(char c) {
    const char upper = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    const auto at = hex_digits.find(upper);
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    return static_cast<unsigned>(at);
}

bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

}  // namespace

std::optional<std::string> Request::header(std::string_view name) const {
    const std::string wanted = to_lower_ascii(name);
    for (const auto& [key, value] : headers) {
        if (to_lower_ascii(key) == wanted) {
            return value;
        }
    }
    return std::nullopt;
}

Request make_request(std::string method, std::string target, Pairs headers, std::string body) {
    Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.headers = std::move(headers);
    request.body = std::move(body);
    const auto question = request.target.find('?');
    request.path = request.target.substr(0, question);
    if (question != std::string::npos) {
        request.query = parse_pairs(std::string_view(request.target).substr(question + 1));
    }
    return request;
}

Answer json_answer(int status, const Json& document) {
    Answer answer;
    answer.status = status;
    answer.headers.emplace_back("Content-Type", "application/json");
    answer.body = document.dump(-1, ' ', false, Json::error_handler_t::replace);
    return answer;
}

std::string http_date(std::chrono::system_clock::time_point time) {
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    // Not strftime: its output depends on the locale.
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                  days.at(static_cast<std::size_t>(parts.tm_wday)), parts.tm_mday,
                  months.at(static_cast<std::size_t>(parts.tm_mon)), parts.tm_year + 1900,
                  parts.tm_hour, parts.tm_min, parts.tm_sec);
    return text.data();
}

std::string percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            const auto high = hex_value(text[i + 1]);
            const auto low = hex_value(text[i + 2]);
            if (high && low) {
                out += static_cast<char>(*high * 16 + *low);
                i += 2;
                continue;
            }
        }
        out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
    return out;
}

std::string percent_encode(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += hex_digits[byte >> 4];
        out += hex_digits[byte & 15];
    }
    return out;
}

Pairs parse_pairs(std::string_view text) {
    Pairs pairs;
    for (const auto& part : split(text, '&')) {
        if (part.empty()) {
            continue;
        }
        const auto equals = part.find('=');
        const auto value = equals == std::string::npos ? std::string() : part.substr(equals + 1);
        pairs.emplace_back(percent_decode(part.substr(0, equals), true),
                           percent_decode(value, true));
    }
    return pairs;
}

}  // namespace bqconn::emulator
