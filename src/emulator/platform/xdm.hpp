// XDM schemas as JSON Schema: the check of a new one, and the standard classes and field groups
// that it may refer to. The full form of a schema is find_full_schema() of lake.hpp.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "bqconn/json/parse.hpp"

namespace bqconn::emulator {

// The meta:altId of a $id: "_acme.schemas.0123" of "https://ns.adobe.com/acme/schemas/0123".
std::string alt_id(const std::string& id);

// Whether `id` is the $id of one of Adobe's own classes and field groups, of which the emulator has
// a few.
bool is_standard_xdm(const std::string& id);

struct SchemaMistake {
    std::string place;  // ".properties.name.type"; empty: the schema itself
    std::string what;   // "must be an object"
};

using IsKnownXdm = std::function<bool(const std::string& id)>;

// The first mistake in a schema or field group, whose references must be known or definitions of
// its own. None if it can be resolved.
std::optional<SchemaMistake> find_schema_mistake(const json::Json& schema,
                                                 const IsKnownXdm& is_known);

}  // namespace bqconn::emulator
