// Text in columns, as wide as a terminal shows it: wide characters count twice, combining ones not
// at all.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bqconn::output {

// How text results are written.
struct Style {
    std::size_t columns = 0;  // of the terminal; 0: no terminal, so nothing is cut
    bool colour = false;
};

// The columns that a terminal needs for `text`, which is one line of UTF-8.
std::size_t display_width(std::string_view text);

// The start of `text` that fits into `columns`, with "…" behind it if something was cut.
std::string cut_to_width(std::string_view text, std::size_t columns);

struct ColumnTitle {
    std::string_view title;
    // Where the terminal is too narrow:
    bool may_be_cut = false;
    int left_out = 0;  // the first of the columns that can be missed is 1; 0: never
};

using Row = std::vector<std::string>;

// Titles, then rows, each line ended. Cells are made inert; every row has a cell for each title.
std::string table(std::vector<ColumnTitle> titles, const std::vector<Row>& rows,
                  const Style& style);

// "key  value" lines, keys in one column.
std::string details(const std::vector<std::pair<std::string_view, std::string>>& lines);

// Comma-separated values (RFC 4180, lines end with LF). Every text cell is quoted and made inert,
// so that it cannot end a line or begin one with what a CI system obeys; the exact value is in
// json.
std::string csv(const std::vector<std::string>& titles, const std::vector<Row>& rows);

// "2026-01-31 12:00" in the time zone of the user; "-" for 0.
std::string local_time(long long milliseconds);

}  // namespace bqconn::output
