// Times as text, absolute and relative.
#pragma once

#include <chrono>
#include <string>

namespace bqconn::output {

// "2026-01-31T12:00:00Z".
std::string utc_time(std::chrono::sys_seconds time);

// "in 23 h", "5 min ago"; in the largest unit with a count of at least two.
std::string distance(std::chrono::sys_seconds from, std::chrono::sys_seconds to);

}  // namespace bqconn::output
