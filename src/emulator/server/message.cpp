#include "emulator/server/message.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>

#include "bqconn/core/text.hpp"
#include "emulator/server/problem.hpp"

namespace bqconn::emulator {

std::string Request::header(std::string_view name) const {
    const std::string wanted = to_lower_ascii(name);
    for (const auto& [key, value] : headers) {
        if (to_lower_ascii(key) == wanted) {
            return std::string(trim_ascii(value));
        }
    }
    return {};
}

std::string Request::media_type() const {
    const std::string type = header("Content-Type");
    return to_lower_ascii(trim_ascii(std::string_view(type).substr(0, type.find(';'))));
}

std::string Request::bearer_token() const {
    constexpr std::string_view scheme = "bearer ";
    const std::string value = header("Authorization");
    if (!to_lower_ascii(value).starts_with(scheme)) {
        return {};
    }
    return std::string(trim_ascii(std::string_view(value).substr(scheme.size())));
}

Request make_request(std::string method, std::string target, Pairs headers, std::string body) {
    const auto question = target.find('?');
    Request request;
    request.path = target.substr(0, question);
    if (question != std::string::npos) {
        request.query = parse_pairs(std::string_view(target).substr(question + 1));
    }
    request.method = std::move(method);
    request.target = std::move(target);
    request.headers = std::move(headers);
    request.body = std::move(body);
    return request;
}

std::string dump(const Json& document) {
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Answer json_answer(int status, const Json& document, Pairs headers) {
    headers.emplace(headers.begin(), "Content-Type", "application/json");
    return {.status = status, .headers = std::move(headers), .body = dump(document)};
}

std::string http_date(std::chrono::system_clock::time_point time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 30> text{};
    std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return text.data();
}

bool is_word(std::string_view text, std::string_view others) {
    return !text.empty() && std::ranges::all_of(text, [&](unsigned char c) {
        return std::isalnum(c) != 0 || others.find(static_cast<char>(c)) != std::string_view::npos;
    });
}

std::string percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned char byte = 0;
        const char* const digits = text.data() + i + 1;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
            out += static_cast<char>(byte);
            i += 2;
        } else {
            out += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view hex_digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (is_word({&c, 1}, "-._~")) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', hex_digits[byte >> 4U], hex_digits[byte & 15U]};
        }
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

Pairs read_form(const Request& request) {
    constexpr std::string_view form_type = "application/x-www-form-urlencoded";
    if (!request.query.empty()) {
        throw oauth_problem(400, "invalid_request",
                            "parameters belong in the body, never in the query");
    }
    if (request.media_type() != form_type) {
        throw oauth_problem(400, "invalid_request", "the body must be " + std::string(form_type));
    }
    return parse_pairs(request.body);
}

std::string parameter(const Pairs& form, std::string_view name) {
    const std::string* found = nullptr;
    for (const auto& [key, value] : form) {
        if (key != name) {
            continue;
        }
        if (found != nullptr) {
            throw oauth_problem(400, "invalid_request",
                                std::string(name) + " is given more than once");
        }
        found = &value;
    }
    return found == nullptr ? std::string() : *found;
}

}  // namespace bqconn::emulator
