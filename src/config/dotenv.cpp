#include "bqconn/config/dotenv.hpp"

#include <algorithm>
#include <map>

#include "bqconn/core/text.hpp"
#include "config/dotenv_line.hpp"

namespace bqconn::config {
namespace {

using dotenv::Assignment;
using dotenv::blanks;
using dotenv::Line;
using dotenv::read_value;
using dotenv::trim_blanks;

constexpr std::string_view name_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
constexpr const char* line_form = "write NAME=value, or NAME='value'";

std::string_view skip_export(std::string_view text) {
    constexpr std::string_view word = "export";
    if (text.starts_with(word) && text.size() > word.size() &&
        blanks.find(text[word.size()]) != std::string_view::npos) {
        return trim_blanks(text.substr(word.size()));
    }
    return text;
}

// Messages never quote the line: in a mistyped line any word may be the secret.
Assignment read_assignment(const Line& line) {
    const auto text = skip_export(trim_blanks(line.text));
    const auto name = text.substr(0, text.find_first_not_of(name_characters));
    const auto rest = trim_blanks(text.substr(name.size()));
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

std::string_view without_bom(std::string_view text, std::string_view file) {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    if (text.starts_with(mark)) {
        text.remove_prefix(mark.size());
    }
    const Line first{text, file, 1};
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
        first.refuse("the file is UTF-16", "save it as UTF-8");
    }
    if (trim_ascii(text).starts_with('{')) {
        first.refuse("the file is JSON, not NAME=value lines",
                     "pass a JSON credential file with --credentials");
    }
    return text;
}

}  // namespace

std::vector<DotenvEntry> parse_dotenv(std::string_view text, std::string_view file) {
    std::vector<DotenvEntry> entries;
    std::map<std::string, std::size_t> first_lines;
    std::string_view rest = without_bom(text, file);
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

}  // namespace bqconn::config
