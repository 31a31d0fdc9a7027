#include "bqconn/config/profiles.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <string>

#include "bqconn/config/dotenv.hpp"
#include "support/expect_error.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::config {
namespace {

constexpr const char* token_variable = "BQCONN_REFRESH_TOKEN";

std::string text_of(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

unsigned mode_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 0777U;
}

std::string line_of(const std::string& value) {
    return dotenv_line("BQCONN_A", Secret(value)).reveal();
}

void set_value(const std::string& path, const char* value) {
    const ProfileValue one[] = {{token_variable, Secret(value)}};
    set_in_profile(path, one);
}

TEST(ProfileFile, AValueIsQuotedWhereItMustBe) {
    EXPECT_EQ(line_of("1//0a-b_c.d"), "BQCONN_A=1//0a-b_c.d");
    EXPECT_EQ(line_of("aGk=="), "BQCONN_A=aGk==");
    EXPECT_EQ(line_of("=ls"), "BQCONN_A='=ls'");
    EXPECT_EQ(line_of("a b"), "BQCONN_A='a b'");
    EXPECT_EQ(line_of("a#$b\\c\"`"), "BQCONN_A='a#$b\\c\"`'");
    EXPECT_EQ(line_of("it's"), "BQCONN_A=\"it's\"");
}

TEST(ProfileFile, WhatIsWrittenIsRead) {
    const std::string alphabet = "a'\"\\$`{ #=:~;é";
    for (const char first : alphabet) {
        for (const char second : alphabet) {
            const std::string value = std::string("x") + first + second;
            try {
                const auto entries = parse_dotenv(line_of(value) + "\n", "a.env");
                ASSERT_EQ(entries.size(), 1U);
                EXPECT_EQ(entries.front().value.reveal(), value);
            } catch (const Error& error) {
                EXPECT_EQ(error.code(), "config.unwritable_value") << tests::all_of(error);
            }
        }
    }
}

TEST(ProfileFile, WhatNoTwoReadersReadAlikeIsRefused) {
    for (const char* const value : {"", "made-up'\"", "made-up'$", "made-up\\", "made-up\\\\x",
                                    "made-up${X}", "made-up\nx", "made-up\xff"}) {
        const Error error = tests::error_of([&] { dotenv_line(token_variable, Secret(value)); });
        EXPECT_EQ(error.code(), "config.unwritable_value") << value;
        EXPECT_NE(error.hint().find("BQCONN_REFRESH_TOKEN_FILE"), std::string::npos);
        EXPECT_FALSE(tests::leaks(tests::all_of(error), "made-up"));
    }
    EXPECT_NE(tests::error_of([] { dotenv_line("BQCONN_ORG_ID", Secret("a'\"")); })
                  .hint()
                  .find("as a flag"),
              std::string::npos);
}

TEST(ProfileFile, IsWrittenWithItsCommentsForItsOwnerAlone) {
    const tests::TempFolder folder;
    const std::string path = folder.path("config/bqconn/ci.env");
    const std::array entries{
        ProfileEntry{"", {}, "first\n\nsecond"},
        ProfileEntry{"BQCONN_PROJECT", Secret("my-project-123"), "the project"},
        ProfileEntry{token_variable, {}, "the token"},
    };
    write_profile(path, entries);
    EXPECT_EQ(text_of(path),
              "# first\n#\n# second\n\n# the project\nBQCONN_PROJECT=my-project-123\n\n"
              "# the token\n# BQCONN_REFRESH_TOKEN=\n");
    EXPECT_EQ(mode_of(path), 0600U);
    EXPECT_EQ(mode_of(folder.path("config/bqconn")), 0700U);
}

TEST(ProfileFile, AVariableTakesThePlaceOfItsLine) {
    const tests::TempFolder folder;
    struct Row {
        const char* before;
        const char* after;
    };
    for (const auto& [before, after] : {
             Row{"# why\nBQCONN_REFRESH_TOKEN='old'\nBQCONN_PROJECT=p\n",
                 "# why\nBQCONN_REFRESH_TOKEN=new\nBQCONN_PROJECT=p\n"},
             Row{"# why\n#BQCONN_REFRESH_TOKEN=\nOTHER=1",
                 "# why\nBQCONN_REFRESH_TOKEN=new\nOTHER=1"},
             Row{"# BQCONN_REFRESH_TOKEN=\nBQCONN_REFRESH_TOKEN=old",
                 "# BQCONN_REFRESH_TOKEN=\nBQCONN_REFRESH_TOKEN=new\n"},
             Row{"export BQCONN_REFRESH_TOKEN=old\r\nA=1\r\n",
                 "export BQCONN_REFRESH_TOKEN=new\r\nA=1\r\n"},
             Row{"BQCONN_REFRESH_TOKEN_FILE=token.txt\n", "BQCONN_REFRESH_TOKEN=new\n"},
             Row{"# BQCONN_REFRESH_TOKEN_FILE=\nA=1",
                 "# BQCONN_REFRESH_TOKEN_FILE=\nA=1\n"
                 "BQCONN_REFRESH_TOKEN=new\n"},
             Row{"", "BQCONN_REFRESH_TOKEN=new\n"},
         }) {
        const std::string path = folder.write("a.env", before);
        set_value(path, "new");
        EXPECT_EQ(text_of(path), after);
        EXPECT_EQ(mode_of(path), 0600U);
    }
}

TEST(ProfileFile, AVariableMakesTheFileThatIsMissing) {
    const tests::TempFolder folder;
    const std::string path = folder.path("bqconn/default.env");
    set_value(path, "new one");
    EXPECT_EQ(text_of(path), "# Settings of bqconn\nBQCONN_REFRESH_TOKEN='new one'\n");
    EXPECT_EQ(mode_of(path), 0600U);
    EXPECT_EQ(mode_of(folder.path("bqconn")), 0700U);
}

TEST(ProfileFile, WhatCannotBeReadIsNotTouched) {
    const tests::TempFolder folder;
    const std::string broken = "BQCONN_PROJECT=a b\n";
    const std::string path = folder.write("a.env", broken);
    const auto set = [&path] { set_value(path, "new"); };
    EXPECT_EQ(tests::error_of(set).code(), "config.dotenv");
    EXPECT_EQ(text_of(path), broken);
    folder.write("a.env", "BQCONN_PROJECT=p\n", 0644);
    EXPECT_EQ(tests::error_of(set).code(), "config.file_too_open");
}

TEST(ProfileFile, ItIsAllWrittenOrNothing) {
    const tests::TempFolder folder;
    const std::string path = folder.write("a.env", "BQCONN_PROJECT=p\n");
    const ProfileValue values[] = {{"BQCONN_CLIENT_ID", Secret("new")},
                                   {token_variable, Secret("1'\\\\\"$")}};
    EXPECT_EQ(tests::error_of([&] { set_in_profile(path, values); }).code(),
              "config.unwritable_value");
    EXPECT_EQ(text_of(path), "BQCONN_PROJECT=p\n");
}

TEST(ProfileFile, ThePlaceIsTriedBefore) {
    const tests::TempFolder folder;
    try_profile(folder.path("bqconn/default.env"));
    EXPECT_EQ(mode_of(folder.path("bqconn")), 0700U);
    folder.write("a.env", "BQCONN_PROJECT=p\n", 0644);
    const auto attempt = [&folder] { try_profile(folder.path("a.env")); };
    EXPECT_EQ(tests::error_of(attempt).code(), "config.file_too_open");
    try_profile(folder.path("a.env"), {.secret = true, .allow_insecure = true});
    ASSERT_EQ(::symlink("a.env", folder.path("link.env").c_str()), 0);
    EXPECT_EQ(tests::error_of([&folder] { try_profile(folder.path("link.env")); }).code(),
              "config.file_unwritable");
    EXPECT_EQ(tests::error_of([] { try_profile("/proc/nope/a.env"); }).code(),
              "config.file_unwritable");
}

TEST(ProfileFile, AnotherKindOfFileIsNotReplaced) {
    const tests::TempFolder folder;
    folder.write("a.env", "BQCONN_PROJECT=p\n");
    const std::string link = folder.path("link.env");
    ASSERT_EQ(::symlink("a.env", link.c_str()), 0);
    const Error error = tests::error_of([&] { set_value(link, "made-up"); });
    EXPECT_EQ(error.code(), "config.file_unwritable");
    EXPECT_NE(error.message().find("symbolic link"), std::string::npos);
    EXPECT_EQ(text_of(folder.path("a.env")), "BQCONN_PROJECT=p\n");
    folder.write("file", "");
    EXPECT_EQ(tests::error_of([&] { write_profile(folder.path("file/a.env"), {}); }).code(),
              "config.file_unwritable");
}

}  // namespace
}  // namespace bqconn::config
