// bqconn list: the BigQuery base connections of the sandbox.
#pragma once

#include "bqconn/commands/context.hpp"
#include "bqconn/config/resolve.hpp"
#include "bqconn/output/format.hpp"

namespace bqconn::commands {

// With --name only those of exactly that name. Throws Error.
void list(Context& context, const config::Settings& settings, output::Format format);

}  // namespace bqconn::commands
