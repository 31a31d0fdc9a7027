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

struct Page {
    std::string name;  // "bqconn-auth-token"; the file adds ".1"
    std::string text;
};

// In emulator_page.cpp; the pages of bqconn are in main.cpp.
Page emulator_page(const Edition& edition);

// "2026-11-03" in mdoc's date format. Throws std::invalid_argument for an invalid date.
std::string spelled_date(const std::string& date);

// The head of a page, with its NAME section. `summary` is a sentence; its capital and full stop are
// removed.
std::string page_head(std::string_view page, std::string_view summary, const Edition& edition);

inline std::string section(std::string_view title) {
    return ".Sh " + std::string(title) + "\n";
}
inline std::string subsection(std::string_view title) {
    return ".Ss " + std::string(title) + "\n";
}

// Paragraphs separated by blank lines. Flags and variables get their macros.
std::string prose(std::string_view text);

// The arguments of a synopsis: "(ID | --name NAME) [flags]".
std::string usage(std::string_view words);

// A flag as a list term, laid out as in --help; absent parts are empty.
std::string flag_term(std::string_view flag, std::string_view alias, std::string_view value,
                      std::string_view variable);

// A list of terms; `items` are results of item(), and without any there is no list. With `widest`,
// the list is compact and its column of terms is as wide.
std::string item(std::string_view term, std::string_view text);
std::string list(std::string_view items, std::string_view widest = {});

// Commands shown verbatim, without the indent of two that they have in --help.
std::string literal(std::string_view lines);

}  // namespace bqconn::man
