// The environment of the command that `exec` runs: the emulator's URLs and credentials in place of
// the Adobe ones, so that real credentials never meet the emulator. The Google credentials that the
// user has set stay, but go to the emulator too: it refuses them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "bqconn/emulator/identity.hpp"
#include "bqconn/emulator/message.hpp"

namespace bqconn::emulator {

struct CommandSettings {
    std::string url;
    std::string ca_file;  // empty: none is given
    std::string sandbox_name;
    // Given instead of the api secret, where it is not empty.
    Secret access_token;
    // Made-up Google credentials, where the user has set none.
    bool google_credentials = true;
};

// The BQCONN_ names and values for `identity`, Google's included if `settings` says so.
Pairs settings_of(const Identity& identity, const CommandSettings& settings);

// `settings` as lines of a dotenv file that a shell can read too. Throws Error where a value could
// not be written so that all readers agree on it.
std::string env_file_text(const Pairs& settings);

// `current` and the result are lists of NAME=value.
std::vector<std::string> command_environment(std::span<const std::string> current,
                                             const Identity& identity,
                                             const CommandSettings& settings);

}  // namespace bqconn::emulator
