// Reads dotenv text. Strict: a form on which well-known dotenv readers disagree is an error, never
// a silently different secret. No expansion. Knows no setting's name.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/core/secret.hpp"

namespace bqconn::config {

struct DotenvEntry {
    std::string name;
    Secret value;
    std::size_t line = 0;  // from 1, where the name stands
};

// `file` is for messages only. Throws Error (ExitCode::config, "config.dotenv") with file and line
// and never a value. A name given twice is an error that gives both lines.
std::vector<DotenvEntry> parse_dotenv(std::string_view text, std::string_view file);

}  // namespace bqconn::config
