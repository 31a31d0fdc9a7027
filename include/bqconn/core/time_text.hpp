// Times and durations as people write them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace bqconn {

// "90s", "15m", "2h", "7d", "1w"; at most ten years. None for any other text.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

// "2026-12-01T06:00:00Z", or "2026-12-01", its midnight in UTC. None for any other text, or for
// a day or time that does not exist.
std::optional<std::chrono::sys_seconds> parse_time(std::string_view text);

// "2026-12-01T06:00:00Z".
std::string utc_time(std::chrono::sys_seconds time);

}  // namespace bqconn
