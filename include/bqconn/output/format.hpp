// The forms a result can have on stdout.
#pragma once

#include <optional>
#include <string_view>

namespace bqconn::output {

enum class Format { text, json, ndjson, id, etag, env, csv };

std::string_view name_of(Format format);

// "auto" is text or json. None for a word that is no format.
std::optional<Format> parse_format(std::string_view word, bool auto_is_text);

}  // namespace bqconn::output
