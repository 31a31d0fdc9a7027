#include "bqconn/json/parse.hpp"

#include <gtest/gtest.h>

namespace bqconn::json {
namespace {

std::string nested(int levels) {
    const auto count = static_cast<std::size_t>(levels);
    return std::string(count, '[') + std::string(count, ']');
}

TEST(ParseJson, Values) {
    EXPECT_EQ(parse(R"( {"a": [1, "x"]} )").at("a").at(1), "x");
    EXPECT_EQ(parse("true"), Json(true));
}

TEST(ParseJson, ErrorGivesThePositionAndNotTheText) {
    try {
        parse("{\n  \"key\": SECRET\n}");
        FAIL();
    } catch (const ParseError& error) {
        EXPECT_EQ(error.line(), 2U);
        EXPECT_EQ(error.column(), 10U);
        EXPECT_EQ(std::string(error.what()), "is not valid JSON");
    }
}

TEST(ParseJson, RefusesWhatTheLibraryLetsPass) {
    EXPECT_THROW(parse(std::string_view("{}\0{}", 5)), ParseError);
    EXPECT_THROW(parse("{} x"), ParseError);
    EXPECT_THROW(parse("{}{}"), ParseError);
    EXPECT_THROW(parse(""), ParseError);
    EXPECT_THROW(parse(" \n"), ParseError);
    EXPECT_THROW(parse("\"\xff\""), ParseError);
}

TEST(ParseJson, ANumberThatIsTooLargeIsRefused) {
    for (const std::string number : {"1e999", "-1e999", "3E3333"}) {
        try {
            parse(R"({"a":)" + number + "}");
            FAIL() << number;
        } catch (const ParseError& error) {
            EXPECT_EQ(std::string(error.what()), "contains a number that is too large");
        }
    }
    EXPECT_NO_THROW(parse("[1e308, 1e-999, 99999999999999999999999]"));
}

TEST(ParseJson, DepthIsLimited) {
    EXPECT_NO_THROW(parse(nested(deepest_level)));
    EXPECT_THROW(parse(nested(deepest_level + 1)), ParseError);
    EXPECT_THROW(parse(nested(100'000)), ParseError);
    EXPECT_THROW(parse(std::string(100'000, '[')), ParseError);
}

TEST(ParseJson, DuplicateKeys) {
    EXPECT_EQ(parse(R"({"a":1,"a":2})").at("a"), 2);
    EXPECT_THROW(parse(R"({"a":1,"a":2})", DuplicateKeys::refused), ParseError);
    EXPECT_THROW(parse(R"({"x":{"a":1,"b":{},"a":2}})", DuplicateKeys::refused), ParseError);
    EXPECT_NO_THROW(
        parse(R"({"a":{"a":1},"b":{"a":1},"c":[{"a":1},{"a":1}]})", DuplicateKeys::refused));
}

TEST(ParseJson, StringAt) {
    const Json value = parse(R"({"a":"x","b":1})");
    EXPECT_EQ(string_at(value, "a"), "x");
    EXPECT_EQ(string_at(value, "b", "none"), "none");
    EXPECT_EQ(string_at(Json::array(), "a", "none"), "none");
}

TEST(ParseJson, ToLineIsInert) {
    EXPECT_EQ(to_line(Json{{"a", "##["}}), R"({"a":"#\u0023["})");
    EXPECT_EQ(to_line(Json("\xff")), "\"\xef\xbf\xbd\"");
}

}  // namespace
}  // namespace bqconn::json
