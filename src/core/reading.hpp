// Normalises a text: undoes escapes (up to three times), removes blanks, line breaks, invisible
// characters and backslashes, folds case and the two Base64 alphabets. Keeps the original position
// of each byte.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bqconn {

struct Span {
    std::size_t start = 0;
    std::size_t end = 0;
};

struct Reading {
    std::string bytes;
    std::vector<Span> spans;  // the original position of each byte
};

Reading read_plainly(std::string_view text);

}  // namespace bqconn
