// The forms a result can have on stdout.
#pragma once

#include <optional>
#include <string_view>

namespace bqconn::output {

enum class Format { text, json, ndjson, id, etag, env, csv };

std::string_view name_of(Format format);

// "auto" is text on a terminal and json otherwise. None for a word that is no format.
std::optional<Format> parse_format(std::string_view word, bool out_is_terminal);

}  // namespace bqconn::output
