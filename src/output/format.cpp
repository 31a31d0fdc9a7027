#include "bqconn/output/format.hpp"

#include <array>
#include <utility>

namespace bqconn::output {
namespace {

constexpr auto format_names = std::to_array<std::pair<Format, std::string_view>>({
    {Format::text, "text"},
    {Format::json, "json"},
    {Format::ndjson, "ndjson"},
    {Format::id, "id"},
    {Format::etag, "etag"},
    {Format::env, "env"},
    {Format::csv, "csv"},
});

}  // namespace

std::string_view name_of(Format format) {
    for (const auto& [one, name] : format_names) {
        if (one == format) {
            return name;
        }
    }
    return "";
}

std::optional<Format> parse_format(std::string_view word, bool auto_is_text) {
    if (word == "auto") {
        return auto_is_text ? Format::text : Format::json;
    }
    for (const auto& [format, name] : format_names) {
        if (name == word) {
            return format;
        }
    }
    return std::nullopt;
}

}  // namespace bqconn::output
