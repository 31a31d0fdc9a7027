#include "man/mdoc.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace bqconn::man {
namespace {

TEST(Mdoc, DatesAreSpelled) {
    EXPECT_EQ(spelled_date("2026-11-03"), "November 3, 2026");
    EXPECT_EQ(spelled_date("2027-01-31"), "January 31, 2027");
    for (const auto* const date : {"", "2026", "2026-13-01", "2026-00-01", "2026-01-32", "a-b-c"}) {
        EXPECT_THROW(spelled_date(date), std::invalid_argument) << date;
    }
}

TEST(Mdoc, TheSummaryLosesItsCapitalAndItsPoint) {
    const Edition edition{"1.2.3", "November 3, 2026"};
    EXPECT_EQ(page_head("a-b", "Do it.", edition),
              ".Dd November 3, 2026\n.Dt A-B 1\n.Os bqconn 1.2.3\n.Sh NAME\n.Nm a-b\n.Nd do it\n");
    EXPECT_NE(page_head("a", "IMS alone", edition).find(".Nd IMS alone\n"), std::string::npos);
}

TEST(Mdoc, EachWordHasALineAndEachParagraphAMacro) {
    EXPECT_EQ(prose("One. Two (three). Four"), "One.\nTwo\n(three).\nFour\n");
    EXPECT_EQ(prose("One\n\n\nTwo"), "One\n.Pp\nTwo\n");
    EXPECT_EQ(prose("! is odd"), "!\\&\nis\nodd\n");
}

TEST(Mdoc, FlagsAndVariablesAreMarked) {
    EXPECT_EQ(prose("with --key-file, or (as -v) and BQCONN_LOG."),
              "with\n.Fl \\-key\\-file ,\nor\n(as\n.Fl v )\nand\n.Ev BQCONN_LOG .\n");
    EXPECT_EQ(prose("(--key-file) alone"), ".Fl ( \\-key\\-file )\nalone\n");
    EXPECT_EQ(prose("a well-known - word"), "a\nwell-known\n\\-\nword\n");
}

TEST(Mdoc, TextIsNeverARequest) {
    EXPECT_EQ(prose(".Sh is text"), "\\&.Sh\nis\ntext\n");
    EXPECT_EQ(prose("'quoted' text"), "\\&'quoted'\ntext\n");
    EXPECT_EQ(prose("C:\\n in ~/.config"), "C:\\en\nin\n\\(ti/.config\n");
    EXPECT_EQ(literal(".\\\" -'`^~\"\n"),
              ".Bd -literal -offset indent\n\\&.\\e\\(dq \\-\\(aq\\(ga\\(ha\\(ti\\(dq\n.Ed\n");
}

TEST(Mdoc, AUsageIsOneLineOfMacros) {
    EXPECT_EQ(usage("(ID... | --name NAME) [flags]"),
              ".Po Ar ID... | Fl \\-name Ar NAME Pc Oo Ar flags Oc\n");
    EXPECT_EQ(usage("exec [OPTIONS] -- COMMAND"),
              ".Cm exec Oo Ar OPTIONS Oc Cm \\-\\- Ar COMMAND\n");
}

TEST(Mdoc, TheTermOfAFlagHasBothNamesAndItsVariable) {
    EXPECT_EQ(flag_term("--output", "-o", "FORMAT", "BQCONN_OUTPUT"),
              "Fl o , Fl \\-output Ar FORMAT Bq Ev BQCONN_OUTPUT");
    EXPECT_EQ(flag_term("--sandbox-name", "--sandbox", "NAME", ""),
              "Fl \\-sandbox\\-name , Fl \\-sandbox Ar NAME");
    EXPECT_EQ(flag_term("--yes", "", "", ""), "Fl \\-yes");
}

TEST(Mdoc, ExamplesLoseTheirIndentAndListsHaveItems) {
    EXPECT_EQ(literal("  # Make it\n  a b \\\n      c\n\n  # Is it there?\n  d"),
              ".Bd -literal -offset indent\n# Make it\na b \\e\n    c\n\n# Is it there?\nd\n.Ed\n");
    EXPECT_EQ(list(item("Fl x", "y")), ".Bl -tag -width Ds\n.It Fl x\ny\n.El\n");
    EXPECT_EQ(list(item("0", "ok"), "0 ok"), ".Bl -tag -width \"0 ok\" -compact\n.It 0\nok\n.El\n");
    EXPECT_EQ(list(""), "");
}

}  // namespace
}  // namespace bqconn::man
