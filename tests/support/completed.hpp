// What the tab key offers, without settings or a service.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/one_run.hpp"

namespace bqconn::tests {

// stdout of `bqconn __complete WORD...`.
inline std::string completed(std::vector<std::string> words) {
    OneRun run(std::move(words));
    run.args.insert(run.args.begin(), "__complete");
    EXPECT_EQ(run(), 0);
    EXPECT_EQ(run.err.str(), "");
    return run.out.str();
}

// The values only.
inline std::vector<std::string> values_of(const std::string& lines) {
    std::vector<std::string> values;
    std::istringstream in(lines);
    for (std::string line; std::getline(in, line);) {
        if (const auto tab = line.find('\t'); tab != std::string::npos) {
            values.push_back(line.substr(0, tab));
        }
    }
    return values;
}

}  // namespace bqconn::tests
