// A mapping set of Data Prep, applied to the rows of a table: columns and constants. Expressions
// are refused rather than evaluated wrongly.
#pragma once

#include <string>
#include <vector>

#include "bqconn/json/parse.hpp"

namespace bqconn::emulator {

inline constexpr const char* required_code = "INGEST-1555-400";
inline constexpr const char* conversion_code = "MAPPER-3700-400";

struct MappedRow {
    json::Json document = json::Json::object();  // XDM
    std::vector<std::string> warnings = {};      // values that became null
    std::vector<std::string> errors = {};        // missing required fields; any rejects the row
};

// One mapping of a mapping set.
struct MappingFields {
    std::string type;  // "ATTRIBUTE", "STATIC", or as given
    std::string source;
    std::string destination;
};

MappingFields mapping_fields(const json::Json& mapping);

class Mapping {
  public:
    // `schema` is find_full_schema() of the set's schema.
    Mapping(const json::Json& mapping_set, json::Json schema);

    // What is wrong with each mapping, in the set's order; empty: nothing.
    const std::vector<std::string>& findings() const { return findings_; }

    // The columns that it reads; of a nested column, the outermost.
    std::vector<std::string> columns() const;

    // Skips the mappings that have a finding.
    MappedRow map(const json::Json& row) const;

  private:
    struct Rule {
        std::vector<std::string> destination = {};
        json::Json field = {};                 // the destination's part of the schema
        std::vector<std::string> column = {};  // the source's path; empty: `constant`
        json::Json constant = {};
    };

    // Throws std::invalid_argument with the finding.
    void add_rule(const MappingFields& fields);

    json::Json schema_;
    std::vector<Rule> rules_;
    std::vector<std::string> findings_;
};

// `row` with "_errors", as the export API shows a rejected row.
json::Json rejected_row(json::Json row, const MappedRow& mapped);

}  // namespace bqconn::emulator
