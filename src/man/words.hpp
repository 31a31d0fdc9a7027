// Single words of mdoc(7): escaping, and recognising flags and variables.
#pragma once

#include <string>
#include <string_view>

namespace bqconn::man {

// Escapes `text` so that hyphens, quotes and accents stay as a shell reads them.
std::string verbatim(std::string_view text);

// Escapes a line that would be read as a macro.
std::string not_a_request(std::string line);

// Whether the word is a placeholder: "NAME", "DATASET.TABLE", "ID...".
bool is_upper_name(std::string_view word);

// A word split from the brackets and punctuation around it, which mdoc takes as separate arguments.
struct Word {
    std::string_view before;
    std::string_view core;
    std::string_view after;
};

Word parse_word(std::string_view word);

// Brackets and punctuation as macro arguments: ") ,".
std::string spaced(std::string_view delimiters);

// The macro for a flag or variable, as "Fl \-name"; empty for other words.
std::string macro_of(std::string_view word);

}  // namespace bqconn::man
