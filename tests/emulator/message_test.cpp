#include "emulator/server/message.hpp"

#include <gtest/gtest.h>

namespace bqconn::emulator {
namespace {

TEST(Message, PercentDecoding) {
    EXPECT_EQ(percent_decode("a%20b%2Cc%2c+", false), "a b,c,+");
    EXPECT_EQ(percent_decode("a+b%2B", true), "a b+");
    EXPECT_EQ(percent_decode("%", false), "%");
    EXPECT_EQ(percent_decode("%4", false), "%4");
    EXPECT_EQ(percent_decode("%zz%41", false), "%zzA");
    EXPECT_EQ(percent_decode("%u0041", false), "%u0041");
    EXPECT_EQ(percent_decode("%2541", false), "%41");
    EXPECT_EQ(percent_decode("%41", false), "A");
}

TEST(Message, PercentEncodingIsUndoneByDecoding) {
    std::string every_byte;
    for (int byte = 0; byte < 256; ++byte) {
        every_byte += static_cast<char>(byte);
    }
    EXPECT_EQ(percent_decode(percent_encode(every_byte), false), every_byte);
    EXPECT_EQ(percent_decode(percent_encode(every_byte), true), every_byte);
    EXPECT_EQ(percent_encode("a-._~ +/"), "a-._~%20%2B%2F");
}

TEST(Message, Dates) {
    using std::chrono::seconds;
    using std::chrono::system_clock;
    EXPECT_EQ(http_date(system_clock::time_point(seconds(1'700'000'000))),
              "Tue, 14 Nov 2023 22:13:20 GMT");
    EXPECT_EQ(http_date(system_clock::time_point(seconds(0))), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(Message, Pairs) {
    EXPECT_EQ(parse_pairs("a=1&b=%26&a=2&c&=d&&e=f=g"),
              (Pairs{{"a", "1"}, {"b", "&"}, {"a", "2"}, {"c", ""}, {"", "d"}, {"e", "f=g"}}));
    EXPECT_TRUE(parse_pairs("").empty());
}

TEST(Message, RequestsAreSplitAtTheFirstQuestionMark) {
    const Request request = make_request("GET", "/a%20b?c=d?e", {}, {});
    EXPECT_EQ(request.path, "/a%20b");
    EXPECT_EQ(request.query, (Pairs{{"c", "d?e"}}));
    EXPECT_TRUE(make_request("GET", "/a", {}, {}).query.empty());
}

TEST(Message, HeadersInAnyCase) {
    const Request request = make_request("GET", "/", {{"X-Api-KEY", "1"}, {"x-api-key", "2"}}, {});
    EXPECT_EQ(request.header("x-api-key"), "1");
    EXPECT_EQ(request.header("x-api"), "");
}

}  // namespace
}  // namespace bqconn::emulator
