// Values in dotenv lines: which forms are read and which are refused.
#include <gtest/gtest.h>

#include "config/dotenv_forms.hpp"
#include "support/row_name.hpp"

namespace bqconn::config {
namespace {

using forms::double_quote_it;
using forms::quote_it;
using forms::Refused;

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
    forms::expect_refused(GetParam());
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
