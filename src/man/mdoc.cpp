#include "man/mdoc.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <stdexcept>
#include <utility>
#include <vector>

#include "bqconn/core/text.hpp"
#include "man/words.hpp"

namespace bqconn::man {
namespace {

constexpr std::size_t line_width = 72;
// Fills lines; each sentence starts a new one, as mdoc requires.
class Filler {
  public:
    void add(std::string_view word) {
        const Word parts = parse_word(word);
        const std::string macro = macro_of(parts.core);
        if (!macro.empty()) {
            end_line();
            const auto space = macro.find(' ');
            out_ += "." + macro.substr(0, space);
            out_ += parts.before.empty() ? "" : " " + spaced(parts.before);
            out_ += macro.substr(space);
            out_ += parts.after.empty() ? "" : " " + spaced(parts.after);
            out_ += "\n";
            return;
        }
        // Punctuation on its own does not end a sentence.
        const std::string text = escaped(word, parts.core) + (parts.core.empty() ? "\\&" : "");
        if (!line_.empty() && line_.size() + 1 + text.size() > line_width) {
            end_line();
        }
        line_ += (line_.empty() ? "" : " ") + text;
        if (!parts.core.empty() && parts.after.find_first_of(".?!") != std::string_view::npos) {
            end_line();
        }
    }

    std::string finished() {
        end_line();
        return std::move(out_);
    }

  private:
    // Hyphens in ordinary words are left alone.
    static std::string escaped(std::string_view word, std::string_view core) {
        const bool is_code = core.find_first_of("/.\\~`=$") != std::string_view::npos ||
                             core.starts_with('-') || core.ends_with('-');
        return is_code ? verbatim(word) : std::string(word);
    }

    void end_line() {
        if (!line_.empty()) {
            out_ += not_a_request(line_) + "\n";
            line_.clear();
        }
    }

    std::string out_;
    std::string line_;
};

std::vector<std::string> blocks_of(std::string_view text) {
    std::vector<std::string> blocks(1);
    for (const auto& line : split(text, '\n')) {
        if (line.empty()) {
            blocks.emplace_back();
        } else {
            blocks.back() += line + "\n";
        }
    }
    std::erase(blocks, "");
    return blocks;
}

int number(std::string_view text) {
    int value = 0;
    const auto* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    return result.ec == std::errc{} && result.ptr == end ? value : 0;
}

}  // namespace

std::string spelled_date(std::string_view date) {
    constexpr std::array months{"January",   "February", "March",    "April",
                                "May",       "June",     "July",     "August",
                                "September", "October",  "November", "December"};
    const auto parts = split(date, '-');
    if (parts.size() == 3) {
        const int month = number(parts[1]);
        const int day = number(parts[2]);
        if (number(parts[0]) > 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31) {
            return std::string(months.at(static_cast<std::size_t>(month - 1))) + " " +
                   std::to_string(day) + ", " + parts[0];
        }
    }
    throw std::invalid_argument("invalid date: " + std::string(date));
}

std::string page_head(std::string_view page, std::string_view summary, const Edition& edition) {
    std::string title(page);
    for (char& c : title) {
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    std::string short_summary(summary);
    while (short_summary.ends_with('.')) {
        short_summary.pop_back();
    }
    // Lower-case the first letter, unless the word is an abbreviation in capitals.
    if (short_summary.size() > 1 && std::islower(static_cast<unsigned char>(short_summary[1]))) {
        short_summary.front() =
            static_cast<char>(std::tolower(static_cast<unsigned char>(short_summary.front())));
    }
    return ".Dd " + edition.date + "\n.Dt " + title + " 1\n.Os bqconn " + edition.version +
           "\n.Sh NAME\n.Nm " + std::string(page) + "\n.Nd " + short_summary + "\n";
}

std::string section(std::string_view title) {
    return ".Sh " + std::string(title) + "\n";
}

std::string subsection(std::string_view title) {
    return ".Ss " + std::string(title) + "\n";
}

std::string prose(std::string_view text) {
    std::string out;
    for (const auto& paragraph : blocks_of(text)) {
        Filler filler;
        for (const auto& line : split(paragraph, '\n')) {
            for (const auto& word : split(line, ' ')) {
                if (!word.empty()) {
                    filler.add(word);
                }
            }
        }
        out += (out.empty() ? "" : ".Pp\n") + filler.finished();
    }
    return out;
}

std::string usage(std::string_view words) {
    std::string out;
    bool at_start = true;  // of a line, because a bracket's macro encloses the rest of its line
    for (const auto& word : split(words, ' ')) {
        const auto [before, core, after] = parse_word(word);
        if (!before.empty() && !at_start) {
            out += "\n";
            at_start = true;
        }
        out += at_start ? "." : " ";
        out += before == "(" ? "Pq " : before == "[" ? "Op " : "";
        const bool is_value = is_upper_name(core) || core == "flags";
        const auto macro = macro_of(core);
        out += core == "|"      ? "|"
               : !macro.empty() ? macro
                                : (is_value ? "Ar " : "Cm ") + verbatim(core);
        at_start = !after.empty();
        out += at_start ? "\n" : "";
    }
    return out + (at_start ? "" : "\n");
}

std::string flag_term(std::string_view flag, std::string_view alias, std::string_view value,
                      std::string_view variable) {
    std::string out;
    if (!alias.empty()) {
        const bool is_short = alias.size() == 2;
        out = macro_of(is_short ? alias : flag) + " , " + macro_of(is_short ? flag : alias);
    } else {
        out = macro_of(flag);
    }
    out += value.empty() ? "" : " Ar " + verbatim(value);
    return out + (variable.empty() ? "" : " Bq Ev " + std::string(variable));
}

std::string item(std::string_view term, std::string_view text) {
    return ".It " + std::string(term) + "\n" + prose(text);
}

std::string list(std::string_view items) {
    return items.empty() ? "" : ".Bl -tag -width Ds\n" + std::string(items) + ".El\n";
}

std::string compact_list(std::string_view items, std::string_view widest) {
    return ".Bl -tag -width \"" + std::string(widest) + "\" -compact\n" + std::string(items) +
           ".El\n";
}

std::string literal(std::string_view lines) {
    std::string out = ".Bd -literal -offset indent\n";
    for (const auto& line : split(lines, '\n')) {
        out += line.empty() ? "" : not_a_request(verbatim(line)) + "\n";
    }
    return out + ".Ed\n";
}

std::string examples(std::string_view text) {
    std::string out;
    for (const auto& block : blocks_of(text)) {
        std::string comment;
        std::string commands;
        for (const auto& indented : split(block, '\n')) {
            const std::string line = indented.starts_with("  ") ? indented.substr(2) : indented;
            if (line.starts_with("# ")) {
                comment += (comment.empty() ? "" : " ") + line.substr(2);
            } else {
                commands += line + "\n";
            }
        }
        out += out.empty() || comment.empty() ? "" : ".Pp\n";
        const bool ends = comment.ends_with('?') || comment.ends_with(':');
        out += comment.empty() ? "" : prose(comment + (ends ? "" : ":"));
        out += literal(commands);
    }
    return out;
}

}  // namespace bqconn::man
