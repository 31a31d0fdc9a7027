// The part of BigQuery's own API that lists a project's datasets:
// GET /bigquery/v2/projects/{project}/datasets[/{dataset}].
#pragma once

#include "bqconn/emulator/bigquery_project.hpp"
#include "bqconn/emulator/google_store.hpp"
#include "bqconn/emulator/router.hpp"

namespace bqconn::emulator {

inline const std::string bigquery_api_path = "/bigquery/v2";

// Every project that `store` knows has the datasets of `bigquery`. Both must outlive `router`.
void add_bigquery_api_routes(Router& router, const GoogleStore& store,
                             const BigQueryProject& bigquery);

}  // namespace bqconn::emulator
