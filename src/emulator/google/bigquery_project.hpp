// The BigQuery project that the emulated connections read: datasets, tables and a few rows, from a
// JSON document described in docs/emulator.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/json/parse.hpp"

namespace bqconn::emulator {

struct BigQueryTable {
    std::string path;    // "dataset.table"
    json::Json columns;  // as Flow Service shows them: [{"name","type","xdm"[,"meta:xdmType"]}]
    json::Json rows;     // objects that have every column
};

struct BigQueryDataset {
    std::string id;
    std::string location;  // "US"
};

struct BigQueryProject {
    std::vector<BigQueryDataset> datasets;
    std::vector<BigQueryTable> tables;
};

// Null if the table is unknown.
const BigQueryTable* find_table(const BigQueryProject& project, const std::string& path);

// Null if the table has no such column.
const json::Json* find_column(const BigQueryTable& table, const std::string& name);

// "2024-01-31", "2024-01-31T23:59:59.999Z", "2024-01-31 23:59:59 UTC", … in epoch milliseconds,
// without the fraction of the second. None if it is not a date.
std::optional<std::int64_t> parse_date_time(const std::string& text);

// Throws Error (config) that starts with `source` and the location: line and column, or
// datasets[0].tables[1].rows[0].name. The error contains no values.
BigQueryProject read_bigquery_project(std::string_view text, const std::string& source);

// The built-in project.
const BigQueryProject& sample_bigquery_project();

}  // namespace bqconn::emulator
