// When a dataflow runs, and how people write it. Source: the scheduleSpec of the flow spec
// CRMToAEP.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bqconn/json/parse.hpp"

namespace bqconn::dataflow {

struct Schedule {
    std::int64_t start = 0;     // seconds since 1970
    std::string frequency;      // "once", "minute", "hour", "day", "week": an open set of words
    std::int64_t interval = 0;  // 0: none, as for "once"
    bool backfill = true;

    bool is_once() const { return frequency == "once"; }
};

// "every 15 minutes", "once".
std::string words_of(const Schedule& schedule);

// A scheduleParams object of the service, whose numbers and booleans may be strings.
Schedule schedule_of(const json::Json& document);

// The same object as bqconn sends it.
json::Json to_json(const Schedule& schedule);

// "15m", "1h", "2d", "1w": sets frequency and interval. None for any other text.
std::optional<Schedule> parse_every(std::string_view text);

// The text that parse_every() reads as the schedule's interval.
std::string every_of(const Schedule& schedule);

}  // namespace bqconn::dataflow
