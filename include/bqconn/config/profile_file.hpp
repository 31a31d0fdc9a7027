// Writes profiles: dotenv files with a comment at each line, mode 0600, in a folder of mode 0700.
// What it writes is read alike by all readers of dotenv files, ours included.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bqconn/config/files.hpp"
#include "bqconn/core/secret.hpp"

namespace bqconn::config {

struct ProfileEntry {
    std::string name;             // the variable; empty: the comment alone
    std::optional<Secret> value;  // none: the line is there for its owner to fill in
    std::string comment;          // stands above it; may have several lines
};

// "NAME=value" with the quotes that the value needs. Throws Error (config,
// "config.unwritable_value") where no form of it is read alike by all readers; the message does not
// hold the value.
Secret dotenv_line(std::string_view name, const Secret& value);

// Replaces the file in one step; its folder is made where it is missing. Throws Error (config).
void write_profile(const std::string& path, std::span<const ProfileEntry> entries);

// Puts one variable into a profile and keeps all its other lines: in the place of the line that
// sets it, or names the file that holds it (NAME_FILE); or of the line that waits to be filled in
// (# NAME=); or at the end. Makes the file where it is missing. Throws Error (config), and what
// parse_dotenv() throws of a file that bqconn cannot read: nothing is written then.
struct ProfileValue {
    std::string_view name;
    Secret value;
};
void set_in_profile(const std::string& path, std::span<const ProfileValue> values,
                    const ReadOptions& options = {.secret = true});

// Whether set_in_profile() could write there: throws what it would throw, before anybody is asked
// for anything. Makes the folder.
void try_profile(const std::string& path, const ReadOptions& options = {.secret = true});

}  // namespace bqconn::config
