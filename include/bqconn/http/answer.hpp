// Helpers for reading a response: the exit code of a status, and a description of a body that is
// not JSON.
#pragma once

#include <string>

#include "bqconn/core/exit_code.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::http {

// For a non-success status. A status below 400 is a `bad_response`: redirects are not followed.
ExitCode exit_code_of_status(int status);

// The stable error code for it: "auth.forbidden", "rejected", "unavailable.rate_limited", …
std::string error_code_of_status(int status);

// "an empty body", "an HTML page titled \"502 Bad Gateway\"", "1234 bytes of text/plain instead of
// JSON". Shows nothing else of the body.
std::string summary_of_body(const Response& response);

// The x-request-id, inert; empty if there is none.
std::string request_id_of(const Response& response);

// Text from a service, made inert, on one line of at most 500 bytes.
std::string service_words(std::string_view text);

}  // namespace bqconn::http
