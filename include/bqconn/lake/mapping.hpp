// The mapping of a table's columns to the fields of a schema: read from flags and files, checked,
// proposed, and written as Data Prep takes it. Source: Data Prep API.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bqconn/flow/explore.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/lake/schemas.hpp"

namespace bqconn::lake {

enum class Kind { attribute, expression, constant };

// One line of a mapping.
struct Mapping {
    Kind kind = Kind::attribute;
    std::string source;       // a column with dots in its name escaped, an expression or a constant
    std::string destination;  // "_acme.orderId"
    std::string place = {};   // where it comes from, for messages: "--map 2", "orders.csv:3"

    bool operator==(const Mapping& other) const {
        return kind == other.kind && source == other.source && destination == other.destination;
    }
};

using Mappings = std::vector<Mapping>;

// Parses "COLUMN=path", "EXPRESSION=path" or "\"text\"=path". Throws Error (usage) that begins with
// the place.
Mapping parse_pair(std::string_view text, const std::string& place,
                   const std::vector<flow::Column>& columns);

// The same for several; `place` is that of all: "--map". Throws Error.
Mappings parse_pairs(const std::vector<std::string>& texts, const std::string& place,
                     const std::vector<flow::Column>& columns);

// The text that parse_pair() reads as the mapping, if there is one.
std::string pair_of(const Mapping& mapping);

// The column that an attribute is or belongs to; otherwise of no meaning.
std::string column_of(const Mapping& mapping);

// Parses JSON in Data Prep's format (a mapping set, or its list of mappings, in the new or the old
// form), or lines of source,destination, where double quotes make a constant, as in a pair. Throws
// Error (config) with file and line.
Mappings parse_file(std::string_view text, const std::string& file,
                    const std::vector<flow::Column>& columns);

// What is wrong with a mapping: one message for each finding. A source that is neither a column nor
// an expression, a destination that the schema does not have, that is mapped twice or that cannot
// take the column's type, and a required field without a mapping. `place` begins messages about
// the mapping as a whole: "--map". `whose` begins "… no column X".
std::vector<std::string> problems_of(const Mappings& mappings,
                                     const std::vector<flow::Column>& columns,
                                     const SchemaFields& schema, const std::string& place,
                                     std::string_view whose = "the table has");

// Maps each column to a field of the same name that can take it, ignoring case and underscores in
// names.
struct Proposal {
    Mappings mappings;
    std::vector<std::string> unmapped_columns;
    std::vector<std::string> missing_fields;  // required
};
Proposal propose(const std::vector<flow::Column>& columns, const SchemaFields& schema);

// The list of mappings as parse_file() reads it.
json::OrderedJson to_json(const Mappings& mappings);

// The body of POST /mappingSets.
json::Json body_of(const std::string& name, const std::string& schema_id, const Mappings& mappings);

struct MappingSet {
    std::string id;
    std::string version;  // an integer, in some documents a string
    std::string name;
    std::string schema_id;
    Mappings mappings;
};

// Throws Error: the service's refusal, such as `not_found`, or `bad_response`.
MappingSet read_mapping_set(flow::FlowService& service, const std::string& id);

// The mapping sets with exactly that name.
std::vector<MappingSet> find_mapping_sets(flow::FlowService& service, const std::string& name);

// What Data Prep finds wrong, one message for each mapping: POST /mappingSets/validate, which
// changes nothing. `place` as above.
std::vector<std::string> refused_by_service(flow::FlowService& service,
                                            const std::string& schema_id, const Mappings& mappings,
                                            const std::string& place);

}  // namespace bqconn::lake
