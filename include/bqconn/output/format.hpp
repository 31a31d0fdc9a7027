// The output formats of a result.
#pragma once

#include <optional>
#include <string_view>

namespace bqconn::output {

enum class Format { text, json, ndjson, id, etag, env, csv };

std::string_view name_of(Format format);

// "auto" is text or json. nullopt: not a format.
std::optional<Format> parse_format(std::string_view word, bool auto_is_text);

}  // namespace bqconn::output
