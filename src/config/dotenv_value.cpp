#include <algorithm>
#include <array>

#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "config/dotenv_line.hpp"

namespace bqconn::config::dotenv {
namespace {

// How to write this value unambiguously.
std::string quoting(const Assignment& assignment) {
    const auto value = assignment.value;
    const bool literal = value.find('\'') == std::string_view::npos &&
                         value.find("\\\\") == std::string_view::npos && !value.ends_with('\\');
    return literal ? "quote the value: " + assignment.name + "='…'"
                   : "quote the value: " + assignment.name +
                         "=\"…\", with a backslash before each \", \\ and $ in it";
}

// What makes an unquoted value ambiguous.
struct Trap {
    std::string_view characters;
    const char* problem;
};

constexpr std::array traps{
    Trap{"#", "contains an unquoted \"#\", which some readers treat as a comment"},
    Trap{" \t\v\f", "contains an unquoted blank, where some readers end the value"},
    Trap{"'\"", "contains a quote inside an unquoted value"},
    Trap{"$`", "contains an unquoted \"$\" or backtick, which some readers expand"},
    Trap{"\\", "contains an unquoted backslash, which some readers remove"},
    Trap{";&|<>()", "contains one of ; & | < > ( ) unquoted, where a shell ends the value"},
    Trap{"{}", "contains an unquoted brace, which some shells expand"},
};

// Blanks outside ASCII: some readers trim them.
constexpr std::array<std::string_view, 22> wide_blanks{
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82",
    "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88",
    "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\x8b", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf",
    "\xe2\x81\x9f", "\xe3\x80\x80", "\xe2\x81\xa0", "\xef\xbb\xbf"};

void check_unquoted(const Assignment& assignment) {
    const auto value = assignment.value;
    if (const auto at = value.find_first_of(" \t#");
        at != std::string_view::npos && trim_blanks(value.substr(at)).starts_with('#')) {
        assignment.refuse(traps[0].problem,
                          quoting(assignment) + ", or put the comment on a line of its own");
    }
    for (const auto& trap : traps) {
        if (value.find_first_of(trap.characters) != std::string_view::npos) {
            assignment.refuse(trap.problem, quoting(assignment));
        }
    }
    if (value.starts_with('~') || value.find(":~") != std::string_view::npos) {
        assignment.refuse("contains an unquoted \"~\", which a shell expands",
                          "bqconn does not expand it: write the full path");
    }
    const bool wide = std::any_of(wide_blanks.begin(), wide_blanks.end(), [value](auto blank) {
        return value.find(blank) != std::string_view::npos;
    });
    if (wide || has_control_character(value)) {
        assignment.refuse("contains an invisible character",
                          "remove it; or " + quoting(assignment));
    }
}

// After the closing quote at `end`, only a comment set off by a blank is allowed.
void check_after_quote(const Assignment& assignment, std::size_t end) {
    const auto rest = assignment.value.substr(end + 1);
    if (!rest.empty() && (blanks.find(rest.front()) == std::string_view::npos ||
                          !trim_blanks(rest).starts_with('#'))) {
        assignment.refuse("has text after its closing quote", quoting(assignment));
    }
}

[[noreturn]] void refuse_unclosed(const Assignment& assignment) {
    assignment.refuse("its quote is not closed on the same line",
                      "close it; put a value of several lines in a separate file");
}

std::string read_literal(const Assignment& assignment) {
    const auto end = assignment.value.find('\'', 1);
    if (end == std::string_view::npos) {
        refuse_unclosed(assignment);
    }
    const auto content = assignment.value.substr(1, end - 1);
    if (content.ends_with('\\') || content.find("\\\\") != std::string_view::npos) {
        assignment.refuse(
            "contains \\\\ or \\' in single quotes, which some readers treat as an escape",
            "put it in double quotes, with a backslash before each \", \\ and $ in it");
    }
    check_after_quote(assignment, end);
    return std::string(content);
}

char unescaped(const Assignment& assignment, char escape) {
    constexpr std::string_view escapes = "ntr\"\\$";
    constexpr std::string_view meant = "\n\t\r\"\\$";
    const auto at = escapes.find(escape);
    if (at == std::string_view::npos) {
        assignment.refuse(
            "contains an unknown escape in double quotes",
            "use only \\n, \\t, \\r, \\\", \\\\ and \\$; or use single quotes, where a "
            "backslash is literal");
    }
    return meant[at];
}

std::string read_escaped(const Assignment& assignment) {
    const auto written = assignment.value;
    std::string value;
    value.reserve(written.size());  // no reallocation: it would leave a copy of a secret behind
    for (std::size_t at = 1; at < written.size(); ++at) {
        const char c = written[at];
        if (c == '"') {
            check_after_quote(assignment, at);
            return value;
        }
        if (c == '$' || c == '`') {
            assignment.refuse(
                "contains a \"$\" or backtick in double quotes, which some readers expand",
                "use single quotes, or write \\$");
        }
        if (c != '\\') {
            value += c;
        } else if (++at < written.size()) {
            value += unescaped(assignment, written[at]);
        }
    }
    refuse_unclosed(assignment);
}

}  // namespace

std::string_view trim_blanks(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

void Line::refuse(const std::string& problem, const std::string& hint) const {
    throw Error(ExitCode::config, "config.dotenv",
                inert_line(file) + ":" + std::to_string(number) + ": " + problem, hint);
}

void Assignment::refuse(const std::string& problem, const std::string& hint) const {
    line.refuse(name + ": " + problem, hint);
}

Secret read_value(const Assignment& assignment) {
    if (assignment.value.starts_with('\'')) {
        return Secret(read_literal(assignment));
    }
    if (assignment.value.starts_with('"')) {
        return Secret(read_escaped(assignment));
    }
    check_unquoted(assignment);
    return Secret(std::string(assignment.value));
}

}  // namespace bqconn::config::dotenv
