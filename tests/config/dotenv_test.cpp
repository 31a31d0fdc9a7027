#include "bqconn/config/dotenv.hpp"

#include <gtest/gtest.h>

#include <string>

#include "config/dotenv_forms.hpp"
#include "support/expect_error.hpp"
#include "support/row_name.hpp"

namespace bqconn::config {
namespace {

using forms::refusal_of;
using forms::Refused;
using forms::write_line;

// The value of the only entry.
std::string value_of(std::string_view text) {
    const auto entries = parse_dotenv(text, "ci.env");
    EXPECT_EQ(entries.size(), 1U) << text;
    return entries.empty() ? "" : entries.front().value.reveal();
}

class DotenvLineRefuses : public testing::TestWithParam<Refused> {};

TEST_P(DotenvLineRefuses, Form) {
    forms::expect_refused(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Names, DotenvLineRefuses,
    testing::Values(Refused{"BQCONN_A: zebra", "YAML", write_line},
                    Refused{"BQCONN_A: zebra=1", "YAML", write_line},
                    Refused{"BQCONN_A", "no \"=\"", write_line},
                    Refused{"export BQCONN_A", "no \"=\"", write_line},
                    Refused{"BQCONN_Azebra", "no \"=\"", write_line},
                    Refused{"BQCONN_A zebra", "does not begin with a name", write_line},
                    Refused{"BQCONN_A-B=zebra", "does not begin with a name", write_line},
                    Refused{"BQCONN_A.B=zebra", "does not begin with a name", write_line},
                    Refused{"BQCONN_A+=zebra", "does not begin with a name", write_line},
                    Refused{"BQCONN_A?=zebra", "does not begin with a name", write_line},
                    Refused{"'BQCONN_A'=zebra", "does not begin with a name", write_line},
                    Refused{"set BQCONN_A=zebra", "does not begin with a name", write_line},
                    Refused{"declare -x BQCONN_A=zebra", "does not begin", write_line},
                    Refused{"export export BQCONN_A=zebra", "does not begin", write_line},
                    Refused{"\xc2\xa0"
                            "BQCONN_A=zebra",
                            "does not begin with a name", write_line},
                    Refused{"bqconn_a=zebra", "is not a bqconn setting name", "capital letters"},
                    Refused{"BQCONN_azebra=x", "is not a bqconn setting name", "capital letters"},
                    Refused{"BQCONN_=zebra", "is not a bqconn setting name", "capital letters"}),
    tests::name_of_row<Refused>);

// These are errors anywhere: they make even the line numbers unreliable.
INSTANTIATE_TEST_SUITE_P(
    Bytes, DotenvLineRefuses,
    testing::Values(Refused{std::string_view("BQCONN_A=ze\0bra", 15), "NUL", "UTF-8"},
                    Refused{std::string_view("# ze\0bra", 8), "NUL", "UTF-8"},
                    Refused{"BQCONN_A=zebra\xff", "UTF-8", "UTF-8"},
                    Refused{"OTHER=zebra\xe4", "UTF-8", "UTF-8"},
                    Refused{"BQCONN_A='zebra\rBQCONN_B=x'", "carriage return", "\\r\\n"},
                    Refused{"OTHER=zebra\rBQCONN_B=x", "carriage return", "\\r\\n"},
                    Refused{"# zebra\r\r", "carriage return", "\\r\\n"}),
    tests::name_of_row<Refused>);

INSTANTIATE_TEST_SUITE_P(
    LinesOfOthers, DotenvLineRefuses,
    testing::Values(Refused{"OTHER=\"zebra", "not closed", "a separate file"},
                    Refused{"OTHER = 'zebra", "not closed", "a separate file"},
                    Refused{"OTHER: \"zebra", "not closed", "a separate file"},
                    Refused{"OTHER=`zebra", "not closed", "a separate file"},
                    Refused{R"(OTHER="zebra\")", "not closed", "a separate file"},
                    Refused{R"(OTHER=zebra\)", "ends in a backslash", "a separate file"},
                    Refused{"zebra \\", "ends in a backslash", "a separate file"}),
    tests::name_of_row<Refused>);

TEST(Dotenv, LinesInOrderWithTheirNumbers) {
    const auto entries =
        parse_dotenv("\n# a comment\n\nBQCONN_B=1\r\n  # another\nexport BQCONN_A=2", "ci.env");
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].name, "BQCONN_B");
    EXPECT_EQ(entries[0].line, 4U);
    EXPECT_EQ(entries[1].name, "BQCONN_A");
    EXPECT_EQ(entries[1].value.reveal(), "2");
    EXPECT_EQ(entries[1].line, 6U);
}

TEST(Dotenv, NothingInIt) {
    for (const std::string_view text :
         {"", "\n", "\r\n", "\xef\xbb\xbf", " \t\n#\n", "#BQCONN_A=1"}) {
        EXPECT_TRUE(parse_dotenv(text, "ci.env").empty()) << text;
    }
}

TEST(Dotenv, LinesOfOthersAreSkippedWhateverTheirForm) {
    for (const std::string_view line : {"OTHER=x # why",
                                        "OTHER=$HOME/x",
                                        "OTHER=${X:-y}",
                                        "OTHER=`date`",
                                        "OTHER: x",
                                        "OTHER",
                                        "a.b=c",
                                        "1=2",
                                        "OTHER=a b",
                                        "OTHER=it's",
                                        "OTHER=\"x\" y",
                                        "OTHER='it\\'s'",
                                        "---",
                                        "OTHER=\"a\\\"b\"",
                                        "OTHER=\"c:\\\\\"",
                                        "OTHER=c:\\\\",
                                        "=",
                                        "=x",
                                        "MY_BQCONN_A=x",
                                        "exportBQCONN_A=x",
                                        "OTHER=BQCONN_B",
                                        "OTHER=\"BQCONN_B=1\"",
                                        "[section]"}) {
        EXPECT_EQ(value_of(std::string(line) + "\nBQCONN_A=ours\n"), "ours") << line;
    }
}

TEST(Dotenv, ANameGivenTwiceNamesBothLines) {
    const Error error = refusal_of("BQCONN_A=zebra\nBQCONN_B=1\n\nexport BQCONN_A='zebra'\n");
    EXPECT_EQ(error.message(), "ci.env:4: BQCONN_A: is set twice, first on line 1");
    EXPECT_EQ(error.code(), "config.dotenv");
    EXPECT_EQ(parse_dotenv("OTHER=1\nOTHER=2\n", "ci.env").size(), 0U);
}

TEST(Dotenv, OtherFilesAreNamed) {
    EXPECT_NE(refusal_of("\n {\"client_id\": \"zebra\"}").hint().find("--credentials"),
              std::string::npos);
    EXPECT_NE(refusal_of("\xff\xfe"
                         "B")
                  .message()
                  .find("UTF-16"),
              std::string::npos);
}

TEST(Dotenv, ACutLineEndIsNone) {
    EXPECT_NE(refusal_of("BQCONN_A=zebra\r").message().find("carriage return"), std::string::npos);
}

TEST(Dotenv, TheMessageIsWhole) {
    const Error error = refusal_of("BQCONN_API_SECRET=zebra #1\n");
    EXPECT_EQ(
        error.message(),
        "ci.env:1: BQCONN_API_SECRET: contains an unquoted \"#\", which some readers treat as "
        "a comment");
    EXPECT_EQ(error.hint(),
              "quote the value: BQCONN_API_SECRET='…', or put the comment on a line of its own");
}

TEST(Dotenv, AFileNameIsShownInert) {
    const Error error = tests::error_of([] { parse_dotenv("BQCONN_A", "a\x1b\nb.env"); });
    EXPECT_TRUE(error.message().starts_with("a\xef\xbf\xbd b.env:1: ")) << error.message();
}

TEST(Dotenv, NoDamageMakesAMessageShowAValue) {
    constexpr std::string_view canary = "qvxzjkwpyq";
    const std::string value(canary);
    const std::string samples[] = {
        "BQCONN_API_SECRET=" + value + "\nBQCONN_PROJECT=my-project\n",
        "export BQCONN_API_SECRET='" + value + "'\r\n# end\r\n",
        "\xef\xbb\xbf"
        "BQCONN_API_SECRET = \"a\\n" +
            value + "\\$\" # why\nOTHER=\"x\"\n",
        "BQCONN_API_SECRET=" + value + "\nBQCONN_API_SECRE=" + value + "\nOTHER='" + value + "'\n",
    };
    const std::string_view replacements("\0\n\r \t\"'`\\$#=:{}~_aA\xff\xc3", 20);
    for (const auto& sample : samples) {
        tests::expect_no_leak(
            sample, canary, [](std::string_view text) { parse_dotenv(text, "ci.env"); },
            replacements);
    }
}

}  // namespace
}  // namespace bqconn::config
