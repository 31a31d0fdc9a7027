// The environment of the command that `exec` runs. The emulator's URLs and credentials replace the
// Adobe ones, so that it never gets real credentials. Google credentials that the user has set are
// kept, but go to the emulator, which refuses them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "bqconn/emulator/identity.hpp"
#include "bqconn/emulator/message.hpp"

namespace bqconn::emulator {

struct CommandSettings {
    std::string url;
    std::string ca_file;  // empty: not set
    std::string sandbox_name;
    // Replaces the API secret unless empty.
    Secret access_token;
    // Whether to add made-up Google credentials.
    bool google_credentials = true;
};

// The BQCONN_ names and values for `identity`, with Google's if `settings` asks for them.
Pairs settings_of(const Identity& identity, const CommandSettings& settings);

// `settings` as lines of a dotenv file that a shell can read too. Throws Error for a value that
// cannot be quoted so that all readers agree.
std::string env_file_text(const Pairs& settings);

// `current` and the result are NAME=value lists.
std::vector<std::string> command_environment(std::span<const std::string> current,
                                             const Identity& identity,
                                             const CommandSettings& settings);

}  // namespace bqconn::emulator
