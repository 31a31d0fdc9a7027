// auth status: shows the identity in use, without a call.
#include <gtest/gtest.h>

#include "bqconn/auth/token_cache.hpp"
#include "bqconn/config/settings.hpp"
#include "bqconn/crypto/jwt.hpp"
#include "bqconn/json/parse.hpp"
#include "support/one_run.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::commands {
namespace {

using tests::OneRun;

std::string token_with(const std::string& claims) {
    static const Secret key = crypto::make_rsa_key();
    return crypto::sign_rs256(claims, key, "made-up-id").reveal();
}

// The clock of a run is fixed in 1970.
std::string token_of(const std::string& client, const std::string& lifetime) {
    return token_with(R"({"client_id":")" + client + R"(","created_at":"0","expires_in":")" +
                      lifetime + R"("})");
}

struct Outcome {
    int exit_code = 0;
    json::Json status;
    std::string text;
    std::string err;
};

Outcome status_with(const std::string& token) {
    Outcome outcome;
    for (const char* const form : {"text", "json"}) {
        OneRun run({"auth", "status", "-o", form});
        run.set_everything();
        run.set("BQCONN_ACCESS_TOKEN", token.c_str());
        outcome.exit_code = run();
        EXPECT_TRUE(run.transport.requests().empty());
        EXPECT_EQ(run.out.str().find(token), std::string::npos) << "no secret";
        (form == std::string("text") ? outcome.text : outcome.err) = run.out.str();
        if (form == std::string("json")) {
            outcome.status = json::parse(run.out.str());
            outcome.err = run.err.str();
        }
    }
    return outcome;
}

TEST(AuthStatus, OfATokenThatIsGiven) {
    const auto [code, status, text, err] = status_with(token_of("made-up-api-key", "86400000"));
    EXPECT_EQ(code, 0) << err;
    EXPECT_EQ(status["apiKey"], "made-up-api-key");
    EXPECT_EQ(status["orgId"], "0123ABCD@AdobeOrg");
    EXPECT_EQ(status["sandboxName"], "prod");
    EXPECT_EQ(status["imsUrl"], config::spec_of(config::Setting::ims_url).fallback);
    EXPECT_EQ(status["sources"]["apiKey"], "BQCONN_API_KEY (environment)");
    EXPECT_EQ(status["sources"]["apiSecret"], nullptr);
    EXPECT_EQ(status["token"], (json::Json{{"from", "setting"},
                                           {"clientId", "made-up-api-key"},
                                           {"clientIsApiKey", true},
                                           {"expiresAt", "1970-01-02T00:00:00Z"},
                                           {"expired", false}}));
    EXPECT_NE(text.find("given, expires 1970-01-02T00:00:00Z (in 24 h)\n"), std::string::npos)
        << text;
    EXPECT_NE(text.find("made-up-api-key (the API key)\n"), std::string::npos);
}

TEST(AuthStatus, OfATokenThatCannotBeUsed) {
    const auto other = status_with(token_of("made-up-other", "86400000"));
    EXPECT_EQ(other.exit_code, 4);
    EXPECT_EQ(other.status["token"]["clientIsApiKey"], false);
    EXPECT_NE(other.err.find("auth.other_client"), std::string::npos);
    EXPECT_NE(other.text.find("(not the API key)"), std::string::npos);
    const auto expired = status_with(token_of("made-up-api-key", "0"));
    EXPECT_EQ(expired.exit_code, 4);
    EXPECT_EQ(expired.status["token"]["expired"], true);
    EXPECT_NE(expired.err.find("auth.token_invalid"), std::string::npos);
    EXPECT_NE(expired.text.find("given, expired 1970-01-01T00:00:00Z"), std::string::npos);
}

TEST(AuthStatus, OfAnOpaqueToken) {
    const auto opaque = status_with("made-up-opaque-token");
    EXPECT_EQ(opaque.exit_code, 0);
    EXPECT_EQ(opaque.status["token"]["expiresAt"], nullptr);
    EXPECT_EQ(opaque.status["token"]["clientIsApiKey"], nullptr);
    EXPECT_NE(opaque.text.find("expiry unknown"), std::string::npos);
}

TEST(AuthStatus, OfATokenThatIsKept) {
    const tests::TempFolder folder;
    const auto run_it = [&folder](const std::vector<std::string>& args) {
        OneRun run(args);
        run.set_everything();
        run.environment.erase("BQCONN_ACCESS_TOKEN");
        run.set("BQCONN_API_SECRET", "made-up-api-secret");
        run.set("XDG_CACHE_HOME", folder.path().c_str());
        EXPECT_EQ(run(), 0) << run.err.str();
        return json::parse(run.out.str());
    };
    EXPECT_EQ(run_it({"auth", "status"})["token"], nullptr);
    EXPECT_EQ(run_it({"auth", "status"})["next"], "the next call fetches a token");
    const auth::TokenCache cache(folder.path() + "/bqconn",
                                 {"https://ims-na1.adobelogin.com", "made-up-api-key",
                                  std::string(config::spec_of(config::Setting::scopes).fallback)});
    ASSERT_TRUE(cache.try_lock());
    ASSERT_TRUE(
        cache.write({Secret("made-up-kept-token"), std::chrono::sys_seconds(std::chrono::hours(5))},
                    std::chrono::sys_seconds()));
    const auto status = run_it({"auth", "status"});
    EXPECT_EQ(status["token"]["from"], "cache");
    EXPECT_EQ(status["token"]["expiresAt"], "1970-01-01T05:00:00Z");
    EXPECT_EQ(status["next"], "the next call uses the cached token");
    EXPECT_EQ(run_it({"auth", "status", "--no-cache"})["token"], nullptr);
}

TEST(AuthStatus, WhatIsMissingIsShownAndIsAnError) {
    OneRun run({"auth", "status", "-o", "text"});
    EXPECT_EQ(run(), 2);
    EXPECT_NE(run.out.str().find("API key           not set\n"), std::string::npos)
        << run.out.str();
    EXPECT_NE(run.out.str().find("no call can be made"), std::string::npos);
    EXPECT_NE(run.err.str().find("--api-key"), std::string::npos);
}

}  // namespace
}  // namespace bqconn::commands
