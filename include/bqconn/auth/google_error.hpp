// Explains Google's errors: what they mean, what to do and where. Source: Google's pages on OAuth
// 2.0 and on BigQuery errors.
#pragma once

#include <string>

#include "bqconn/core/error.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::auth {

// How a token was requested.
enum class Grant { refresh_token, service_account, code };

// For a non-200 response of the token service. The codes are `auth.google_…`; `unavailable` for 429
// and 5xx.
Error token_refusal(const http::Response& response, Grant grant);

// For a non-200 response of BigQuery. `what` was requested ("project emulated-project"); `identity`
// is whose roles count, empty if unknown.
Error bigquery_refusal(const http::Response& response, const std::string& what,
                       const std::string& identity);

}  // namespace bqconn::auth
