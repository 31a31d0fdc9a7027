// Dates in HTTP headers.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace bqconn::http {

// RFC 9110, 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT" and the two obsolete forms ("Sunday, 06-Nov-94
// 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"). None for anything else. A two-digit year is taken as
// the one at most 50 years after `now`.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text,
                                                        std::chrono::sys_seconds now);

}  // namespace bqconn::http
