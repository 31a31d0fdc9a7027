// Finds, lists and writes profiles: commented dotenv files with mode 0600, in a folder with mode
// 0700. All dotenv readers, including bqconn's, agree on their content.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/config/files.hpp"
#include "bqconn/config/resolve.hpp"
#include "bqconn/core/secret.hpp"

namespace bqconn::config {

// $XDG_CONFIG_HOME/bqconn, else ~/.config/bqconn; empty if neither variable is set.
std::string profile_folder(const Environment& environment);

// The file of a profile. Throws Error: (usage) for an invalid name, (config, "config.no_home") if
// there is no folder for it. `source` is where the name came from.
std::string profile_path(const Environment& environment, std::string_view name,
                         const Source& source);

// False if a folder on the way to the file cannot be entered or is not a folder.
bool is_reachable(const std::string& path);

// The error for a name without a file. It lists the profiles that exist and suggests one.
Error no_such_profile(const Environment& environment, std::string_view name, const Source& source);

// The names of the profiles, sorted; empty if the folder cannot be read.
std::vector<std::string> profile_names(const Environment& environment);

struct ProfileEntry {
    std::string name;             // the variable; empty: only a comment
    std::optional<Secret> value;  // none: a line for the user to fill in
    std::string comment;          // above the line; may have several lines
};

// "NAME=value", quoted as needed. Throws Error (config, "config.unwritable_value") if readers would
// disagree on every form; the message does not contain the value.
Secret dotenv_line(std::string_view name, const Secret& value);

// Replaces the file atomically and creates its folder if missing. Throws Error (config).
void write_profile(const std::string& path, std::span<const ProfileEntry> entries);

// Sets variables in a profile and keeps all other lines. A variable replaces the line that sets it
// or its NAME_FILE twin, or the placeholder (# NAME=), or is appended. Creates the file if missing.
// Throws Error (config) and what parse_dotenv() throws; nothing is written then.
struct ProfileValue {
    std::string_view name;
    Secret value;
};
void set_in_profile(const std::string& path, std::span<const ProfileValue> values,
                    const ReadOptions& options = {.secret = true});

// Throws what set_in_profile() would throw, so that the error comes before any question. Creates
// the folder.
void try_profile(const std::string& path, const ReadOptions& options = {.secret = true});

}  // namespace bqconn::config
