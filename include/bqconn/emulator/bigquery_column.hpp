// The schema of a BigQuery table, as `bq show --schema` prints it, and how Flow Service shows it.
#pragma once

#include <string>
#include <vector>

#include "bqconn/json/parse.hpp"

namespace bqconn::emulator {

struct BigQueryType;

struct BigQueryColumn {
    std::string name;
    const BigQueryType* type = nullptr;
    bool repeated = false;
    bool required = false;
    std::vector<BigQueryColumn> fields;  // of a RECORD
};

// Throws Error (config). `place` names a part of the document.
[[noreturn]] void refuse_bigquery(const std::string& place, const std::string& what);

// Reads an array of {"name","type"[,"mode","fields",…]}. Throws Error (config).
std::vector<BigQueryColumn> read_bigquery_schema(const json::Json& schema,
                                                 const std::string& place);

// {"name","type","xdm"[,"meta:xdmType"]}
json::Json shown_column(const BigQueryColumn& column);

// `row` with every column, missing ones as null. Throws Error (config) if a value does not match
// its column or has none. The error contains no values.
json::Json read_bigquery_row(const json::Json& row, const std::vector<BigQueryColumn>& columns,
                             const std::string& place);

}  // namespace bqconn::emulator
