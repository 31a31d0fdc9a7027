#include "bqconn/output/times.hpp"

#include <array>
#include <cstdlib>
#include <ctime>

namespace bqconn::output {

std::string utc_time(std::chrono::sys_seconds time) {
    const std::time_t seconds = time.time_since_epoch().count();
    std::tm parts{};
    std::array<char, 40> text{};
    if (::gmtime_r(&seconds, &parts) == nullptr ||
        std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        return "-";
    }
    return text.data();
}

std::string distance(std::chrono::sys_seconds from, std::chrono::sys_seconds to) {
    struct Unit {
        long seconds;
        const char* name;
    };
    constexpr std::array<Unit, 4> units{{{86'400, " d"}, {3'600, " h"}, {60, " min"}, {1, " s"}}};
    const long seconds = std::labs((to - from).count());
    Unit unit = units.back();
    for (const auto& one : units) {
        if (seconds >= 2 * one.seconds) {
            unit = one;
            break;
        }
    }
    const std::string amount = std::to_string(seconds / unit.seconds) + unit.name;
    return to >= from ? "in " + amount : amount + " ago";
}

}  // namespace bqconn::output
