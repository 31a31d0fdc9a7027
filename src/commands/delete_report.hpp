// What became of each connection that was to go, for people and for scripts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bqconn/core/error.hpp"
#include "bqconn/output/console.hpp"
#include "bqconn/output/format.hpp"

namespace bqconn::commands {

// One of those that are to go.
struct Deletion {
    std::string id;
    std::string name;
    std::string outcome;  // "deleted", "absent", "recovered", "failed", "unknown"; empty so far
    std::optional<Error> error;  // where it failed
};

// Prints the result, if anything was done, and throws an Error if not all is gone. One failure of
// one is that failure; of several it depends on whether anything was done.
void report_deletions(output::Console& console, const std::vector<Deletion>& deletions,
                      output::Format format);

}  // namespace bqconn::commands
