// The error documents of Google's APIs: {"error":{"code","message","errors","status"[,"details"]}}.
#pragma once

#include <string>
#include <string_view>

#include "bqconn/emulator/google_store.hpp"
#include "bqconn/emulator/message.hpp"
#include "bqconn/emulator/problem.hpp"

namespace bqconn::emulator {

// `status` is Google's name for `code`, such as "NOT_FOUND".
Refused bigquery_problem(int code, std::string_view status, std::string_view reason,
                         const std::string& message);

// Throws Refused: 401 if the token is missing or invalid, 403 if it has none of the scopes that
// BigQuery requires.
void check_bigquery_token(const Request& request, const GoogleStore& store);

// The error document for a fault, of which only the status is known.
Refused bigquery_fault(int code);

// 403, SERVICE_DISABLED.
Refused bigquery_disabled();

}  // namespace bqconn::emulator
