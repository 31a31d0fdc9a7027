#include "bqconn/http/answer.hpp"

#include <gtest/gtest.h>

namespace bqconn::http {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr sys_seconds in_2026 = sys_seconds(seconds(1'780'000'000));

std::optional<long> parsed(std::string_view text, sys_seconds now = in_2026) {
    const auto time = parse_http_date(text, now);
    return time ? std::optional<long>(time->time_since_epoch().count()) : std::nullopt;
}

TEST(HttpDate, TheThreeForms) {
    constexpr long time = 784'111'777;  // the example of RFC 9110
    EXPECT_EQ(parsed("Sun, 06 Nov 1994 08:49:37 GMT"), time);
    EXPECT_EQ(parsed("Sunday, 06-Nov-94 08:49:37 GMT"), time);
    EXPECT_EQ(parsed("Sun Nov  6 08:49:37 1994"), time);
    EXPECT_EQ(parsed("Sun Nov 16 08:49:37 1994"), time + 10 * 24 * 3600);
    EXPECT_EQ(parsed("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
    EXPECT_EQ(parsed("Thu, 31 Dec 9999 23:59:60 GMT"), 253'402'300'800);
    EXPECT_EQ(parsed("Tue, 29 Feb 2000 00:00:00 GMT"), 951'782'400);
    EXPECT_EQ(parsed("Mon, 06 Nov 1994 08:49:37 GMT"), time);  // the weekday is not checked
    EXPECT_EQ(parsed("Sunday, 06-Nov-94 08:49:60 GMT"), time + 23);
    EXPECT_EQ(parsed("Sun Nov  6 08:49:60 1994"), time + 23);
}

TEST(HttpDate, TwoDigitYearsAreNearNow) {
    const sys_seconds in_1999 = sys_seconds(seconds(920'000'000));
    const auto year_of = [](std::string_view text, sys_seconds now) {
        const auto time = parse_http_date(text, now).value();
        return static_cast<int>(
            std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year());
    };
    EXPECT_EQ(year_of("Sunday, 06-Nov-76 08:49:37 GMT", in_2026), 2076);
    EXPECT_EQ(year_of("Sunday, 06-Nov-77 08:49:37 GMT", in_2026), 1977);
    EXPECT_EQ(year_of("Sunday, 06-Nov-00 08:49:37 GMT", in_1999), 2000);
    EXPECT_EQ(year_of("Sunday, 06-Nov-49 08:49:37 GMT", in_1999), 2049);
    EXPECT_EQ(year_of("Sunday, 06-Nov-50 08:49:37 GMT", in_1999), 1950);
}

TEST(HttpDate, AllElseIsRefused) {
    for (const std::string_view text : {
             "",
             "GMT",
             "1994-11-06T08:49:37Z",
             "Sun, 06 Nov 1994 08:49:37",
             "Sun, 06 Nov 1994 08:49:37 UTC",
             "Sun, 06 Nov 1994 08:49:37 +0000",
             "Sun, 06 Nov 1994 08:49:37 GMT ",
             " Sun, 06 Nov 1994 08:49:37 GMT",
             "Sun, 6 Nov 1994 08:49:37 GMT",
             "Sun, 06 nov 1994 08:49:37 GMT",
             "Sun, 06 Nov 94 08:49:37 GMT",
             "Sun, 06 Nov -994 08:49:37 GMT",
             "Sun, 00 Nov 1994 08:49:37 GMT",
             "Sun, 31 Nov 1994 08:49:37 GMT",
             "Sun, 29 Feb 2001 08:49:37 GMT",
             "Sun, 06 Nov 1994 24:49:37 GMT",
             "Sun, 06 Nov 1994 08:60:37 GMT",
             "Sun, 06 Nov 1994 08:49:61 GMT",
             "Xyz, 06 Nov 1994 08:49:37 GMT",
             "Sun, 06 Nov 10000 08:49:37 GMT",
             "Sun, 06-Nov-94 08:49:37 GMT",
             "Sunday, 06-Nov-1994 08:49:37 GMT",
             "Sun Nov 6 08:49:37 1994",
             "Sun Nov  0 08:49:37 1994",
             "Nov Sun  6 08:49:37 1994",
             "Est Nov  6 08:49:37 1994",
             "Sunday, 06 Nov 1994 08:49:37 GMT",
             "Sun 06 Nov 1994 08:49:37 GMT",
             "Fri, 31 Dec 1582 23:59:59 GMT",
         }) {
        EXPECT_EQ(parsed(text), std::nullopt) << text;
    }
}

TEST(HttpDate, EveryBeginningIsRefused) {
    for (const std::string_view whole :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
          "Sun Nov  6 08:49:37 1994"}) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            EXPECT_EQ(parsed(whole.substr(0, size)), std::nullopt) << whole.substr(0, size);
        }
    }
}

}  // namespace
}  // namespace bqconn::http
