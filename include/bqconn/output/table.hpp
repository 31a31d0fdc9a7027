// Text results: columns by display width (wide characters count as two, combining ones as none),
// comma-separated values, and times.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bqconn::output {

// How to format text results.
struct Style {
    std::size_t columns = 0;  // of the terminal; 0: no terminal, so cut nothing
    bool colour = false;
    bool ascii = false;  // the locale is not UTF-8: use ASCII marks
};

// `text` in the style of an ANSI code such as "1;31"; unchanged if the code is empty.
std::string styled(std::string_view text, std::string_view code);

// The number of terminal columns of `text`, one line of UTF-8.
std::size_t display_width(std::string_view text);

// The end of a text that is cut.
std::string_view cut_mark(const Style& style);

// `text`, cut to `columns` with `mark`, one column wide, at the end if it is longer.
std::string cut_to_width(std::string_view text, std::size_t columns, std::string_view mark = "…");

// Breaks lines longer than `columns` at blanks, never inside a word, and keeps their indent. 0
// columns: unchanged.
std::string wrapped(std::string_view text, std::size_t columns);

struct ColumnTitle {
    std::string_view title;
    // If the terminal is too narrow:
    bool may_be_cut = false;
    int drop_order = 0;  // 1 is dropped first; 0: never
};

using Row = std::vector<std::string>;

// Titles, then rows, one per line. Cells are made inert; every row needs a cell for each title.
std::string table(std::vector<ColumnTitle> titles, const std::vector<Row>& rows,
                  const Style& style);

// "key  value" lines with aligned values. Leaves out lines with an empty value.
std::string details(const std::vector<std::pair<std::string_view, std::string>>& lines);

// Comma-separated values (RFC 4180, lines end with LF). Every cell is quoted and made inert, so it
// cannot start a line with a CI command; JSON has the exact values.
std::string csv(const std::vector<std::string>& titles, const std::vector<Row>& rows);

// "2026-01-31 12:00" in the user's time zone; "-" for 0.
std::string local_time(long long milliseconds);

// "52 s", "4 min 12 s", "2 h 5 min", "3 d 4 h": at most two units.
std::string duration(std::chrono::seconds time);

// "in 23 h", "5 min ago"; in the largest unit with a count of at least two.
std::string distance(std::chrono::sys_seconds from, std::chrono::sys_seconds to);

}  // namespace bqconn::output
