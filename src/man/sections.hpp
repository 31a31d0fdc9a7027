// The sections that the pages have in common. Each is empty where there is nothing to say.
#pragma once

#include <string>
#include <vector>

#include "bqconn/cli/verbs.hpp"

namespace bqconn::man {

// Of one verb, and of them all.
std::string environment(const cli::Verb& verb);
std::string general_environment();
std::string files(const cli::Verb& verb);
std::string general_files();

std::string exit_status();
std::string see_also(std::vector<std::string> pages);

}  // namespace bqconn::man
