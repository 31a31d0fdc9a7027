// JSON Schema validation. Only this module uses the validator library.
#pragma once

#include <string>
#include <vector>

#include "bqconn/json/parse.hpp"

namespace bqconn::emulator {

// What is wrong with `value` according to `schema` (draft 7): messages that name properties and
// never contain any part of `value`. Empty if it is valid.
std::vector<std::string> schema_violations(const json::Json& schema, const json::Json& value);

}  // namespace bqconn::emulator
