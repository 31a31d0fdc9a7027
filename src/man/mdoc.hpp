// Plain text as mdoc(7), the language of manual pages: what is handed in may hold any character,
// and none of it is taken for a macro. Owns the escapes; knows nothing of verbs or settings.
#pragma once

#include <string>
#include <string_view>

namespace bqconn::man {

// What every page of one build has in common.
struct Edition {
    std::string version;  // "1.2.3"
    std::string date;     // "November 3, 2026"
};

// "2026-11-03" as mdoc has its dates. Throws std::invalid_argument for what is no such date.
std::string spelled_date(std::string_view date);

// The head of a page, with its NAME. `summary` is a sentence; it loses its capital and its full
// stop.
std::string page_head(std::string_view page, std::string_view summary, const Edition& edition);

std::string section(std::string_view title);
std::string subsection(std::string_view title);

// Paragraphs, which a blank line separates. Flags and variables in them are marked as such.
std::string prose(std::string_view text);

// How a program is called, as lines: "(ID | --name NAME) [flags]".
std::string usage(std::string_view words);

// A flag as the term of a list, as --help shows it; what it does not have is empty.
std::string flag_term(std::string_view flag, std::string_view alias, std::string_view value,
                      std::string_view variable);

// A list of terms: `items` are what item() gave. Empty if there are none. A compact one has a
// column for terms as wide as `widest`.
std::string item(std::string_view term, std::string_view text);
std::string list(std::string_view items);
std::string compact_list(std::string_view items, std::string_view widest);

// Lines as they are, for commands.
std::string literal(std::string_view lines);

// Examples as --help has them: blocks between blank lines, indented by two, each under its "#
// comment".
std::string examples(std::string_view text);

}  // namespace bqconn::man
