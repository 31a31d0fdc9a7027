// Names the row of a table test by its PrintTo() output, so that lists of tests are readable. The
// number in front keeps names unique.
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
