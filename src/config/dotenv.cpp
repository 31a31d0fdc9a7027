#include "bqconn/config/dotenv.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::config {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::string_view name_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
constexpr const char* line_form = "write NAME=value, or NAME='value'";

std::string_view trim_blanks(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    return first == std::string_view::npos
               ? std::string_view()
               : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

struct Line {
    std::string_view text;  // without its end
    std::string_view file;
    std::size_t number = 0;

    // Neither text may quote the line: in a mistyped line any word may be the secret.
    [[noreturn]] void refuse(const std::string& problem, const std::string& hint) const {
        throw Error(ExitCode::config, "config.dotenv",
                    inert_line(file) + ":" + std::to_string(number) + ": " + problem, hint);
    }
};

// A line of the form NAME=value. It must not outlive its line.
struct Assignment {
    const Line& line;
    std::string name;
    std::string_view value;  // with its quotes, without blanks around it

    [[noreturn]] void refuse(const std::string& problem, const std::string& hint) const {
        line.refuse(name + ": " + problem, hint);
    }
};

// ---- values

// How to write this value unambiguously.
std::string quoting(const Assignment& assignment) {
    const auto value = assignment.value;
    const bool literal = value.find('\'') == std::string_view::npos &&
                         value.find("\\\\") == std::string_view::npos && !value.ends_with('\\');
    return literal ? "quote the value: " + assignment.name + "='...'"
                   : "quote the value: " + assignment.name +
                         "=\"...\", with a backslash before each \", \\ and $ in it";
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
    assignment.refuse("has a quote that is not closed on the same line",
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

// The parsed value; throws Error for a form that well-known readers read differently.
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

// ---- lines

std::string_view skip_export(std::string_view text) {
    constexpr std::string_view word = "export";
    if (text.starts_with(word) && text.size() > word.size() &&
        blanks.find(text[word.size()]) != std::string_view::npos) {
        return trim_blanks(text.substr(word.size()));
    }
    return text;
}

// The name at the start of a line, and what follows it.
std::pair<std::string_view, std::string_view> split_name(std::string_view line) {
    const auto text = skip_export(trim_blanks(line));
    const auto name = text.substr(0, text.find_first_not_of(name_characters));
    return {name, trim_blanks(text.substr(name.size()))};
}

Assignment read_assignment(const Line& line) {
    const auto [name, rest] = split_name(line.text);
    if (rest.starts_with(':')) {
        line.refuse("\"NAME: value\" is YAML, which few readers understand", line_form);
    }
    if (rest.empty()) {
        line.refuse("has no \"=\" after the name", line_form);
    }
    if (!rest.starts_with('=')) {
        line.refuse("does not begin with a name and \"=\"", line_form);
    }
    const bool capitals =
        std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (!capitals || !name.starts_with(dotenv_prefix) || name == dotenv_prefix) {
        line.refuse("is not a bqconn setting name",
                    "names begin with " + std::string(dotenv_prefix) +
                        " and have only capital letters, digits and underscores");
    }
    return {line, std::string(name), trim_blanks(rest.substr(1))};
}

bool is_for_bqconn(std::string_view line) {
    const std::string before = to_lower_ascii(line.substr(0, line.find('=')));
    const std::string prefix = to_lower_ascii(dotenv_prefix);
    for (auto at = before.find(prefix); at != std::string::npos; at = before.find(prefix, at + 1)) {
        if (at == 0 || name_characters.find(before[at - 1]) == std::string_view::npos) {
            return true;
        }
    }
    return false;
}

// Lines of other tools may have any form, but if one continues on the next line, readers disagree
// on whether that line is bqconn's.
void check_foreign(const Line& line) {
    const auto separator = line.text.find_first_of("=:");
    const auto value = separator == std::string_view::npos
                           ? std::string_view{}
                           : trim_blanks(line.text.substr(separator + 1));
    bool open =
        !value.empty() && std::string_view("'\"`").find(value.front()) != std::string_view::npos;
    for (std::size_t at = 1; open && at < value.size(); ++at) {
        if (value[at] == '\\' && value.front() == '"') {
            ++at;
        } else {
            open = value[at] != value.front();
        }
    }
    const auto last = line.text.find_last_not_of('\\');
    const auto backslashes = line.text.size() - (last == std::string_view::npos ? 0 : last + 1);
    if (open || backslashes % 2 == 1) {
        line.refuse(
            open ? "a quote is not closed on the same line"
                 : "ends in a backslash: a shell joins it with the next line",
            "the line belongs to another tool, but readers disagree on where it ends: fix it, or "
            "move bqconn's settings to a separate file");
    }
}

// Bytes that readers handle differently anywhere in a line.
void check_bytes(const Line& line) {
    if (line.text.find('\0') != std::string_view::npos) {
        line.refuse("contains a NUL byte", "save the file as UTF-8 text");
    }
    if (line.text.find('\r') != std::string_view::npos) {
        line.refuse("contains a carriage return in the middle",
                    "save the file with \\n or \\r\\n at the end of each line");
    }
    if (!is_utf8(line.text)) {
        line.refuse("is not valid UTF-8", "save the file as UTF-8 text");
    }
}

void check_start(const Line& first) {
    if (first.text.starts_with("\xff\xfe") || first.text.starts_with("\xfe\xff")) {
        first.refuse("the file is UTF-16", "save it as UTF-8");
    }
    if (trim_ascii(first.text).starts_with('{')) {
        first.refuse("the file is JSON, not NAME=value lines",
                     "pass a JSON credential file with --credentials");
    }
}

}  // namespace

std::vector<DotenvEntry> parse_dotenv(std::string_view text, std::string_view file) {
    std::vector<DotenvEntry> entries;
    std::map<std::string, std::size_t> first_lines;
    std::string_view rest = without_bom(text);
    check_start({rest, file, 1});
    for (std::size_t number = 1; !rest.empty(); ++number) {
        const auto end = rest.find('\n');
        Line line{rest.substr(0, end), file, number};
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (end != std::string_view::npos && line.text.ends_with('\r')) {
            line.text.remove_suffix(1);
        }
        check_bytes(line);
        const auto content = trim_blanks(line.text);
        if (content.empty() || content.starts_with('#')) {
            continue;
        }
        if (!is_for_bqconn(line.text)) {
            check_foreign(line);
            continue;
        }
        const Assignment assignment = read_assignment(line);
        const auto [first, is_new] = first_lines.emplace(assignment.name, number);
        if (!is_new) {
            assignment.refuse("is set twice, first on line " + std::to_string(first->second),
                              "remove one of the two lines");
        }
        entries.push_back({assignment.name, read_value(assignment), number});
    }
    return entries;
}

bool looks_like_dotenv(std::string_view text) {
    for (const auto& line : split(text, '\n')) {
        if (const auto content = trim_ascii(line); !content.empty() && !content.starts_with('#')) {
            const auto [name, rest] = split_name(content);
            return !name.empty() && rest.starts_with('=');
        }
    }
    return false;
}

}  // namespace bqconn::config
