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

TEST(Inert, Idempotent) {
    for (const std::string_view text :
         {"::a", "##[", "####[[", "\n::\n::", "a\r\r\n b", "\xff\xfe", " ::  ::x"}) {
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
