// Parses JSON strictly: one value, valid UTF-8, at most 64 levels deep, followed only by white
// space. An error gives line and column and never quotes the text, which may be a private key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bqconn::json {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;  // for output to people

class ParseError : public std::runtime_error {
  public:
    ParseError(std::size_t line, std::size_t column, const std::string& reason);
    std::size_t line() const { return line_; }      // from 1; 0 for the whole document
    std::size_t column() const { return column_; }  // in bytes, from 1; 0 likewise
    // what() is only the reason: "is not valid JSON", "is nested more than 64 levels deep", …

  private:
    std::size_t line_;
    std::size_t column_;
};

enum class DuplicateKeys { last_wins, refused };

inline constexpr int deepest_level = 64;

// Throws ParseError. Refuse duplicate keys in user input; in a service's response the last wins.
Json parse(std::string_view text, DuplicateKeys duplicates = DuplicateKeys::last_wins);

// Null if the text is not JSON: for a service's response, which may be anything.
Json parse_or_null(std::string_view text);

// The member of an object; null if it is missing or `value` is not an object.
const Json& member(const Json& value, std::string_view key);

// The array at `key` of an object; empty if it is missing or not an array.
const Json& array_at(const Json& object, std::string_view key);

// The string at `key` of an object; `fallback` if it is missing or not a string.
std::string string_at(const Json& object, std::string_view key, std::string_view fallback = {});

// The integer at `key` of an object; none if it is missing or not an integer.
std::optional<std::int64_t> integer_at(const Json& object, std::string_view key);

// Null for an empty text.
OrderedJson text_or_null(std::string_view text);

// Compact, invalid UTF-8 replaced, and safe to print (bqconn::inert_json).
std::string to_line(const Json& value);
std::string to_line(const OrderedJson& value);

// The same on several lines, indented by two.
std::string to_lines(const OrderedJson& value);

}  // namespace bqconn::json
