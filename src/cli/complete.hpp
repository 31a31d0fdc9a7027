// bqconn __complete WORD... CURRENT: what the completion scripts run each time tab is pressed.
// CURRENT is the word at the cursor, up to the cursor; the words before it exclude the program's
// name, and all are without shell quoting.
//
// stdout has one candidate per line, "VALUE<tab>DESCRIPTION", not filtered by CURRENT: shells match
// by their own rules. The last line is ":files PREFIX" or ":nofiles PREFIX": whether to complete
// file names, and the start of CURRENT ("--sort=", "@") that is not part of a candidate or file
// name.
//
// Nothing is written to stderr or logged, and the exit code is 0. If something fails, fewer
// candidates are offered.
#pragma once

#include <string_view>

#include "bqconn/cli/run.hpp"
#include "bqconn/output/console.hpp"

namespace bqconn::cli {

inline constexpr std::string_view complete_verb = "__complete";

void complete(const Program& program, output::Console& console) noexcept;

}  // namespace bqconn::cli
