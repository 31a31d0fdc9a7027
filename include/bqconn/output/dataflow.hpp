// What verbs print of datasets, schemas, dataflows and runs. render() of result.hpp takes lists of
// ListedDataset, lake::Schema, dataflow::Dataflow and dataflow::Run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bqconn/dataflow/dataflows.hpp"
#include "bqconn/dataflow/runs.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/lake/datasets.hpp"
#include "bqconn/lake/schemas.hpp"
#include "bqconn/output/format.hpp"
#include "bqconn/output/result.hpp"
#include "bqconn/output/table.hpp"

namespace bqconn::output {

struct ListedDataset {
    lake::Dataset dataset;
    std::string schema_title;  // empty if unknown
};

// The fields of a schema; as Format::id, only their paths.
std::string render(const lake::SchemaFields& schema, Format format, const Style& style);

// `list` and `get` have the same keys. Keys may be added but never removed.
json::OrderedJson to_json(const dataflow::Dataflow& one);
std::string text_of(const dataflow::Dataflow& one, const std::string& sandbox_name);

// What is known about a run that did not succeed.
struct Diagnosis {
    dataflow::Dataflow dataflow;
    std::optional<dataflow::Run> run;      // none: no run failed or has errors
    std::optional<dataflow::Cause> cause;  // none: the service gives no reason
    // As the service stored them; none: they were not asked for.
    std::optional<std::vector<json::OrderedJson>> rejected_rows;
};

std::string render(const Diagnosis& diagnosis, Format format, const Style& style);

}  // namespace bqconn::output
