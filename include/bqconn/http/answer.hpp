// Helpers for reading a response: the exit code of a status, a date in a header, and a description
// of a body that is not JSON.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

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

// An error that the response caused, with its status and request id.
Error error_of_response(const Response& response, ExitCode exit_code, std::string code,
                        const std::string& message, std::string hint);

// "(403025, HTTP 403)"; without a detail "(HTTP 403)".
std::string status_note(const Response& response, const std::string& detail = {});

// The x-request-id, inert; empty if there is none.
std::string request_id_of(const Response& response);

// Text from a service, made inert, on one line of at most 500 bytes.
std::string service_words(std::string_view text);

// A date in a header (RFC 9110, 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT" and the two obsolete forms
// ("Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"), from 1583 on. None for anything
// else. A two-digit year is taken as the one at most 50 years after `now`.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text,
                                                        std::chrono::sys_seconds now);

}  // namespace bqconn::http
