// Converts plain text to mdoc(7), the language of manual pages. Input may contain any character and
// is never read as a macro. Owns the escaping; knows nothing of verbs or settings.
#pragma once

#include <string>
#include <string_view>

namespace bqconn::man {

// Shared by all pages of one build.
struct Edition {
    std::string version;  // "1.2.3"
    std::string date;     // "November 3, 2026"
};

// "2026-11-03" in mdoc's date format. Throws std::invalid_argument for an invalid date.
std::string spelled_date(std::string_view date);

// The head of a page, with its NAME section. `summary` is a sentence; its capital and full stop are
// removed.
std::string page_head(std::string_view page, std::string_view summary, const Edition& edition);

std::string section(std::string_view title);
std::string subsection(std::string_view title);

// Paragraphs separated by blank lines. Flags and variables get their macros.
std::string prose(std::string_view text);

// The arguments of a synopsis: "(ID | --name NAME) [flags]".
std::string usage(std::string_view words);

// A flag as a list term, laid out as in --help; absent parts are empty.
std::string flag_term(std::string_view flag, std::string_view alias, std::string_view value,
                      std::string_view variable);

// A list of terms; `items` are results of item(). list() is empty if there are none. The term
// column of a compact list is as wide as `widest`.
std::string item(std::string_view term, std::string_view text);
std::string list(std::string_view items);
std::string compact_list(std::string_view items, std::string_view widest);

// Lines shown verbatim, for commands.
std::string literal(std::string_view lines);

// Examples laid out as in --help: blocks separated by blank lines, indented by two, each after a
// "#" comment.
std::string examples(std::string_view text);

}  // namespace bqconn::man
