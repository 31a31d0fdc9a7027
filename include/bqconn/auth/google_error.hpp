// What Google refuses, in words that say what it means, what to do and where. Source: Google's
// pages on OAuth 2.0 and on the errors of BigQuery.
#pragma once

#include <string>

#include "bqconn/core/error.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::auth {

// How a token was asked for.
enum class Grant { refresh_token, service_account, code };

// A non-200 answer of the token service. The codes are `auth.google_…`; `unavailable` for 429 and
// 5xx.
Error token_refusal(const http::Response& response, Grant grant);

// A non-200 answer of BigQuery. `what` was asked for ("project emulated-project"); `identity` is
// whose roles count, empty if it is not known.
Error bigquery_refusal(const http::Response& response, const std::string& what,
                       const std::string& identity);

}  // namespace bqconn::auth
