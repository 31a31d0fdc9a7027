// Where profiles are, and which there are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bqconn/config/resolve.hpp"
#include "bqconn/config/source.hpp"

namespace bqconn::config {

// $XDG_CONFIG_HOME/bqconn, else ~/.config/bqconn; empty if there is neither variable.
std::string profile_folder(const Environment& environment);

// The profile that is read if none is named.
inline constexpr std::string_view default_profile = "default";

// The file of a profile. Throws Error: (usage) for what is no name of one, (config,
// "config.no_home") where there is no folder for it. `source` is where the name came from.
std::string profile_path(const Environment& environment, std::string_view name,
                         const Source& source);

// A bare name: no folder, no dot in front.
bool is_profile_name(std::string_view name);

// The names of the profiles, sorted; none where the folder cannot be read.
std::vector<std::string> profile_names(const Environment& environment);

}  // namespace bqconn::config
