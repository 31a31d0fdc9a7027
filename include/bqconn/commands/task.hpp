// What a verb was asked to do.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/config/resolve.hpp"
#include "bqconn/output/format.hpp"

namespace bqconn::commands {

struct Task {
    const config::Settings& settings;
    const std::set<std::string, std::less<>>& switches;  // "--dry-run", …
    const std::vector<std::string>& operands;            // arguments that are not flags, as ids
    output::Format format;

    bool has(std::string_view flag) const { return switches.contains(flag); }
};

}  // namespace bqconn::commands
