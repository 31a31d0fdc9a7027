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

TEST(Mdoc, ASentenceBeginsALine) {
    EXPECT_EQ(prose("One. Two (three). Four"), "One.\nTwo (three).\nFour\n");
    EXPECT_EQ(prose("One\n\n\nTwo"), "One\n.Pp\nTwo\n");
    EXPECT_EQ(prose("! is odd"), "!\\& is odd\n");
}

TEST(Mdoc, FlagsAndVariablesAreMarked) {
    EXPECT_EQ(prose("with --key-file, or (as -v) and BQCONN_LOG."),
              "with\n.Fl \\-key\\-file ,\nor (as\n.Fl v )\nand\n.Ev BQCONN_LOG .\n");
    EXPECT_EQ(prose("(--key-file) alone"), ".Fl ( \\-key\\-file )\nalone\n");
    EXPECT_EQ(prose("a well-known - word"), "a well-known \\- word\n");
}

TEST(Mdoc, TextIsNeverARequest) {
    EXPECT_EQ(prose(".Sh is text"), "\\&.Sh is text\n");
    EXPECT_EQ(prose("'quoted' text"), "\\&'quoted' text\n");
    EXPECT_EQ(prose("C:\\n in ~/.config"), "C:\\en in \\(ti/.config\n");
    EXPECT_EQ(literal(".\\\" -'`^~\"\n"),
              ".Bd -literal -offset indent\n\\&.\\e\\(dq \\-\\(aq\\(ga\\(ha\\(ti\\(dq\n.Ed\n");
}

TEST(Mdoc, BracketsOfAUsageHaveLinesOfTheirOwn) {
    EXPECT_EQ(usage("(ID... | --name NAME) [flags]"),
              ".Pq Ar ID... | Fl \\-name Ar NAME\n.Op Ar flags\n");
    EXPECT_EQ(usage("exec [OPTIONS] -- COMMAND"),
              ".Cm exec\n.Op Ar OPTIONS\n.Cm \\-\\- Ar COMMAND\n");
}

TEST(Mdoc, TheTermOfAFlagHasBothNamesAndItsVariable) {
    EXPECT_EQ(flag_term("--output", "-o", "FORMAT", "BQCONN_OUTPUT"),
              "Fl o , Fl \\-output Ar FORMAT Bq Ev BQCONN_OUTPUT");
    EXPECT_EQ(flag_term("--sandbox-name", "--sandbox", "NAME", ""),
              "Fl \\-sandbox\\-name , Fl \\-sandbox Ar NAME");
    EXPECT_EQ(flag_term("--yes", "", "", ""), "Fl \\-yes");
}

TEST(Mdoc, ExamplesStandUnderTheirComments) {
    EXPECT_EQ(examples("  # Make it\n  a b \\\n      c\n\n  # Is it there?\n  d"),
              "Make it:\n.Bd -literal -offset indent\na b \\e\n    c\n.Ed\n.Pp\n"
              "Is it there?\n.Bd -literal -offset indent\nd\n.Ed\n");
    EXPECT_EQ(list(""), "");
}

}  // namespace
}  // namespace bqconn::man
