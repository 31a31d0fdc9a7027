// A request and its answer as the emulator sees them, and parsing of URLs and forms. It knows
// nothing about sockets, and shares no code with bqconn's HTTP client.
#pragma once

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bqconn/json/parse.hpp"

namespace bqconn::emulator {

using json::Json;
using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Request {
    std::string method;
    std::string target;  // path and query, encoded as sent
    std::string path;    // path only, encoded as sent
    Pairs query;         // decoded, in the order sent
    Pairs headers;       // in no particular order
    std::string body;

    // The first header with that name, ignoring case, trimmed; empty if missing.
    std::string header(std::string_view name) const;
    // The Content-Type in lower case, without its parameters.
    std::string media_type() const;
    // TOKEN of "Authorization: Bearer TOKEN"; empty for anything else.
    std::string bearer_token() const;
};

// Splits `target` into path and query.
Request make_request(std::string method, std::string target, Pairs headers, std::string body);

// Sent completely and at once by default.
struct Answer {
    int status = 200;
    Pairs headers = {};
    std::string body = {};
    std::chrono::milliseconds delay{0};
    bool reset = false;  // sends nothing: the connection is reset
    // Bytes of the body sent, with the full Content-Length.
    std::optional<std::size_t> cut_off = {};
    std::string fault = {};  // as --fault named it, for the log
};

// Compact; invalid UTF-8 is replaced.
std::string dump(const Json& document);

Answer json_answer(int status, const Json& document, Pairs headers = {});

// "Tue, 14 Nov 2023 22:13:20 GMT", as in the Date header.
std::string http_date(std::chrono::system_clock::time_point time);

// Decodes %XX; invalid escapes stay. `plus_is_space` is for queries and forms.
std::string percent_decode(std::string_view text, bool plus_is_space);
std::string percent_encode(std::string_view text);

// Parses and decodes key=value&…, in order; a key without '=' has an empty value.
Pairs parse_pairs(std::string_view text);

// The parameters in the body of a request to a token service. Throws Refused (invalid_request) if
// there is a query, or if the body has another type.
Pairs read_form(const Request& request);

// The value of a parameter; empty if missing. Throws Refused (invalid_request) if it is given more
// than once.
std::string parameter(const Pairs& form, std::string_view name);

// At most `count` of `all` from `first` on.
template <typename Value>
std::span<const Value> slice(const std::vector<Value>& all, std::size_t first, std::size_t count) {
    const auto rest = std::span(all).subspan(std::min(first, all.size()));
    return rest.first(std::min(count, rest.size()));
}

// Whether `text` consists of ASCII letters, digits and characters of `others`, and is not empty.
bool is_word(std::string_view text, std::string_view others);

// All of `text` as a number; none if it is not one.
template <typename Number>
std::optional<Number> whole_number(std::string_view text) {
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                    : std::nullopt;
}

}  // namespace bqconn::emulator
