// Reads schemas of Experience Platform and their fields. Source: Schema Registry API.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bqconn/flow/service.hpp"

namespace bqconn::lake {

struct Schema {
    std::string id;      // its $id, a URI
    std::string alt_id;  // its meta:altId, which needs no encoding
    std::string title;
    std::string version;
};

// Kinds of value, of a column as well as of a field.
enum class Type { unknown, string, integer, number, boolean, date, date_time, object, array };

std::string_view name_of(Type type);  // "date-time"

// The type of a JSON Schema, such as a field or the "xdm" of a column.
Type type_of(const json::Json& schema);

struct Field {
    std::string path;  // "_acme.orderId"; below an array: "lines[*].sku"
    Type type = Type::unknown;
    bool required = false;  // in the object that holds it
};

struct SchemaFields {
    Schema schema;
    std::vector<Field> fields;  // every level; a field comes after the object that holds it

    // Null if there is none. `path` may have an index where the field's has [*].
    const Field* find(std::string_view path) const;
};

// The schemas of the organisation, by title. Throws Error: the service's refusal, or
// `bad_response`.
std::vector<Schema> read_schemas(flow::FlowService& service);

// `id` is the $id or meta:altId. Throws Error, such as `not_found`.
SchemaFields read_schema(flow::FlowService& service, const std::string& id);

// The paths that a document needs but that no destination fills: a required field, unless the
// optional object that holds it is left out as a whole.
std::vector<std::string> missing_fields(const SchemaFields& schema,
                                        const std::set<std::string>& destinations);

}  // namespace bqconn::lake
