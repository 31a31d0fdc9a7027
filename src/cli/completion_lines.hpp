#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bqconn/commands/candidates.hpp"
#include "bqconn/output/console.hpp"

namespace bqconn::cli {

// What can stand where the cursor is.
struct Completion {
    std::vector<commands::Candidate> candidates;
    bool files = false;
    std::string prefix;  // of the word, no part of the candidates

    void add(std::string_view value, std::string_view description = {}) {
        candidates.push_back({std::string(value), std::string(description)});
    }
};

// The lines that `bqconn __complete` prints and the scripts of the shells read: for each candidate
// "value<TAB>description", then ":files" or ":nofiles" and the prefix.
std::string lines_of(const Completion& completion, const output::Console& console);

}  // namespace bqconn::cli
