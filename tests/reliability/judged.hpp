// A run of the real program against a struck service, and the promises that every such run keeps.
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
};

// Expects what holds for every run, and counts it for the figures of docs/reliability.md, which are
// printed at the end of the process.
void judge(const Judged& run, int most_posts);

// What came of it; the rest is for the caller to fill in. `environment`: NAME=value, and no more.
Judged run_binary(const Verb& verb, const std::vector<std::string>& environment,
                  const std::vector<std::string>& more);

}  // namespace bqconn::reliability
