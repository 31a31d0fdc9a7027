// auth token.
#include <gtest/gtest.h>

#include "bqconn/json/parse.hpp"
#include "support/one_run.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::commands {
namespace {

using tests::OneRun;

constexpr const char* token_answer =
    R"({"access_token":"made-up-fetched-token","token_type":"bearer","expires_in":86399})";

// Everything needed to fetch a token, and a separate cache.
struct AuthRun : OneRun {
    AuthRun(std::vector<std::string> arguments, const tests::TempFolder& folder)
        : OneRun(std::move(arguments)) {
        set("BQCONN_API_KEY", "made-up-key");
        set("BQCONN_API_SECRET", "made-up-secret");
        set("XDG_CACHE_HOME", folder.path().c_str());
    }
};

TEST(AuthToken, IsBareWhereverItGoes) {
    for (const bool terminal : {false, true}) {
        const tests::TempFolder folder;
        AuthRun run({"auth", "token"}, folder);
        run.set("BQCONN_OUTPUT", "auto");
        run.out_is_terminal = terminal;
        run.transport.answer(200, token_answer);
        EXPECT_EQ(run(), 0) << run.err.str();
        EXPECT_EQ(run.out.str(), "made-up-fetched-token\n");
        EXPECT_EQ(run.err.str(), "");
    }
}

TEST(AuthToken, JsonSaysWhetherItWasKept) {
    const tests::TempFolder folder;
    for (const bool cached : {false, true}) {
        AuthRun run({"auth", "token", "-o", "json"}, folder);
        if (!cached) {
            run.transport.answer(200, token_answer);
        }
        EXPECT_EQ(run(), 0) << run.err.str();
        EXPECT_EQ(json::parse(run.out.str()), (json::Json{{"accessToken", "made-up-fetched-token"},
                                                          {"expiresAt", "1970-01-01T23:59:59Z"},
                                                          {"cached", cached}}));
    }
    AuthRun unsaid({"auth", "token", "-o", "json", "--no-cache"}, folder);
    unsaid.transport.answer(200, R"({"access_token":"made-up-fetched-token"})");
    EXPECT_EQ(unsaid(), 0);
    EXPECT_EQ(json::parse(unsaid.out.str())["expiresAt"], nullptr);
}

TEST(AuthToken, NeedsOnlyWhatFetchesIt) {
    OneRun nothing({"auth", "token"});
    nothing.set("BQCONN_OUTPUT", "auto");
    EXPECT_EQ(nothing(), 2);
    EXPECT_EQ(nothing.out.str(), "");
    EXPECT_NE(nothing.err.str().find("--api-secret"), std::string::npos);
    EXPECT_NE(nothing.err.str().find("--api-key"), std::string::npos);
    EXPECT_EQ(nothing.err.str().find("--org-id"), std::string::npos);
    EXPECT_TRUE(nothing.err.str().starts_with("error: "));
    OneRun given({"auth", "token", "--access-token", "made-up-token"});
    EXPECT_EQ(given(), 2);
}

TEST(AuthToken, ARefusalShowsNoSecret) {
    const tests::TempFolder folder;
    AuthRun run({"auth", "token"}, folder);
    run.transport.answer(401, R"({"error":"invalid_client","error_description":"made-up-secret"})");
    EXPECT_EQ(run(), 4);
    EXPECT_EQ(run.out.str(), "");
    EXPECT_EQ(run.err.str().find("made-up-secret"), std::string::npos);
}

}  // namespace
}  // namespace bqconn::commands
