#include "bqconn/dataflow/schedule.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace bqconn::dataflow {
namespace {

using json::Json;

constexpr auto units = std::to_array<std::pair<char, std::string_view>>(
    {{'m', "minute"}, {'h', "hour"}, {'d', "day"}, {'w', "week"}});

// A number, also as a string; `fallback` for anything else.
std::int64_t number_at(const Json& document, const char* key, std::int64_t fallback) {
    if (const auto number = json::integer_at(document, key)) {
        return *number;
    }
    const std::string text = json::string_at(document, key);
    std::int64_t number = fallback;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace

std::string words_of(const Schedule& schedule) {
    if (schedule.is_once() || schedule.frequency.empty()) {
        return schedule.frequency;
    }
    return schedule.interval == 1
               ? "every " + schedule.frequency
               : "every " + std::to_string(schedule.interval) + " " + schedule.frequency + "s";
}

Schedule schedule_of(const Json& document) {
    const Json& backfill = json::member(document, "backfill");
    return {.start = number_at(document, "startTime", 0),
            .frequency = json::string_at(document, "frequency"),
            .interval = number_at(document, "interval", 0),
            .backfill = backfill != false && backfill != "false"};
}

Json to_json(const Schedule& schedule) {
    Json document = {{"startTime", schedule.start}, {"frequency", schedule.frequency}};
    // Refused for a dataflow that runs once.
    if (!schedule.is_once()) {
        document["interval"] = schedule.interval;
        document["backfill"] = schedule.backfill;
    }
    return document;
}

std::optional<Schedule> parse_every(std::string_view text) {
    for (const auto& [letter, frequency] : units) {
        Schedule schedule{.frequency = std::string(frequency)};
        const auto* const end = text.data() + (text.empty() ? 0 : text.size() - 1);
        if (text.size() > 1 && text.back() == letter &&
            std::from_chars(text.data(), end, schedule.interval).ptr == end &&
            schedule.interval > 0) {
            return schedule;
        }
    }
    return std::nullopt;
}

std::string every_of(const Schedule& schedule) {
    return std::to_string(schedule.interval) + schedule.frequency.substr(0, 1);
}

}  // namespace bqconn::dataflow
