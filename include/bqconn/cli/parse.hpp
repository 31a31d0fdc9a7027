// argv → what was typed. CLI11 is named in this unit's source only. No message shows a value: it
// may be a secret.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/cli/verbs.hpp"
#include "bqconn/config/resolve.hpp"

namespace bqconn::cli {

struct Invocation {
    const Verb* verb = nullptr;  // null: none was named
    config::Typed typed;
    std::set<std::string, std::less<>> switches;  // "--dry-run", …, by their long names
    std::vector<std::string> operands;
    bool version = false;
    const VerbGroup* group = nullptr;  // the help of its verbs is wanted
    bool has(std::string_view flag) const { return switches.contains(flag); }
};

// `args` without the program's name. Throws Error (usage).
Invocation parse(const std::vector<std::string>& args);

}  // namespace bqconn::cli
