#include "bqconn/core/text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>

#include "bqconn/core/time_text.hpp"

namespace bqconn {
namespace {

TEST(Text, Utf8) {
    EXPECT_TRUE(is_utf8("Größe 🙂"));
    EXPECT_FALSE(is_utf8("\xff"));
    EXPECT_FALSE(is_utf8("\xc0\xaf"));
    EXPECT_FALSE(is_utf8("\xed\xa0\x80"));
    EXPECT_EQ(replace_invalid_utf8("a\xffz"), "a\xef\xbf\xbdz");
}

TEST(Text, ControlCharacters) {
    EXPECT_FALSE(has_control_character("plain ü"));
    for (const std::string_view bad : {"a\nb", "a\rb", "\x1b[0m", "\x7f", "tab\t"}) {
        EXPECT_TRUE(has_control_character(bad));
    }
    EXPECT_TRUE(has_control_character(std::string_view("\0", 1)));
}

TEST(Text, SplitKeepsEmptyParts) {
    EXPECT_EQ(split("a::b", ':'), (std::vector<std::string>{"a", "", "b"}));
    EXPECT_EQ(split("", ':'), (std::vector<std::string>{""}));
    EXPECT_EQ(join(split("a,b,c", ','), ", "), "a, b, c");
}

TEST(Text, Trim) {
    EXPECT_EQ(trim_ascii(" \r\n a b \t"), "a b");
    EXPECT_EQ(trim_ascii(" \n"), "");
}

TEST(Text, NearestWord) {
    const std::array<std::string_view, 4> verbs{"create", "list", "delete", "get"};
    EXPECT_EQ(nearest("craete", verbs), "create");
    EXPECT_EQ(nearest("creat", verbs), "create");
    EXPECT_EQ(nearest("lst", verbs), "list");
    EXPECT_EQ(nearest("del", verbs), "delete");
    EXPECT_EQ(nearest("frobnicate", verbs), std::nullopt);
    EXPECT_EQ(nearest("x", verbs), std::nullopt);
    EXPECT_EQ(nearest("", verbs), std::nullopt);
    EXPECT_EQ(nearest(std::string(10'000, 'a'), verbs), std::nullopt);
}

TEST(ReplaceAll, EachOccurrenceOnce) {
    EXPECT_EQ(replace_all("a RUN b RUN", "RUN", "RUNRUN"), "a RUNRUN b RUNRUN");
    EXPECT_EQ(replace_all("nothing", "RUN", "x"), "nothing");
}

TEST(Text, TimeInUtc) {
    EXPECT_EQ(utc_time(std::chrono::sys_seconds(std::chrono::seconds(1'800'000'000))),
              "2027-01-15T08:00:00Z");
    EXPECT_EQ(utc_time(std::chrono::sys_seconds()), "1970-01-01T00:00:00Z");
}

}  // namespace
}  // namespace bqconn
