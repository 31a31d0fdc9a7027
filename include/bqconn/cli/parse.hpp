// Reads argv, for running and for completion. Only this unit's source uses CLI11. No message shows
// a value: it may be a secret.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/config/resolve.hpp"
#include "bqconn/core/error.hpp"

namespace bqconn::cli {

struct CommandLine {
    const commands::Verb* verb = nullptr;        // null: none was given, or it is unknown
    const commands::VerbGroup* group = nullptr;  // show the help of this group
    config::Typed typed;                         // --output even without a verb that takes it
    commands::Flags flags;
    std::vector<std::string> operands;
    bool flags_ended = false;                      // by "--"
    const config::SettingSpec* waiting = nullptr;  // the last word is its flag, without a value
    std::optional<Error> mistake;                  // the first one, of kind usage

    bool has(commands::Flag flag) const { return flags.contains(flag); }
};

// `args` exclude the program's name. Reads as much as possible, even of a line that is
// incomplete or wrong.
CommandLine read(const std::vector<std::string>& args);

}  // namespace bqconn::cli
