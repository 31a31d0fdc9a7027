// The schemas and datasets that every sandbox starts with, from a JSON document described in
// docs/emulator.md.
#pragma once

#include <string>
#include <string_view>

#include "bqconn/json/parse.hpp"

namespace bqconn::emulator {

struct Lake {
    std::string tenant;   // the organisation's own fields are below "_" and this
    json::Json schemas;   // as POST /tenant/schemas takes them, and "id", the last part of the $id
    json::Json datasets;  // "id", "name", and "schema", the title of the schema
};

// Throws Error (config) that starts with `source` and the location: line and column, or
// schemas[0].allOf. The error contains no values.
Lake read_lake(std::string_view text, const std::string& source);

// The built-in one.
const Lake& sample_lake();

}  // namespace bqconn::emulator
