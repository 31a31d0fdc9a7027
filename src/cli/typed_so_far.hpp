// A command line that is still being typed. Nothing is an error: unknown words are ignored.
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
    config::Typed typed;                       // valid values only
    std::set<std::string, std::less<>> flags;  // given so far, by long name
    std::vector<std::string> operands;
    bool flags_ended = false;                         // by "--"
    const config::SettingSpec* unfinished = nullptr;  // the last word is its flag

    bool has(config::Setting setting) const {
        return flags.contains(config::spec_of(setting).flag);
    }
};

// `words` precede the one being typed and exclude the program's name.
TypedSoFar typed_so_far(const std::vector<std::string>& words);

// The flag at the start of a word that also contains its value: "--sort=", "-o". `spec` is null if
// there is none.
struct FlagPart {
    const config::SettingSpec* spec = nullptr;
    std::string_view text;
};
FlagPart flag_part(const Verb& verb, std::string_view word);

}  // namespace bqconn::cli
