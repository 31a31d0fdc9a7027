// Points in time, and how far away they are.
#pragma once

#include <chrono>
#include <string>

namespace bqconn::output {

// "2026-01-31T12:00:00Z".
std::string utc_time(std::chrono::sys_seconds time);

// "in 23 h", "5 min ago", in the largest unit of which there are two.
std::string distance(std::chrono::sys_seconds from, std::chrono::sys_seconds to);

}  // namespace bqconn::output
