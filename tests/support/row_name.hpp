// How a row of a table test is called: by what PrintTo() says of it, so that it can be told from
// the others in a list of tests. The number in front keeps two rows apart.
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace bqconn::tests {

template <class Row>
std::string name_of_row(const testing::TestParamInfo<Row>& row) {
    constexpr std::size_t longest = 60;
    std::string name = std::to_string(row.index);
    bool between = true;
    for (const char c : testing::PrintToString(row.param)) {
        const bool plain =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (plain && name.size() < longest) {
            name += (between ? "_" : "") + std::string(1, c);
        }
        between = !plain;
    }
    return name;
}

}  // namespace bqconn::tests
