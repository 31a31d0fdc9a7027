// The emulator's page, parsed from its help text, which is the only source.
#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/core/text.hpp"
#include "bqconn/emulator/help.hpp"
#include "man/mdoc.hpp"

namespace bqconn::man {
namespace {

constexpr std::string_view program = "bqconn-emulator";

std::size_t indent_of(std::string_view line) {
    return std::min(line.find_first_not_of(' '), line.size());
}

// A block of the help text, between blank lines.
struct Part {
    std::string heading;  // text before the colon: "Usage"
    std::string form;     // text after the colon: "METHOD PATH=ACTION"
    std::vector<std::string> lines;
};

std::vector<Part> parts_of(std::string_view text) {
    std::vector<Part> parts(1);
    for (const auto& line : split(text, '\n')) {
        if (line.empty()) {
            parts.emplace_back();
            continue;
        }
        const auto colon = line.find(':');
        if (parts.back().lines.empty() && parts.back().heading.empty() && parts.size() > 1) {
            parts.back().heading = line.substr(0, colon);
            parts.back().form = trim_ascii(line.substr(colon + 1));
        } else {
            parts.back().lines.push_back(line);
        }
    }
    std::erase_if(parts, [](const Part& part) { return part.lines.empty(); });
    return parts;
}

// A line indented by two starts an entry; deeper lines continue it.
struct Entry {
    std::string term;
    std::string text;
};

std::vector<Entry> entries_of(const Part& part) {
    std::vector<Entry> entries;
    for (const auto& line : part.lines) {
        const std::string words = line.substr(indent_of(line));
        if (indent_of(line) > 2 && !entries.empty()) {
            entries.back().text += (entries.back().text.empty() ? "" : " ") + words;
            continue;
        }
        const auto gap = words.find("  ");
        const bool one_space = gap == std::string::npos && words.starts_with("--") &&
                               words.find(' ', words.find(' ') + 1) != std::string::npos;
        // A flag that fills its column is separated from its text by one space only.
        const auto end = one_space ? words.find(' ', words.find(' ') + 1) : gap;
        entries.push_back({words.substr(0, end),
                           end == std::string::npos
                               ? ""
                               : std::string(trim_ascii(std::string_view(words).substr(end)))});
    }
    return entries;
}

std::string term_of(std::string_view words) {
    std::string term = usage(words);
    for (char& c : term) {
        c = c == '\n' ? ' ' : c;
    }
    return std::string(trim_ascii(term)).substr(1);
}

std::string items_of(const Part& part) {
    std::string out;
    for (const auto& [term, text] : entries_of(part)) {
        std::string words;
        for (const auto& word : split(term, ',')) {
            words += (words.empty() ? "" : " , ") + term_of(trim_ascii(word));
        }
        out += item(words, text);
    }
    return out;
}

std::string joined(const std::vector<std::string>& lines) {
    return join(lines, "\n");
}

}  // namespace

Page emulator_page(const Edition& edition) {
    auto parts = parts_of(emulator::help_text);
    const std::string intro = joined(parts.at(0).lines);
    const auto summary = intro.find(": ") + 2;
    const auto end = intro.find(".\n", summary);
    std::string short_summary = intro.substr(summary, end - summary);
    for (char& c : short_summary) {
        c = c == '\n' ? ' ' : c;
    }

    std::string synopsis;
    std::string modes;
    std::string options;
    std::string shown;
    for (const auto& part : parts) {
        if (part.heading == "Usage") {
            for (const auto& [term, text] : entries_of(part)) {
                const std::string words = term.substr(program.size() + 1);
                synopsis += ".Nm\n" + usage(words);
                modes += item("Cm " + words.substr(0, words.find(' ')), text);
            }
        } else if (part.heading == "Examples") {
            shown = joined(part.lines);
        } else if (part.heading == "Options") {
            options = section("OPTIONS") + list(items_of(part)) + options;
        } else if (!part.heading.empty()) {
            options += subsection(part.heading) + (part.form.empty() ? "" : literal(part.form)) +
                       list(items_of(part));
        }
    }
    if (synopsis.empty() || options.empty() || shown.empty()) {
        throw std::logic_error("the emulator's help text has an unexpected layout");
    }
    std::string codes;
    codes += item("0", "serve was stopped by SIGTERM or SIGINT");
    codes += item("2", "Invalid option; nothing was started");
    return {std::string(program),
            page_head(program, short_summary, edition) + section("SYNOPSIS") + synopsis +
                section("DESCRIPTION") +
                prose(intro.substr(0, summary - 2) + " is " + intro.substr(summary)) + list(modes) +
                options + section("EXIT STATUS") +
                prose("exec exits with the status of its command. Otherwise as") +
                ".Xr bqconn 1 :\n" + list(codes) + section("EXAMPLES") + literal(shown) +
                section("SEE ALSO") + ".Xr bqconn 1\n"};
}

}  // namespace bqconn::man
