// JSON Schema, behind plain values. Nobody else names the validator's library.
#pragma once

#include <string>
#include <vector>

#include "bqconn/json/parse.hpp"

namespace bqconn::emulator {

// What is wrong with `value` by `schema` (draft 7), as sentences that name properties and never
// hold a part of `value`. Empty if it fits.
std::vector<std::string> schema_violations(const json::Json& schema, const json::Json& value);

}  // namespace bqconn::emulator
