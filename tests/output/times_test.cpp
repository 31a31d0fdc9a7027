#include "bqconn/output/times.hpp"

#include <gtest/gtest.h>

namespace bqconn::output {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;

TEST(Times, InUtc) {
    EXPECT_EQ(utc_time(sys_seconds(seconds(1'800'000'000))), "2027-01-15T08:00:00Z");
    EXPECT_EQ(utc_time(sys_seconds()), "1970-01-01T00:00:00Z");
}

TEST(Times, HowFarAway) {
    const sys_seconds now(seconds(1'800'000'000));
    EXPECT_EQ(distance(now, now + hours(23)), "in 23 h");
    EXPECT_EQ(distance(now, now + hours(47)), "in 47 h");
    EXPECT_EQ(distance(now, now + hours(48)), "in 2 d");
    EXPECT_EQ(distance(now, now + minutes(119)), "in 119 min");
    EXPECT_EQ(distance(now, now + seconds(119)), "in 119 s");
    EXPECT_EQ(distance(now, now), "in 0 s");
    EXPECT_EQ(distance(now, now - minutes(5)), "5 min ago");
}

}  // namespace
}  // namespace bqconn::output
