// The questions of `bqconn init`.
#pragma once

#include "bqconn/config/resolve.hpp"
#include "bqconn/output/console.hpp"

namespace bqconn::commands {

// Asks for the settings that a create would miss, repeating each question until the answer is
// valid, and stores them in `settings`. Paths are made absolute. Throws Error (usage,
// "usage.no_answer") at the end of the input.
void ask_what_is_missing(output::Console& console, config::Settings& settings);

}  // namespace bqconn::commands
