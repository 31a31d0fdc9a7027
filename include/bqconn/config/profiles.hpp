// Finds and lists profiles.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bqconn/config/resolve.hpp"
#include "bqconn/config/source.hpp"

namespace bqconn::config {

// $XDG_CONFIG_HOME/bqconn, else ~/.config/bqconn; empty if neither variable is set.
std::string profile_folder(const Environment& environment);

// The profile to read if none is named.
inline constexpr std::string_view default_profile = "default";

// The file of a profile. Throws Error: (usage) for an invalid name, (config, "config.no_home") if
// there is no folder for it. `source` is where the name came from.
std::string profile_path(const Environment& environment, std::string_view name,
                         const Source& source);

// A bare name: no folder, no leading dot.
bool is_profile_name(std::string_view name);

// The names of the profiles, sorted; empty if the folder cannot be read.
std::vector<std::string> profile_names(const Environment& environment);

}  // namespace bqconn::config
