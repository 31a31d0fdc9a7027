// Single words of mdoc(7): what is escaped in them, and which are flags and variables.
#pragma once

#include <string>
#include <string_view>

namespace bqconn::man {

// As it is typed: no hyphen, quote or accent of a typesetter in place of what a shell reads.
std::string verbatim(std::string_view text);

// A line that begins like a macro is text nevertheless.
std::string not_a_request(std::string line);

// "NAME", "DATASET.TABLE", "ID...": what stands for a value.
bool is_upper_name(std::string_view word);

// A word without the brackets and points around it, which mdoc wants as arguments of their own.
struct Word {
    std::string_view before;
    std::string_view core;
    std::string_view after;
};

Word taken_apart(std::string_view word);

// Brackets and points as arguments: ") ,".
std::string apart(std::string_view delimiters);

// "Fl \-name": the macro for a word that has one, else empty.
std::string marked(std::string_view word);

}  // namespace bqconn::man
