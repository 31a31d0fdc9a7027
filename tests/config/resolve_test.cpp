#include "bqconn/config/resolve.hpp"

#include <gtest/gtest.h>

#include "bqconn/core/error.hpp"
#include "config/resolving.hpp"
#include "support/expect_error.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::config {
namespace {

using tests::error_of;
using tests::TempFolder;

TEST(Resolve, FileTwinOfAWinningFlagIsNotRead) {
    const Environment environment =
        environment_with({{"BQCONN_REFRESH_TOKEN_FILE", "/nowhere/at/all"}});
    EXPECT_NO_THROW(resolve_with(typed_with({{Setting::refresh_token, "typed"}}), environment));
    EXPECT_EQ(error_of([&] { resolve_with({}, environment); }).exit_code(), ExitCode::config);
}

TEST(Resolve, VariableAndItsTwinTogetherAreAnError) {
    const Error error = error_of([] {
        resolve_with({}, environment_with(
                             {{"BQCONN_API_SECRET", "a-secret"}, {"BQCONN_API_SECRET_FILE", "x"}}));
    });
    EXPECT_EQ(error.exit_code(), ExitCode::usage);
    EXPECT_NE(error.message().find("BQCONN_API_SECRET_FILE"), std::string::npos);
    EXPECT_EQ(error.message().find("a-secret"), std::string::npos);
}

TEST(Resolve, StandardInputIsReadOnce) {
    const Error error = error_of([] {
        resolve_with(typed_with({{Setting::api_secret, "-"}, {Setting::refresh_token, "-"}}), {},
                     "x");
    });
    EXPECT_EQ(error.code(), "usage.standard_input_twice");
}

TEST(Resolve, TheLastEnvFileWinsAndBothCount) {
    const TempFolder folder;
    Typed typed;
    typed[Setting::env_file].emplace_back(
        folder.write("a.env", "BQCONN_SCOPES=a\nBQCONN_SANDBOX_NAME=dev\n"));
    typed[Setting::env_file].emplace_back(folder.write("b.env", "BQCONN_SCOPES=b\n"));
    const Settings settings = resolve_with(typed, {});
    EXPECT_EQ(settings.text(Setting::scopes), "b");
    EXPECT_EQ(settings.text(Setting::sandbox_name), "dev");
    EXPECT_EQ(describe(settings.source(Setting::sandbox_name)),
              folder.path("a.env") + ":2: BQCONN_SANDBOX_NAME");
}

TEST(Resolve, UnknownNames) {
    const TempFolder folder;
    const std::string file = folder.write("x.env", "OTHER=1\nBQCONN_PROJET=abc\n");
    const Error error = error_of([&] {
        resolve_with(typed_with({{Setting::env_file, file}}), {});
    });
    EXPECT_EQ(error.exit_code(), ExitCode::config);
    EXPECT_NE(error.message().find(":2"), std::string::npos);
    EXPECT_NE(error.hint().find("BQCONN_PROJECT"), std::string::npos);
    const Settings settings = resolve_with({}, environment_with({{"BQCONN_PROJET", "abc"}}));
    ASSERT_EQ(settings.warnings().size(), 1U);
    EXPECT_NE(settings.warnings()[0].find("BQCONN_PROJECT"), std::string::npos);
}

TEST(Resolve, ResultsOfAnEarlierRunAreNoSettings) {
    const TempFolder folder;
    const std::string file =
        folder.write("x.env", "BQCONN_CONNECTION_ID=abc\nBQCONN_CONNECTION_ETAG='\"e\"'\n");
    const Settings settings = resolve_with(typed_with({{Setting::env_file, file}}),
                                           environment_with({{"BQCONN_CONNECTION_ID", "abc"}}));
    EXPECT_TRUE(settings.warnings().empty());
}

TEST(Resolve, AFileCannotSayWhichFilesAreRead) {
    const TempFolder folder;
    for (const char* const line :
         {"BQCONN_ENV_FILE=x", "BQCONN_PROFILE=x", "BQCONN_ALLOW_INSECURE_FILES=true"}) {
        const std::string file = folder.write("x.env", line);
        EXPECT_EQ(error_of([&] {
                      resolve_with(typed_with({{Setting::env_file, file}}), {});
                  }).code(),
                  "config.not_in_a_file")
            << line;
    }
}

TEST(Resolve, Profiles) {
    const TempFolder folder;
    std::filesystem::create_directories(folder.path(".config/bqconn"));
    folder.write(".config/bqconn/ci.env", "BQCONN_SANDBOX_NAME=ci\n");
    folder.write(".config/bqconn/default.env", "BQCONN_SANDBOX_NAME=dev\n");
    const Environment home = environment_with({{"HOME", folder.path()}});
    EXPECT_EQ(resolve_with({}, home).text(Setting::sandbox_name), "dev");
    EXPECT_EQ(
        resolve_with(typed_with({{Setting::profile, "ci"}}), home).text(Setting::sandbox_name),
        "ci");
    EXPECT_EQ(error_of([&] {
                  resolve_with(typed_with({{Setting::profile, "none"}}), home);
              }).exit_code(),
              ExitCode::config);
    for (const char* const name : {"../x", "a/b", ".hidden"}) {
        EXPECT_EQ(error_of([&] {
                      resolve_with(typed_with({{Setting::profile, name}}), home);
                  }).exit_code(),
                  ExitCode::usage);
    }
    EXPECT_FALSE(resolve_with({}, {}).has(Setting::sandbox_name));
    EXPECT_EQ(error_of([&] {
                  resolve_with(typed_with({{Setting::profile, "ci"}}), {});
              }).code(),
              "config.no_home");
}

// A folder controlled by someone else must not decide where credentials are sent.
TEST(Resolve, TheCurrentFolderIsNotLookedInto) {
    const TempFolder folder;
    folder.write(".env", "BQCONN_SANDBOX_NAME=dev\n");
    std::filesystem::create_directory(folder.path("bqconn"));
    folder.write("bqconn/default.env", "BQCONN_SANDBOX_NAME=dev\n");
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    const bool found = resolve_with({}, {}).has(Setting::sandbox_name);
    const bool found_if_named =
        resolve_with(typed_with({{Setting::env_file, ".env"}}), {}).has(Setting::sandbox_name);
    std::filesystem::current_path(before);
    EXPECT_FALSE(found);
    EXPECT_TRUE(found_if_named);
}

TEST(Resolve, OpenFilesAreRefusedUnlessAllowed) {
    const TempFolder folder;
    const std::string file = folder.write("x.env", "BQCONN_SCOPES=a\n", 0644);
    Typed typed = typed_with({{Setting::env_file, file}});
    const Error error = error_of([&] { resolve_with(typed, {}); });
    EXPECT_EQ(error.code(), "config.file_too_open");
    EXPECT_NE((error.message() + error.hint()).find("chmod 600"), std::string::npos);
    EXPECT_NO_THROW(
        resolve_with(typed, environment_with({{"BQCONN_ALLOW_INSECURE_FILES", "true"}})));
    typed[Setting::allow_insecure_files].emplace_back("true");
    EXPECT_NO_THROW(resolve_with(typed, {}));
}

TEST(Resolve, TrustOfCurlAndOpenSslIsHonoured) {
    EXPECT_EQ(resolve_with({}, environment_with({{"SSL_CERT_FILE", "a"}, {"CURL_CA_BUNDLE", "b"}}))
                  .text(Setting::ca_file),
              "a");
    EXPECT_EQ(resolve_with({}, environment_with({{"CURL_CA_BUNDLE", "b"}})).text(Setting::ca_file),
              "b");
    EXPECT_EQ(resolve_with({}, environment_with({{"BQCONN_CA_FILE", "c"}, {"SSL_CERT_FILE", "a"}}))
                  .text(Setting::ca_file),
              "c");
}

}  // namespace
}  // namespace bqconn::config
