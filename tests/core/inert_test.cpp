#include "bqconn/core/inert.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace bqconn {
namespace {

TEST(Inert, OneLine) {
    EXPECT_EQ(inert_line("a\r\n\tb"), "a b");
    EXPECT_EQ(inert_line("plain Größe 🙂"), "plain Größe 🙂");
}

TEST(Inert, TextKeepsLineFeedsOnly) {
    EXPECT_EQ(inert_text("a\nb\rc"), "a\nb c");
}

TEST(Inert, EscapeSequencesAndMarksAreReplaced) {
    for (const std::string_view bad : {"\x1b[31m", "\x7f", "\xc2\x9b", "\xe2\x80\xae",
                                       "\xe2\x81\xa6", "\xe2\x80\x8b", "\xef\xbb\xbf"}) {
        const std::string shown = inert_line(std::string("a") + std::string(bad) + "b");
        EXPECT_EQ(shown.find(bad), std::string::npos);
        EXPECT_EQ(shown.find('\x1b'), std::string::npos);
    }
}

TEST(Inert, RunnerCommandsAreBroken) {
    EXPECT_EQ(inert_text("::stop-commands::x"), ": :stop-commands::x");
    EXPECT_EQ(inert_text("a\n  ::warning::x"), "a\n  : :warning::x");
    EXPECT_EQ(inert_line("a ##[error]b"), "a # #[error]b");
    EXPECT_EQ(inert_line("###[x"), "## #[x");
    EXPECT_EQ(inert_line("std::string is fine"), "std::string is fine");
}

TEST(Inert, CommandsOfOtherRunnersAreBroken) {
    EXPECT_EQ(inert_line("a ##vso[task.setvariable]b"), "a # #vso[task.setvariable]b");
    EXPECT_EQ(inert_line("##teamcity[message]"), "# #teamcity[message]");
    EXPECT_EQ(inert_line("####vso[x ##x##y[z"), "### #vso[x ##x# #y[z");
    EXPECT_EQ(inert_line("## Heading [link] ##x y["), "## Heading [link] ##x y[");
    const nlohmann::json value = {{"name", "##vso[a]##teamcity[b]###c[##d"}};
    const std::string shown = inert_json(value.dump());
    EXPECT_EQ(shown, R"({"name":"#\u0023vso[a]#\u0023teamcity[b]##\u0023c[##d"})");
    EXPECT_EQ(nlohmann::json::parse(shown), value);
    EXPECT_EQ(inert_json(shown), shown);
}

TEST(Inert, AnyWhiteSpaceBeforeACommand) {
    for (const std::string blank :
         {"\t", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x8a", "\xe2\x80\xaf",
          "\xe2\x81\x9f", "\xe3\x80\x80", " \xc2\xa0 \xe2\x80\x83", "\xc2\x85", "\v", "\f"}) {
        for (const std::string before : {"", "x\n"}) {
            const std::string shown = inert_text(before + blank + "::warning::x");
            const std::string made = shown.substr(before.size());
            EXPECT_TRUE(made.find(": :warning") != std::string::npos ||
                        made.starts_with("\xef\xbf\xbd"))
                << shown;
            EXPECT_EQ(inert_text(shown), shown);
        }
    }
    EXPECT_EQ(inert_text("\xc3\xa9::x"), "\xc3\xa9::x");
}

TEST(Inert, Idempotent) {
    for (const std::string_view text : {"::a", "##vso[", "####a[[", "\xc2\xa0::", "##[", "####[[",
                                        "\n::\n::", "a\r\r\n b", "\xff\xfe", " ::  ::x"}) {
        const std::string once = inert_text(text);
        EXPECT_EQ(inert_text(once), once);
        const std::string line = inert_line(text);
        EXPECT_EQ(inert_line(line), line);
    }
}

TEST(Inert, JsonDecodesToTheSame) {
    const nlohmann::json value = {
        {"name", "a\xe2\x80\xae ##[error] \xf3\xa0\x80\x81 \x1b ::x \xc2\x85 é"}};
    const std::string shown = inert_json(value.dump());
    EXPECT_EQ(nlohmann::json::parse(shown), value);
    EXPECT_EQ(shown.find("##["), std::string::npos);
    EXPECT_EQ(shown.find("\xe2\x80\xae"), std::string::npos);
    EXPECT_EQ(shown.find("\xc2\x85"), std::string::npos);
    EXPECT_NE(shown.find("é"), std::string::npos);
}

}  // namespace
}  // namespace bqconn
