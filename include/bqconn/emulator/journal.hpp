// What is written about a request: a log line without secrets, and the full record for tests.
#pragma once

#include <string>
#include <string_view>

#include "bqconn/emulator/message.hpp"

namespace bqconn::emulator {

// Method, path, names of query parameters, status, error code, request id, and the fault applied
// (may be empty). No headers, values or bodies.
std::string log_line(const Request& request, const Answer& answer, std::string_view request_id,
                     std::string_view fault_text);

// {"method","path","query","headers":[[name,value],…],"body"}. A body that is not UTF-8 is written
// as Base64 in "bodyBase64".
std::string record_line(const Request& request);

}  // namespace bqconn::emulator
