// The row filter of a source connection, a small part of PQL in JSON, and the tables it applies to.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "emulator/google/bigquery_project.hpp"
#include "emulator/server/problem.hpp"

namespace bqconn::emulator {

// Null if the table is unknown.
const BigQueryTable* find_table(const BigQueryProject& project, const std::string& path);

// Null if the table has no such column.
const Json* find_column(const BigQueryTable& table, const std::string& name);

// "2024-01-31", "2024-01-31T23:59:59.999Z", "2024-01-31 23:59:59 UTC", … in epoch milliseconds;
// none if it is not a date.
std::optional<std::int64_t> parse_date_time(const std::string& text);

// Whether a row passes.
using RowFilter = std::function<bool(const Json& row)>;

// `filter` is params.filters of a source connection. Throws Refused (1349-400 to 1352-400) if it is
// invalid, or does not fit the columns of `table`, which must outlive the result; null: only its
// form is checked.
RowFilter parse_row_filter(const Json& filter, const BigQueryTable* table);

}  // namespace bqconn::emulator
