// Explains Google's errors: what they mean, what to do and where. Source: Google's pages on OAuth
// 2.0 and on BigQuery errors.
#pragma once

#include <string>

#include "bqconn/core/error.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::auth {

// How a token was requested.
enum class Grant : char { refresh_token = 'r', service_account = 's', code = 'c' };

// For a non-200 response of the token service. The codes are `auth.google_…`; `unavailable` for 429
// and 5xx.
Error token_refusal(const http::Response& response, Grant grant);

// What BigQuery was asked for.
enum class Asked { project, dataset };

// For a non-200 response of BigQuery. `name` is that of the project or dataset; `identity` is whose
// roles count, empty if unknown.
Error bigquery_refusal(const http::Response& response, Asked asked, const std::string& name,
                       const std::string& identity);

}  // namespace bqconn::auth
