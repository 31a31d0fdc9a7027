#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bqconn/commands/candidates.hpp"
#include "bqconn/output/console.hpp"

namespace bqconn::cli {

// What can be typed at the cursor.
struct Completion {
    std::vector<commands::Candidate> candidates;
    bool files = false;
    std::string prefix;  // start of the word that candidates do not include

    void add(std::string_view value, std::string_view description = {}) {
        candidates.push_back({std::string(value), std::string(description)});
    }
};

// The output of `bqconn __complete`, as described in complete.hpp.
std::string lines_of(const Completion& completion, const output::Console& console);

}  // namespace bqconn::cli
