// The BigQuery project behind the emulated connections: datasets, tables and a few rows of them,
// read from a JSON document that docs/emulator.md describes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bqconn/json/parse.hpp"

namespace bqconn::emulator {

struct BigQueryTable {
    std::string path;    // "dataset.table"
    json::Json columns;  // as Flow Service shows them: [{"name","type","xdm"}]
    json::Json rows;     // objects in which every column stands
};

struct BigQueryDataset {
    std::string id;
    std::string location;  // "US"
};

struct BigQueryProject {
    std::vector<BigQueryDataset> datasets;
    std::vector<BigQueryTable> tables;
};

// Throws Error (config) that begins with `source` and names the place: line and column, or
// datasets[0].tables[1].rows[0].name.
BigQueryProject read_bigquery_project(std::string_view text, const std::string& source);

// The one that is built in.
const BigQueryProject& sample_bigquery_project();

}  // namespace bqconn::emulator
