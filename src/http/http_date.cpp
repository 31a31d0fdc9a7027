#include "bqconn/http/http_date.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace bqconn::http {
namespace {

using std::chrono::sys_seconds;

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> days{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                               "Friday", "Saturday", "Sunday"};
constexpr int century = 100;
constexpr int longest_lead_years = 50;

// Reads from the front; after the first mismatch everything fails.
class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    bool good() const { return good_; }
    bool at_end() const { return good_ && text_.empty(); }

    Reader& literal(std::string_view wanted) {
        good_ = good_ && text_.starts_with(wanted);
        if (good_) {
            text_.remove_prefix(wanted.size());
        }
        return *this;
    }

    Reader& number(std::size_t digits, int& value) {
        const std::string_view part = text_.substr(0, digits);
        good_ = good_ && part.size() == digits &&
                part.find_first_not_of("0123456789") == std::string_view::npos;
        if (good_) {
            value = 0;
            for (const char c : part) {
                value = value * 10 + (c - '0');
            }
            text_.remove_prefix(digits);
        }
        return *this;
    }

    // A day of the month padded with a blank, as asctime() does.
    Reader& day(int& value) {
        const bool one_digit = text_.starts_with(' ');
        return one_digit ? literal(" ").number(1, value) : number(2, value);
    }

    Reader& month(int& value) {
        const auto at = std::find(months.begin(), months.end(), text_.substr(0, 3));
        good_ = good_ && at != months.end();
        if (good_) {
            value = static_cast<int>(at - months.begin()) + 1;
            text_.remove_prefix(3);
        }
        return *this;
    }

    Reader& weekday(bool in_full) {
        const auto at = std::find_if(days.begin(), days.end(), [&](std::string_view name) {
            return text_.starts_with(in_full ? name : name.substr(0, 3));
        });
        good_ = good_ && at != days.end();
        if (good_) {
            text_.remove_prefix(in_full ? at->size() : 3);
        }
        return *this;
    }

  private:
    std::string_view text_;
    bool good_ = true;
};

struct Fields {
    int year = 0;
    int month = 0;
    int day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
};

Reader& time_of_day(Reader& reader, Fields& fields) {
    return reader.number(2, fields.hour)
        .literal(":")
        .number(2, fields.minute)
        .literal(":")
        .number(2, fields.second);
}

bool read_imf_fixdate(Reader reader, Fields& fields) {
    reader.weekday(false).literal(", ").number(2, fields.day).literal(" ").month(fields.month);
    reader.literal(" ").number(4, fields.year).literal(" ");
    return time_of_day(reader, fields).literal(" GMT").at_end();
}

bool read_rfc850(Reader reader, Fields& fields) {
    reader.weekday(true).literal(", ").number(2, fields.day).literal("-").month(fields.month);
    reader.literal("-").number(2, fields.year).literal(" ");
    return time_of_day(reader, fields).literal(" GMT").at_end();
}

bool read_asctime(Reader reader, Fields& fields) {
    reader.weekday(false).literal(" ").month(fields.month).literal(" ").day(fields.day);
    return time_of_day(reader.literal(" "), fields).literal(" ").number(4, fields.year).at_end();
}

int full_year(int two_digits, sys_seconds now) {
    const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
    const int this_year = static_cast<int>(today.year());
    int year = this_year - this_year % century + two_digits;
    if (year > this_year + longest_lead_years) {
        year -= century;
    } else if (year <= this_year + longest_lead_years - century) {
        year += century;
    }
    return year;
}

std::optional<sys_seconds> time_of(const Fields& fields) {
    const std::chrono::year_month_day date{std::chrono::year(fields.year),
                                           std::chrono::month(static_cast<unsigned>(fields.month)),
                                           std::chrono::day(static_cast<unsigned>(fields.day))};
    // 60: a leap second.
    if (!date.ok() || fields.hour > 23 || fields.minute > 59 || fields.second > 60) {
        return std::nullopt;
    }
    return std::chrono::sys_days(date) + std::chrono::hours(fields.hour) +
           std::chrono::minutes(fields.minute) + std::chrono::seconds(fields.second);
}

}  // namespace

std::optional<sys_seconds> parse_http_date(std::string_view text, sys_seconds now) {
    const Reader reader(text);
    Fields fields;
    if (read_imf_fixdate(reader, fields) || read_asctime(reader, fields)) {
        return time_of(fields);
    }
    if (read_rfc850(reader, fields)) {
        fields.year = full_year(fields.year, now);
        return time_of(fields);
    }
    return std::nullopt;
}

}  // namespace bqconn::http
