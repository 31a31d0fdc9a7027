#include "bqconn/core/time_text.hpp"

#include <array>
#include <charconv>
#include <ctime>

namespace bqconn {
namespace {

using std::chrono::seconds;

// A number of exactly these digits.
template <typename Number>
bool read_digits(std::string_view digits, Number& number) {
    const auto* const end = digits.data() + digits.size();
    return digits.find_first_not_of("0123456789") == std::string_view::npos &&
           std::from_chars(digits.data(), end, number).ptr == end && !digits.empty();
}

}  // namespace

std::optional<seconds> parse_duration(std::string_view text) {
    using std::chrono::days;
    constexpr std::array<std::pair<char, seconds>, 5> units{{{'s', seconds(1)},
                                                             {'m', std::chrono::minutes(1)},
                                                             {'h', std::chrono::hours(1)},
                                                             {'d', days(1)},
                                                             {'w', days(7)}}};
    constexpr seconds longest = days(3'653);
    std::int64_t count = 0;
    if (text.empty() || !read_digits(text.substr(0, text.size() - 1), count)) {
        return std::nullopt;
    }
    for (const auto& [letter, unit] : units) {
        if (text.back() == letter && count <= longest / unit) {
            return count * unit;
        }
    }
    return std::nullopt;
}

std::optional<std::chrono::sys_seconds> parse_time(std::string_view text) {
    constexpr std::string_view form = "0000-00-00T00:00:00Z";
    constexpr std::size_t date_size = 10;
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    const bool has_time = text.size() == form.size();
    if ((!has_time && text.size() != date_size) || text[4] != '-' || text[7] != '-' ||
        !read_digits(text.substr(0, 4), year) || !read_digits(text.substr(5, 2), month) ||
        !read_digits(text.substr(8, 2), day)) {
        return std::nullopt;
    }
    if (has_time &&
        (text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z' ||
         !read_digits(text.substr(11, 2), hour) || !read_digits(text.substr(14, 2), minute) ||
         !read_digits(text.substr(17, 2), second))) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(day)};
    if (!date.ok() || hour > 23 || minute > 59 || second > 59) {
        return std::nullopt;
    }
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           seconds(second);
}

std::string utc_time(std::chrono::sys_seconds time) {
    const std::time_t seconds = time.time_since_epoch().count();
    std::tm parts{};
    std::array<char, 40> text{};
    const bool done = ::gmtime_r(&seconds, &parts) != nullptr &&
                      std::strftime(text.data(), text.size(), "%FT%TZ", &parts) > 0;
    return done ? text.data() : "-";
}

}  // namespace bqconn
