// Reads a project's datasets from BigQuery.
#pragma once

#include <string>
#include <vector>

#include "bqconn/core/secret.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::auth {

struct BigQuery {
    std::string url;  // checked, without a trailing slash
    std::string project;
    Secret access_token;
    std::string identity;  // whose roles count, for messages; may be empty
};

struct Dataset {
    std::string id;
    std::string location;  // "US", "europe-west1"; empty if not reported
};

// The first thousand datasets of the project. Throws Error: bigquery_refusal(), `bad_response`, or
// what the transport throws.
std::vector<Dataset> read_datasets(http::Transport& transport, const BigQuery& bigquery);

// Throws as above.
std::string location_of_dataset(http::Transport& transport, const BigQuery& bigquery,
                                const std::string& dataset);

}  // namespace bqconn::auth
