// Reads dotenv text. Strict: a form on which well-known dotenv readers disagree is an error, never
// a silently different secret (docs/dotenv.md has the table). No expansion. Knows only the common
// prefix of the settings, not their names.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/core/secret.hpp"

namespace bqconn::config {

// The prefix of bqconn's lines. A dotenv file may be shared with other tools, so other lines are
// skipped, whatever their form, if all readers agree on where they end.
inline constexpr std::string_view dotenv_prefix = "BQCONN_";

struct DotenvEntry {
    std::string name;
    Secret value;
    std::size_t line = 0;  // from 1
};

// The entries whose name begins with dotenv_prefix, in the order of the file. A name is
// [A-Z0-9_]+; the caller checks for unknown settings and empty values (`NAME=`). `file` is for
// messages only.
//
// Throws Error (ExitCode::config, "config.dotenv") that names file and line and never a value. The
// variable is named only if its line has the form NAME=…: in a mistyped line any word may be part
// of the secret. A line is bqconn's if the prefix, in any case, begins a word before its first
// `=`, so that a mistyped line is not skipped. A duplicate name is an error that gives both lines.
std::vector<DotenvEntry> parse_dotenv(std::string_view text, std::string_view file);

// Whether the first line that is not a comment has the form NAME=…, with any name.
bool looks_like_dotenv(std::string_view text);

}  // namespace bqconn::config
