#include "bqconn/config/dotenv.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>

#include "support/expect_error.hpp"
#include "support/row_name.hpp"

namespace bqconn::config {
namespace {

// ---- how dotenv text must be refused

struct Refused {
    std::string_view written;
    std::string_view message;  // part of it
    std::string_view hint;     // part of it
};

void PrintTo(const Refused& form, std::ostream* out) {
    *out << testing::PrintToString(std::string(form.written));
}

constexpr std::string_view quote_it = "BQCONN_A='...'";
constexpr std::string_view double_quote_it = "BQCONN_A=\"...\"";
constexpr std::string_view write_line = "write NAME=value";

Error dotenv_error(std::string_view text) {
    return tests::error_of([text] { parse_dotenv(text, "ci.env"); });
}

// Wherever the line is, the error names it and shows none of its content.
void expect_refused(const Refused& form) {
    for (const std::size_t line : {1U, 3U}) {
        std::string text = line == 1 ? "" : "# comment\r\nBQCONN_FIRST=1\n";
        text += std::string(form.written) + "\nBQCONN_LAST=2\n";
        const Error error = dotenv_error(text);
        EXPECT_EQ(error.exit_code(), ExitCode::config);
        EXPECT_EQ(error.code(), "config.dotenv");
        EXPECT_TRUE(error.message().starts_with("ci.env:" + std::to_string(line) + ": "))
            << error.message();
        EXPECT_NE(error.message().find(form.message), std::string::npos) << error.message();
        EXPECT_NE(error.hint().find(form.hint), std::string::npos) << error.hint();
        EXPECT_EQ(tests::all_of(error).find("zebra"), std::string::npos) << tests::all_of(error);
    }
}

// ---- lines

// The value of the only entry.
std::string value_of(std::string_view text) {
    const auto entries = parse_dotenv(text, "ci.env");
    EXPECT_EQ(entries.size(), 1U) << text;
    return entries.empty() ? "" : entries.front().value.reveal();
}

class DotenvLineRefuses : public testing::TestWithParam<Refused> {};

TEST_P(DotenvLineRefuses, Form) {
    expect_refused(GetParam());
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
    const Error error = dotenv_error("BQCONN_A=zebra\nBQCONN_B=1\n\nexport BQCONN_A='zebra'\n");
    EXPECT_EQ(error.message(), "ci.env:4: BQCONN_A: is set twice, first on line 1");
    EXPECT_EQ(error.code(), "config.dotenv");
    EXPECT_EQ(parse_dotenv("OTHER=1\nOTHER=2\n", "ci.env").size(), 0U);
}

TEST(Dotenv, OtherFilesAreNamed) {
    EXPECT_NE(dotenv_error("\n {\"client_id\": \"zebra\"}").hint().find("--credentials"),
              std::string::npos);
    EXPECT_NE(dotenv_error("\xff\xfe"
                           "B")
                  .message()
                  .find("UTF-16"),
              std::string::npos);
}

TEST(Dotenv, ACutLineEndIsNone) {
    EXPECT_NE(dotenv_error("BQCONN_A=zebra\r").message().find("carriage return"),
              std::string::npos);
}

TEST(Dotenv, TheMessageIsWhole) {
    const Error error = dotenv_error("BQCONN_API_SECRET=zebra #1\n");
    EXPECT_EQ(
        error.message(),
        "ci.env:1: BQCONN_API_SECRET: contains an unquoted \"#\", which some readers treat as "
        "a comment");
    EXPECT_EQ(error.hint(),
              "quote the value: BQCONN_API_SECRET='...', or put the comment on a line of its own");
}

TEST(Dotenv, AFileNameIsShownInert) {
    const Error error = tests::error_of([] { parse_dotenv("BQCONN_A", "a\x1b\nb.env"); });
    EXPECT_TRUE(error.message().starts_with("a\xef\xbf\xbd b.env:1: ")) << error.message();
}

TEST(Dotenv, NoDamageMakesAMessageShowAValue) {
    constexpr std::string_view planted = "qvxzjkwpyq";
    const std::string value(planted);
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
            sample, planted, [](std::string_view text) { parse_dotenv(text, "ci.env"); },
            replacements);
    }
}

// ---- values

struct Accepted {
    std::string_view written;
    std::string_view meant;
};

void PrintTo(const Accepted& form, std::ostream* out) {
    *out << testing::PrintToString(std::string(form.written));
}

class DotenvValueAccepts : public testing::TestWithParam<Accepted> {};

TEST_P(DotenvValueAccepts, Form) {
    const auto entries = parse_dotenv(GetParam().written, "ci.env");
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries.front().name, "BQCONN_A");
    EXPECT_EQ(entries.front().value.reveal(), GetParam().meant);
    EXPECT_EQ(entries.front().line, 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Names, DotenvValueAccepts,
    testing::Values(Accepted{"BQCONN_A=x", "x"}, Accepted{"BQCONN_A=x\n", "x"},
                    Accepted{"BQCONN_A=x\r\n", "x"},
                    Accepted{"\xef\xbb\xbf"
                             "BQCONN_A=x",
                             "x"},
                    Accepted{"export BQCONN_A=x", "x"}, Accepted{"export \t BQCONN_A=x", "x"},
                    Accepted{" \tBQCONN_A=x", "x"}, Accepted{"BQCONN_A = x", "x"},
                    Accepted{"BQCONN_A\t=\tx \t", "x"}, Accepted{"BQCONN_A=", ""},
                    Accepted{"BQCONN_A=  ", ""}, Accepted{"BQCONN_A=''", ""},
                    Accepted{"BQCONN_A=\"\"", ""}),
    tests::name_of_row<Accepted>);

INSTANTIATE_TEST_SUITE_P(
    Unquoted, DotenvValueAccepts,
    testing::Values(Accepted{"BQCONN_A=a=b==", "a=b=="},
                    Accepted{"BQCONN_A=https://host:8080/p?q=%20", "https://host:8080/p?q=%20"},
                    Accepted{"BQCONN_A=a*b?[c]!^@+,-._", "a*b?[c]!^@+,-._"},
                    Accepted{"BQCONN_A=a~b", "a~b"}, Accepted{"BQCONN_A=Größe", "Größe"}),
    tests::name_of_row<Accepted>);

INSTANTIATE_TEST_SUITE_P(
    SingleQuotes, DotenvValueAccepts,
    testing::Values(Accepted{"BQCONN_A='a b'", "a b"}, Accepted{"BQCONN_A=' a '", " a "},
                    Accepted{"BQCONN_A='#$x`\"{;&|<>()~'", "#$x`\"{;&|<>()~"},
                    Accepted{R"(BQCONN_A='a\nb')", R"(a\nb)"}, Accepted{"BQCONN_A = 'x'  ", "x"},
                    Accepted{"BQCONN_A='x' # why", "x"}, Accepted{"BQCONN_A='x'\t#why 'y'", "x"}),
    tests::name_of_row<Accepted>);

INSTANTIATE_TEST_SUITE_P(
    DoubleQuotes, DotenvValueAccepts,
    testing::Values(Accepted{"BQCONN_A=\"a b\"", "a b"},
                    Accepted{R"(BQCONN_A="a\nb\tc\rd\"e\\f\$g")", "a\nb\tc\rd\"e\\f$g"},
                    Accepted{R"(BQCONN_A="\\")", "\\"}, Accepted{"BQCONN_A=\"#';~{\"", "#';~{"},
                    Accepted{"BQCONN_A=\"x\" # it's", "x"}),
    tests::name_of_row<Accepted>);

class DotenvValueRefuses : public testing::TestWithParam<Refused> {};

TEST_P(DotenvValueRefuses, Form) {
    expect_refused(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Unquoted, DotenvValueRefuses,
    testing::Values(Refused{"BQCONN_A=zebra # why", "unquoted \"#\"", "a line of its own"},
                    Refused{"BQCONN_A=zebra #why", "unquoted \"#\"", quote_it},
                    Refused{"BQCONN_A=zebra#zebra", "unquoted \"#\"", quote_it},
                    Refused{"BQCONN_A=#zebra", "unquoted \"#\"", quote_it},
                    Refused{"BQCONN_A= # zebra", "unquoted \"#\"", quote_it},
                    Refused{"BQCONN_A=zebra zebra", "unquoted blank", quote_it},
                    Refused{"BQCONN_A=zebra\tzebra", "unquoted blank", quote_it},
                    Refused{"BQCONN_A=zebra\v", "unquoted blank", quote_it},
                    Refused{"BQCONN_A=$zebra", "some readers expand", quote_it},
                    Refused{"BQCONN_A=a${zebra}", "some readers expand", quote_it},
                    Refused{"BQCONN_A=zebra$", "some readers expand", quote_it},
                    Refused{"BQCONN_A=`zebra`", "some readers expand", quote_it},
                    Refused{"BQCONN_A=$(zebra)", "some readers expand", quote_it}),
    tests::name_of_row<Refused>);

INSTANTIATE_TEST_SUITE_P(
    UnquotedToo, DotenvValueRefuses,
    testing::Values(Refused{"BQCONN_A=it'zebra", "quote inside", double_quote_it},
                    Refused{"BQCONN_A=ze\"bra\"", "quote inside", quote_it},
                    Refused{R"(BQCONN_A=zebra\n)", "unquoted backslash", quote_it},
                    Refused{R"(BQCONN_A=zebra\)", "unquoted backslash", double_quote_it},
                    Refused{R"(BQCONN_A=a\\zebra)", "unquoted backslash", double_quote_it},
                    Refused{"BQCONN_A=zebra;zebra", "a shell ends", quote_it},
                    Refused{"BQCONN_A=zebra&b=1", "a shell ends", quote_it},
                    Refused{"BQCONN_A=zebra|b", "a shell ends", quote_it},
                    Refused{"BQCONN_A=<zebra>", "a shell ends", quote_it},
                    Refused{"BQCONN_A=zebra(b)", "a shell ends", quote_it},
                    Refused{"BQCONN_A={zebra,b}", "unquoted brace", quote_it},
                    Refused{"BQCONN_A=~/zebra", "\"~\"", "the full path"},
                    Refused{"BQCONN_A=a:~/zebra", "\"~\"", "the full path"},
                    Refused{"BQCONN_A=zebra\xc2\xa0", "invisible", quote_it},
                    Refused{"BQCONN_A=\xef\xbb\xbfzebra", "invisible", quote_it},
                    Refused{"BQCONN_A=zebra\x1b", "invisible", quote_it},
                    Refused{"BQCONN_A=zebra\x7f", "invisible", quote_it}),
    tests::name_of_row<Refused>);

INSTANTIATE_TEST_SUITE_P(
    Quoted, DotenvValueRefuses,
    testing::Values(Refused{"BQCONN_A='zebra", "not closed", "a separate file"},
                    Refused{"BQCONN_A=\"zebra", "not closed", "a separate file"},
                    Refused{R"(BQCONN_A="zebra\")", "not closed", "a separate file"},
                    Refused{R"(BQCONN_A="zebra\)", "not closed", "a separate file"},
                    Refused{"BQCONN_A=\"zebra\nzebra\"", "not closed", "a separate file"},
                    Refused{"BQCONN_A='zebra\nzebra'", "not closed", "a separate file"},
                    Refused{"BQCONN_A='zebra'zebra", "after its closing quote", ""},
                    Refused{"BQCONN_A='zebra' zebra", "after its closing quote", ""},
                    Refused{"BQCONN_A=\"zebra\"#zebra", "after its closing quote", quote_it},
                    Refused{"BQCONN_A=\"zebra\"\"zebra\"", "after its closing quote", quote_it},
                    Refused{R"(BQCONN_A="zebra\x")", "unknown escape", "single quotes"},
                    Refused{R"(BQCONN_A="\u0041zebra")", "unknown escape", "single quotes"},
                    Refused{R"(BQCONN_A="\'zebra")", "unknown escape", "single quotes"},
                    Refused{"BQCONN_A=\"$zebra\"", "in double quotes", "\\$"},
                    Refused{"BQCONN_A=\"${zebra}\"", "in double quotes", "\\$"},
                    Refused{"BQCONN_A=\"`zebra`\"", "in double quotes", "single quotes"},
                    Refused{R"(BQCONN_A='zebra\\')", "in single quotes", "double quotes"},
                    Refused{R"(BQCONN_A='a\\zebra')", "in single quotes", "double quotes"},
                    Refused{R"(BQCONN_A='zebra\'')", "in single quotes", "double quotes"},
                    Refused{R"(BQCONN_A='zebra\')", "in single quotes", "double quotes"}),
    tests::name_of_row<Refused>);

}  // namespace
}  // namespace bqconn::config
