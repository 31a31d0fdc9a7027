// Where profiles are, and which there are.
#pragma once

#include <string>
#include <vector>

#include "bqconn/config/resolve.hpp"

namespace bqconn::config {

// $XDG_CONFIG_HOME/bqconn, else ~/.config/bqconn; empty if there is neither variable.
std::string profile_folder(const Environment& environment);

// A bare name: no folder, no dot in front.
bool is_profile_name(std::string_view name);

// The names of the profiles, sorted; none where the folder cannot be read.
std::vector<std::string> profile_names(const Environment& environment);

}  // namespace bqconn::config
