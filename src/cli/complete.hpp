// bqconn __complete WORD... CURRENT: what the scripts of `bqconn completion` ask on each press of
// the tab key. CURRENT is the word in which it was pressed, up to the cursor; the words before it
// come without the program's name, and all without the quotes of the shell.
//
// stdout has one candidate on each line, "VALUE<tab>DESCRIPTION", whatever CURRENT begins with: the
// shells choose by their own rules. The last line is ":files PREFIX" or ":nofiles PREFIX": whether
// names of files are wanted, and the beginning of CURRENT ("--sort=", "@") that belongs to no
// candidate and no name.
//
// Nothing is ever said on stderr or logged, and the exit code is 0. Whatever fails, less is
// offered.
#pragma once

#include <string_view>

#include "bqconn/cli/run.hpp"
#include "bqconn/output/console.hpp"

namespace bqconn::cli {

inline constexpr std::string_view complete_verb = "__complete";

void complete(const Program& program, output::Console& console) noexcept;

}  // namespace bqconn::cli
