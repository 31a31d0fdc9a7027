// bqconn create: settings → base connection → one POST → id and etag.
#pragma once

#include "bqconn/commands/context.hpp"
#include "bqconn/config/resolve.hpp"
#include "bqconn/flow/create_once.hpp"
#include "bqconn/output/format.hpp"

namespace bqconn::commands {

struct CreateOptions {
    bool dry_run = false;
    bool print_curl = false;
    flow::CreateOptions once;
};

// Throws Error.
void create(Context& context, const config::Settings& settings, const CreateOptions& options,
            output::Format format);

}  // namespace bqconn::commands
