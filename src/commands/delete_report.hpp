// The result of a delete: the outcome of each connection.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bqconn/core/error.hpp"
#include "bqconn/output/console.hpp"
#include "bqconn/output/format.hpp"

namespace bqconn::commands {

// One connection to delete.
struct Deletion {
    std::string id;
    std::string name;
    // "deleted", "absent", "recovered", "failed" or "unknown"; empty: not decided yet
    std::string outcome;
    std::optional<Error> error;  // set for "failed" and "unknown"
};

// Prints the result if anything was deleted, and throws Error unless everything was. For a single
// connection it throws that connection's own error.
void report_deletions(output::Console& console, const std::vector<Deletion>& deletions,
                      output::Format format);

}  // namespace bqconn::commands
