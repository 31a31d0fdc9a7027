// A command line that is still being typed. Nothing is refused: what cannot be understood is passed
// over.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/cli/verbs.hpp"
#include "bqconn/config/resolve.hpp"

namespace bqconn::cli {

struct TypedSoFar {
    const Verb* verb = nullptr;
    config::Typed typed;  // values that pass their check
    // The flags that were given, by their long names.
    std::set<std::string, std::less<>> flags;
    std::vector<std::string> operands;
    bool flags_ended = false;  // by "--"
    const config::SettingSpec* unfinished =
        nullptr;  // the last word is its flag: the value follows

    bool has(config::Setting setting) const {
        return flags.contains(config::spec_of(setting).flag);
    }
};

// The words before the one that is being typed, without the program's name.
TypedSoFar typed_so_far(const std::vector<std::string>& words);

// The beginning of `word` that is a flag with its value behind it: "--sort=", "-o". The spec is
// that of its setting; null: there is none.
struct FlagPart {
    const config::SettingSpec* spec = nullptr;
    std::string_view text;
};
FlagPart flag_part(const Verb& verb, std::string_view word);

}  // namespace bqconn::cli
