// Parses argv. Only this unit's source uses CLI11. No message shows a value: it may be a secret.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/cli/verbs.hpp"
#include "bqconn/config/resolve.hpp"

namespace bqconn::cli {

struct Invocation {
    const Verb* verb = nullptr;  // null: no verb was given
    config::Typed typed;
    std::set<std::string, std::less<>> switches;  // by long name: "--dry-run", …
    std::vector<std::string> operands;
    bool version = false;
    const VerbGroup* group = nullptr;  // show the help of this group
    bool has(std::string_view flag) const { return switches.contains(flag); }
};

// `args` exclude the program's name. Throws Error (usage).
Invocation parse(const std::vector<std::string>& args);

}  // namespace bqconn::cli
