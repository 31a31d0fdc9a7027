// The rows that a run copies from a table: those of its window that pass the row filter. Also the
// row filter itself, a small part of PQL in JSON.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/google/bigquery_project.hpp"
#include "emulator/server/problem.hpp"

namespace bqconn::emulator {

// Epoch milliseconds; `to` is not included.
struct Window {
    std::int64_t from = 0;
    std::int64_t to = 0;
};

// Reading failed; what() is what Google would say. It contains no value of a row.
class ReadFailed : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Null if there is no such table.
const BigQueryTable* find_table(const BigQueryProject& project, const std::string& path);

// "2024-01-31", "2024-01-31T23:59:59.999Z", "2024-01-31 23:59:59 UTC", … in epoch milliseconds;
// none if it is not a date.
std::optional<std::int64_t> parse_date_time(const std::string& text);

// Whether a row passes.
using RowFilter = std::function<bool(const Json& row)>;

// `filter` is params.filters of a source connection. Throws Refused (1349-400 to 1352-400) if it is
// invalid, or does not fit the columns of `table`, which must outlive the result; null: only its
// form is checked.
RowFilter parse_row_filter(const Json& filter, const BigQueryTable* table);

// What a run reads.
struct RowQuery {
    std::string table;
    std::vector<std::string> columns = {};   // empty: all
    std::vector<std::string> required = {};  // further columns that the table must have
    Json filter = nullptr;
    std::string delta_column = {};
    std::optional<Window> window = {};  // none: every row
};

// Throws ReadFailed. `google_project` only appears in its words.
Json read_rows(const RowQuery& query, const BigQueryProject& project,
               const std::string& google_project);

}  // namespace bqconn::emulator
