// Prints the result of a change so that it is known even if stdout fails.
#pragma once

#include "bqconn/output/console.hpp"
#include "bqconn/output/result.hpp"

namespace bqconn::commands {

// Throws Error (`output`), with id and etag in its message, if stdout did not take the result.
void print_result(output::Console& console, const output::ConnectionResult& result,
                  output::Format format);

}  // namespace bqconn::commands
