// What the two halves of the dotenv reader share: dotenv.cpp finds lines and names,
// dotenv_value.cpp reads the values. Private to them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "bqconn/core/secret.hpp"

namespace bqconn::config::dotenv {

inline constexpr std::string_view blanks = " \t";

std::string_view trim_blanks(std::string_view text);

struct Line {
    std::string_view text;  // without its end
    std::string_view file;
    std::size_t number = 0;

    // Throws Error. Neither text may hold a word of the line.
    [[noreturn]] void refuse(const std::string& problem, const std::string& hint) const;
};

// A line that is known to be of the form NAME=value. It lives no longer than its line.
struct Assignment {
    const Line& line;
    std::string name;
    std::string_view value;  // with its quotes, without blanks around it

    // Throws Error, with the name before the problem.
    [[noreturn]] void refuse(const std::string& problem, const std::string& hint) const;
};

// The value that is meant; throws Error for a form that well-known readers read differently.
Secret read_value(const Assignment& assignment);

}  // namespace bqconn::config::dotenv
