// The schemas and datasets that every sandbox starts with, from a JSON document described in
// docs/emulator.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bqconn/json/parse.hpp"

namespace bqconn::emulator {

struct LakeSchema {
    std::string id;   // the last part of its $id
    json::Json body;  // as POST /tenant/schemas takes it
};

struct LakeDataset {
    std::string id;
    std::string name;
    std::string schema;  // LakeSchema::id
};

struct Lake {
    std::string tenant;  // the organisation's own fields are below "_" and this
    std::vector<LakeSchema> schemas;
    std::vector<LakeDataset> datasets;
};

// Throws Error (config) that starts with `source` and the location: line and column, or
// schemas[0].allOf[1]. The error contains no values.
Lake read_lake(std::string_view text, const std::string& source);

// The built-in one.
const Lake& sample_lake();

}  // namespace bqconn::emulator
