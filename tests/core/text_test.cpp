#include "bqconn/core/text.hpp"

#include <gtest/gtest.h>

#include <array>

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

}  // namespace
}  // namespace bqconn
