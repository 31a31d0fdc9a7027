// The connection spec of Google BigQuery: its auth specs on either cloud, each with a JSON Schema
// for auth.params.
#pragma once

#include <string_view>
#include <vector>

#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

inline constexpr std::string_view bigquery_spec_id = "3c9b37f8-13a6-43d8-bad3-b863b941fedd";
inline constexpr std::string_view bigquery_spec_version = "1.0";

// As GET /connectionSpecs/{id} returns it.
Json bigquery_connection_spec(Cloud cloud);

// The JSON Schema of that auth spec's params; null if the cloud has no such auth spec.
Json auth_params_schema(Cloud cloud, std::string_view auth_spec_name);

// What is wrong with `params`: first by the schema, then by checks that a schema cannot express
// (the key file, the dataset id). Each message names the parameter and never contains its value.
std::vector<std::string> params_violations(Cloud cloud, std::string_view auth_spec_name,
                                           const Json& params);

}  // namespace bqconn::emulator
