// The output formats of a result.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace bqconn::output {

enum class Format { text, json, ndjson, id, etag, env, csv };

// In the order of the enumerators.
inline constexpr auto format_names =
    std::to_array<std::string_view>({"text", "json", "ndjson", "id", "etag", "env", "csv"});

constexpr std::string_view name_of(Format format) {
    return format_names[static_cast<std::size_t>(format)];
}

// "auto" is text or json. nullopt: not a format.
constexpr std::optional<Format> parse_format(std::string_view word, bool auto_is_text) {
    if (word == "auto") {
        return auto_is_text ? Format::text : Format::json;
    }
    const auto* const found = std::find(format_names.begin(), format_names.end(), word);
    return found == format_names.end()
               ? std::nullopt
               : std::optional(static_cast<Format>(found - format_names.begin()));
}

}  // namespace bqconn::output
