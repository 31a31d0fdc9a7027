// Shared by dotenv.cpp, which finds lines and names, and dotenv_value.cpp, which reads values.
// Private to them.
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

    // Throws Error. Neither text may quote the line.
    [[noreturn]] void refuse(const std::string& problem, const std::string& hint) const;
};

// A line of the form NAME=value. It must not outlive its line.
struct Assignment {
    const Line& line;
    std::string name;
    std::string_view value;  // with its quotes, without blanks around it

    // Throws Error; prefixes the problem with the name.
    [[noreturn]] void refuse(const std::string& problem, const std::string& hint) const;
};

// The parsed value; throws Error for a form that well-known readers read differently.
Secret read_value(const Assignment& assignment);

}  // namespace bqconn::config::dotenv
