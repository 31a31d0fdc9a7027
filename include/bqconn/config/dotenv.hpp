// Reads dotenv text. Strict: a form on which well-known dotenv readers disagree is an error, never
// a silently different secret (docs/dotenv.md has the table). No expansion. Knows no setting's
// name, only their common prefix.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/core/secret.hpp"

namespace bqconn::config {

// Whose lines are ours. People share one dotenv file among several tools, so the lines of others
// are skipped, whatever their form, as long as every reader sees where they end.
inline constexpr std::string_view dotenv_prefix = "BQCONN_";

struct DotenvEntry {
    std::string name;
    Secret value;
    std::size_t line = 0;  // from 1
};

// The entries whose name begins with dotenv_prefix, in the order of the file. A name is
// [A-Z0-9_]+; that there is such a setting is the caller's to check, and so is an empty value
// (`NAME=`). `file` is for messages only.
//
// Throws Error (ExitCode::config, "config.dotenv") that names file and line and never a value. The
// variable is named only if its line has the form NAME=…: in a mistyped line any word may be a
// piece of the secret. A line is ours if the prefix, in any case, begins a word before its first
// `=`: one that was meant for us is thus never skipped. A name given twice is an error that gives
// both lines.
std::vector<DotenvEntry> parse_dotenv(std::string_view text, std::string_view file);

}  // namespace bqconn::config
