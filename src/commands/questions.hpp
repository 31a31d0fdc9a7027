// The questions of `bqconn init`.
#pragma once

#include "bqconn/config/resolve.hpp"
#include "bqconn/output/console.hpp"

namespace bqconn::commands {

// Asks for what a create would miss, until each answer can be right, and puts the answers into
// `settings`. A path is made absolute. Throws Error (usage, "usage.no_answer") where the input
// ends.
void ask_what_is_missing(output::Console& console, config::Settings& settings);

}  // namespace bqconn::commands
