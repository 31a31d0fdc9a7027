// A mapping set of Data Prep, applied to the rows of a table. It evaluates columns, constants and
// date(); every other expression is refused, so that no wrong value is made up.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bqconn/json/parse.hpp"

namespace bqconn::emulator {

struct RowError {
    std::string code;  // "INGEST-1555-400"
    std::string message;
};

struct MappedRow {
    json::Json document = json::Json::object();  // XDM
    std::vector<RowError> warnings = {};         // each has nullified a column
    std::vector<RowError> errors = {};           // missing required fields; any drops the row
};

// A mapping in either format.
struct MappingFields {
    std::string type;  // "ATTRIBUTE", "EXPRESSION" or "STATIC"; others are as given
    std::string source;
    std::string destination;
};

MappingFields mapping_fields(const json::Json& mapping);

class Mapping {
  public:
    // `mapping_set` in either format; `schema` is find_full_schema() of its schema.
    Mapping(const json::Json& mapping_set, json::Json schema);

    // What is wrong with each mapping, in the set's order; empty: nothing.
    const std::vector<std::string>& findings() const { return findings_; }

    // Skips the mappings that have a finding.
    MappedRow map(const json::Json& row) const;

  private:
    struct Rule {
        std::vector<std::string> destination = {};
        json::Json field = {};  // the destination's part of the schema
        std::function<json::Json(const json::Json& row)> source = {};
    };

    // Throws std::invalid_argument with the finding.
    void add_rule(const MappingFields& fields);

    json::Json schema_;
    std::vector<Rule> rules_;
    std::vector<std::string> findings_;
};

// `row` with "_errors", as the export API shows a dropped row.
json::Json rejected_row(json::Json row, const MappedRow& mapped);

}  // namespace bqconn::emulator
