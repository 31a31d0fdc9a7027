// A run of the real program against a faulty service, and the promises that every such run keeps.
#pragma once

#include <string>
#include <vector>

#include "reliability/scene.hpp"

namespace bqconn::reliability {

struct Judged {
    std::string what;  // "create, fetched token, call 1 struck"
    int expected = 0;
    int status = 0;
    std::string out;
    std::string err;
    int posts = 0;
    bool lists_parts = false;                // after a failure, too
    std::vector<std::string> outcomes = {};  // of the changes of a manifest; empty: not checked
};

// Checks the promises for every run, and counts it for the figures in docs/reliability.md, which
// are printed when the process ends.
void judge(const Judged& run, int most_posts);

// The run's result; the caller fills in the rest. `environment` is NAME=value and nothing else.
Judged run_binary(const Verb& verb, const std::vector<std::string>& environment,
                  const std::vector<std::string>& more);

}  // namespace bqconn::reliability
