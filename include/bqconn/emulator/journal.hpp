// What is written about a request: the log line that anybody may read, and the record for tests
// that holds everything.
#pragma once

#include <string>
#include <string_view>

#include "bqconn/emulator/message.hpp"

namespace bqconn::emulator {

// Method, path, names of query parameters, status, the problem's code, request id, and the fault
// that struck (may be empty). No header, no value, no body.
std::string log_line(const Request& request, const Answer& answer, std::string_view request_id,
                     std::string_view fault_text);

// {"method","path","query","headers":[[name,value],…],"body"}. A body that is no UTF-8 stands as
// Base64 in "bodyBase64".
std::string record_line(const Request& request);

}  // namespace bqconn::emulator
