// The error documents of Google's APIs: {"error":{"code","message","errors","status"[,"details"]}}.
#pragma once

#include <string>
#include <string_view>

#include "bqconn/emulator/google_store.hpp"
#include "bqconn/emulator/message.hpp"
#include "bqconn/emulator/problem.hpp"

namespace bqconn::emulator {

// `status` is Google's word for `code`, "NOT_FOUND".
Refused bigquery_problem(int code, std::string_view status, std::string_view reason,
                         const std::string& message);

// Throws Refused: 401 without a token or with one that is not good, 403 where it has none of the
// scopes that BigQuery wants.
void check_bigquery_token(const Request& request, const GoogleStore& store);

// The document of a fault: no more is known than the status.
Refused bigquery_fault(int code);

// 403, SERVICE_DISABLED.
Refused bigquery_disabled();

}  // namespace bqconn::emulator
