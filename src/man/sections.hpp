// Sections shared by the pages. Each is empty if it has no content.
#pragma once

#include <string>
#include <vector>

#include "bqconn/cli/verbs.hpp"

namespace bqconn::man {

// For one verb, and for bqconn(1).
std::string environment(const cli::Verb& verb);
std::string general_environment();
std::string files(const cli::Verb& verb);
std::string general_files();

std::string exit_status();
std::string see_also(std::vector<std::string> pages);

}  // namespace bqconn::man
