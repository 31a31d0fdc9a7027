#include "man/words.hpp"

#include <algorithm>
#include <cctype>

namespace bqconn::man {
namespace {

constexpr std::string_view opening = "([";
constexpr std::string_view closing = ".,:;)]?!";

bool is_flag(std::string_view word) {
    const bool is_long = word.size() > 2 && word.starts_with("--");
    return is_long || (word.size() == 2 && word.front() == '-' &&
                       std::isalpha(static_cast<unsigned char>(word[1])) != 0);
}

}  // namespace

std::string verbatim(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '\\':
                out += "\\e";
                break;
            case '-':
                out += "\\-";
                break;
            case '\'':
                out += "\\(aq";
                break;
            case '"':
                out += "\\(dq";
                break;
            case '`':
                out += "\\(ga";
                break;
            case '^':
                out += "\\(ha";
                break;
            case '~':
                out += "\\(ti";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string not_a_request(std::string line) {
    const bool is_one = !line.empty() && (line.front() == '.' || line.front() == '\'');
    return is_one ? "\\&" + line : line;
}

bool is_upper_name(std::string_view word) {
    bool letters = false;
    for (const char c : word) {
        const bool upper = c >= 'A' && c <= 'Z';
        if (!upper && c != '_' && c != '.' && c != '-' && !(c >= '0' && c <= '9')) {
            return false;
        }
        letters = letters || upper;
    }
    return letters;
}

Word parse_word(std::string_view word) {
    const auto start = std::min(word.find_first_not_of(opening), word.size());
    Word out{word.substr(0, start), word.substr(start), {}};
    const auto last = out.core.find_last_not_of(closing);
    const auto end = last == std::string_view::npos ? 0 : last + 1;
    // The dots of "ID..." belong to the word.
    const auto core_end = out.core.substr(end).starts_with("...") ? end + 3 : end;
    out.after = out.core.substr(core_end);
    out.core = out.core.substr(0, core_end);
    return out;
}

std::string spaced(std::string_view delimiters) {
    std::string out;
    for (const char c : delimiters) {
        out += std::string(out.empty() ? "" : " ") + c;
    }
    return out;
}

std::string macro_of(std::string_view word) {
    if (is_flag(word)) {
        return "Fl " + verbatim(word.substr(1));
    }
    return word.starts_with("BQCONN_") && is_upper_name(word) ? "Ev " + verbatim(word) : "";
}

}  // namespace bqconn::man
