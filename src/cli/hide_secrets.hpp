// Registers the secrets of a run with its console, which redacts them from all output.
#pragma once

#include "bqconn/config/resolve.hpp"
#include "bqconn/output/console.hpp"

namespace bqconn::cli {

// Secrets typed or found in the environment, even if unused.
void hide_secrets(output::Console& console, const config::Typed& typed,
                  const config::Environment& environment);

// Secrets in the resolved settings, including those read from files.
void hide_secrets(output::Console& console, const config::Settings& settings);

}  // namespace bqconn::cli
