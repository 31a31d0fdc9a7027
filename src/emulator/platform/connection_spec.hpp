// The connection spec of Google BigQuery: its auth specs on either cloud, each with a JSON Schema
// for auth.params, and validation against it. Only this unit uses the validator library.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "emulator/server/problem.hpp"
#include "emulator/store/store.hpp"

namespace bqconn::emulator {

inline constexpr std::string_view bigquery_spec_id = "3c9b37f8-13a6-43d8-bad3-b863b941fedd";
inline constexpr std::string_view bigquery_spec_version = "1.0";

// Of the data lake, the target of dataflows.
inline constexpr std::string_view data_lake_spec_id = "c604ff05-7f1a-43c0-8e18-33bf874cb11c";

// Of a source that the emulator does not serve.
inline constexpr std::string_view other_spec_id = "00000000-0000-4000-8000-0000000000a1";

// The JSON Schema of that auth spec's params; null if the cloud has no such auth spec.
Json auth_params_schema(Cloud cloud, std::string_view auth_spec_name);

// What is wrong with `params`: first by the schema, then by checks that a schema cannot express
// (the key file, the dataset id). Each message names the parameter and never contains its value.
std::vector<std::string> params_violations(Cloud cloud, std::string_view auth_spec_name,
                                           const Json& params);

// What is wrong with `value` according to `schema` (draft 7): messages that name properties and
// never contain any part of `value`. Empty if it is valid.
std::vector<std::string> schema_violations(const Json& schema, const Json& value);

// FLOW-1413-400.
Refused invalid_spec_id();

// Throws FLOW-1100-400 if the organisation has no licence for the BigQuery source.
void check_licence(const Options& options);

}  // namespace bqconn::emulator
