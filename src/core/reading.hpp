// A text as its reader understands it: escapes undone (up to three times), without blanks, line
// breaks, invisible characters and backslashes, in lower case, the two alphabets of Base64 made
// one. Each byte of it knows where it stands in the text.
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
    std::vector<Span> spans;  // of the text, one for each byte
};

Reading read_plainly(std::string_view text);

}  // namespace bqconn
