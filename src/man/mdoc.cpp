#include "man/mdoc.hpp"

#include <time.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>
#include <utility>

#include "bqconn/core/text.hpp"

namespace bqconn::man {
namespace {

// Hyphens, quotes and accents stay as a shell reads them.
std::string verbatim(std::string_view text) {
    constexpr std::string_view special = "\\-'\"`^~";
    constexpr std::array escapes{"\\e", "\\-", "\\(aq", "\\(dq", "\\(ga", "\\(ha", "\\(ti"};
    std::string out;
    for (const char c : text) {
        const auto at = special.find(c);
        out += at == std::string_view::npos ? std::string(1, c) : escapes[at];
    }
    return out;
}

// Without the escape, a line that starts so would be a macro.
std::string text_line(const std::string& line) {
    return (line.starts_with('.') || line.starts_with('\'') ? "\\&" : "") + line + "\n";
}

// "NAME", "DATASET.TABLE", "ID..."
bool is_placeholder(std::string_view word) {
    const auto allowed = [](unsigned char c) {
        return std::isupper(c) != 0 || std::isdigit(c) != 0 || c == '_' || c == '.' || c == '-';
    };
    return std::all_of(word.begin(), word.end(), allowed) &&
           std::any_of(word.begin(), word.end(), [](unsigned char c) { return std::isupper(c); });
}

// The macro for a flag or variable, as "Fl \-name"; empty for other words.
std::string macro_of(std::string_view word) {
    if ((word.size() > 2 && word.starts_with("--")) ||
        (word.size() == 2 && word[0] == '-' && std::isalpha(static_cast<unsigned char>(word[1])))) {
        return "Fl " + verbatim(word.substr(1));
    }
    return word.starts_with("BQCONN_") && is_placeholder(word) ? "Ev " + verbatim(word) : "";
}

// A word split from the brackets and punctuation around it, which mdoc takes as separate arguments.
struct Word {
    std::string_view before;
    std::string_view core;
    std::string_view after;
};

Word parse_word(std::string_view word) {
    const auto start = std::min(word.find_first_not_of("(["), word.size());
    auto end = std::max(start, word.find_last_not_of(".,:;)]?!") + 1);  // 0 if there is none
    // The dots of "ID..." belong to the word.
    end += word.substr(end).starts_with("...") ? 3 : 0;
    return {word.substr(0, start), word.substr(start, end - start), word.substr(end)};
}

std::string spaced(std::string_view delimiters) {
    std::string out;
    for (const char c : delimiters) {
        out += {' ', c};
    }
    return out;
}

std::string prose_line(std::string_view word) {
    const auto [before, core, after] = parse_word(word);
    if (const std::string macro = macro_of(core); !macro.empty()) {
        return "." + macro.substr(0, 2) + spaced(before) + macro.substr(2) + spaced(after) + "\n";
    }
    // Hyphens in ordinary words are left alone.
    const bool is_code = core.find_first_of("/.\\~`=$") != std::string_view::npos ||
                         core.starts_with('-') || core.ends_with('-');
    // Punctuation on its own does not end a sentence.
    return text_line((is_code ? verbatim(word) : std::string(word)) + (core.empty() ? "\\&" : ""));
}

}  // namespace

std::string spelled_date(const std::string& date) {
    ::tm parts{};
    std::array<char, 32> month{};
    const char* const end = ::strptime(date.c_str(), "%Y-%m-%d", &parts);
    if (end == nullptr || *end != '\0') {
        throw std::invalid_argument("invalid date: " + date);
    }
    ::strftime(month.data(), month.size(), "%B ", &parts);
    return month.data() + std::to_string(parts.tm_mday) + ", " +
           std::to_string(1900 + parts.tm_year);
}

std::string page_head(std::string_view page, std::string_view summary, const Edition& edition) {
    std::string title(page);
    std::transform(title.begin(), title.end(), title.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    std::string phrase(summary.substr(0, summary.find_last_not_of('.') + 1));
    // An abbreviation in capitals keeps them.
    if (phrase.size() > 1 && std::islower(static_cast<unsigned char>(phrase[1])) != 0) {
        phrase[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(phrase[0])));
    }
    return ".Dd " + edition.date + "\n.Dt " + title + " 1\n.Os bqconn " + edition.version +
           "\n.Sh NAME\n.Nm " + std::string(page) + "\n.Nd " + phrase + "\n";
}

// One word a line, since mdoc fills lines itself.
std::string prose(std::string_view text) {
    std::string out;
    bool new_paragraph = false;
    for (const auto& line : split(text, '\n')) {
        new_paragraph = new_paragraph || (line.empty() && !out.empty());
        for (const auto& word : split(line, ' ')) {
            if (!word.empty()) {
                out += (new_paragraph ? ".Pp\n" : "") + prose_line(word);
                new_paragraph = false;
            }
        }
    }
    return out;
}

std::string usage(std::string_view words) {
    std::string line;
    for (const auto& word : split(words, ' ')) {
        const auto [before, core, after] = parse_word(word);
        line += before == "(" ? " Po" : before == "[" ? " Oo" : "";
        const std::string macro = macro_of(core);
        const bool is_value = is_placeholder(core) || core == "flags";
        line += core == "|"      ? " |"
                : !macro.empty() ? " " + macro
                                 : (is_value ? " Ar " : " Cm ") + verbatim(core);
        line += after == ")" ? " Pc" : after == "]" ? " Oc" : "";
    }
    return "." + line.substr(1) + "\n";
}

std::string flag_term(std::string_view flag, std::string_view alias, std::string_view value,
                      std::string_view variable) {
    // A short alias comes first.
    const auto [first, second] =
        alias.size() == 2 ? std::pair(alias, flag) : std::pair(flag, alias);
    return macro_of(first) + (second.empty() ? "" : " , " + macro_of(second)) +
           (value.empty() ? "" : " Ar " + verbatim(value)) +
           (variable.empty() ? "" : " Bq Ev " + std::string(variable));
}

std::string item(std::string_view term, std::string_view text) {
    return ".It " + std::string(term) + "\n" + prose(text);
}

std::string list(std::string_view items, std::string_view widest) {
    const std::string layout = widest.empty() ? "Ds" : "\"" + std::string(widest) + "\" -compact";
    return items.empty() ? "" : ".Bl -tag -width " + layout + "\n" + std::string(items) + ".El\n";
}

std::string literal(std::string_view lines) {
    std::string out = ".Bd -literal -offset indent\n";
    const auto text = lines.substr(0, lines.find_last_not_of('\n') + 1);
    for (const auto& line : split(text, '\n')) {
        out += text_line(verbatim(line.starts_with("  ") ? line.substr(2) : line));
    }
    return out + ".Ed\n";
}

}  // namespace bqconn::man
