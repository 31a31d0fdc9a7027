// The connection specification of Google BigQuery: its auth specs, each with a JSON Schema for
// auth.params, as they stand on either cloud.
#pragma once

#include <string_view>
#include <vector>

#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

inline constexpr std::string_view bigquery_spec_id = "3c9b37f8-13a6-43d8-bad3-b863b941fedd";
inline constexpr std::string_view bigquery_spec_version = "1.0";

// As GET /connectionSpecs/{id} shows it.
Json bigquery_connection_spec(Cloud cloud);

// The JSON Schema of that auth spec's params; null where there is no such auth spec on that cloud.
Json auth_params_schema(Cloud cloud, std::string_view auth_spec_name);

// What is wrong with `params`: first by the schema, then by what a schema cannot say (the key file,
// the dataset id). Sentences that name the parameter and never hold its value.
std::vector<std::string> params_violations(Cloud cloud, std::string_view auth_spec_name,
                                           const Json& params);

}  // namespace bqconn::emulator
