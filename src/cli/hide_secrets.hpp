// Makes the secrets of a run known to its console, which takes them out of all that is printed.
#pragma once

#include "bqconn/config/resolve.hpp"
#include "bqconn/output/console.hpp"

namespace bqconn::cli {

// Those that were typed or stand in the environment, even if nothing comes of them.
void hide_secrets(output::Console& console, const config::Typed& typed,
                  const config::Environment& environment);

// Those that were read from files too.
void hide_secrets(output::Console& console, const config::Settings& settings);

}  // namespace bqconn::cli
