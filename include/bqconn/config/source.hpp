// Where a setting came from, for messages: a flag, a variable, a line of a file, a default.
#pragma once

#include <cstddef>
#include <string>

namespace bqconn::config {

struct Source {
    enum class Kind { fallback, profile, credentials, env_file, environment, flag };
    Kind kind = Kind::fallback;
    std::string name;      // the flag, the variable, or the key in the file
    std::string file;      // for what came from a file
    std::size_t line = 0;  // from 1; 0 if unknown
};

// "--project", "BQCONN_PROJECT (environment)", "ci.env:3: BQCONN_PROJECT", "key.json: project_id",
// "default".
std::string describe(const Source& source);

}  // namespace bqconn::config
