#include "bqconn/auth/access_token.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "bqconn/crypto/jwt.hpp"

#include "support/fake_transport.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::auth {
namespace {

connection::ClientCredentials credentials() {
    return {"https://ims.test", Secret("made-up&secret"), "openid,AdobeID"};
}

AccessToken fetch_with(tests::FakeTransport& transport) {
    return fetch_access_token(transport, credentials(), "made-up-key");
}

Error error_with(int status, const std::string& body) {
    tests::FakeTransport transport;
    transport.answer(status, body, {{"x-request-id", "request-1"}});
    try {
        fetch_with(transport);
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "no error was thrown";
    return Error(ExitCode::ok, "", "");
}

TEST(AccessToken, RequestIsAFormInTheBody) {
    tests::FakeTransport transport;
    transport.answer(200, R"({"access_token":"abc"})");
    fetch_with(transport);
    const http::Request& request = transport.requests().at(0);
    EXPECT_EQ(request.method, http::Method::post);
    EXPECT_EQ(request.url, "https://ims.test/ims/token/v3");
    EXPECT_EQ(tests::header_of(request, "Content-Type"), "application/x-www-form-urlencoded");
    EXPECT_EQ(request.body.reveal(),
              "client_id=made-up-key&client_secret=made-up%26secret&grant_type=client_credentials&"
              "scope=openid%2CAdobeID");
}

TEST(AccessToken, IsRead) {
    tests::FakeTransport transport;
    transport.answer(200, R"({"access_token":"abc.def","token_type":"bearer","expires_in":86399})");
    const AccessToken token = fetch_with(transport);
    EXPECT_EQ(token.token.reveal(), "abc.def");
    EXPECT_EQ(token.lifetime, std::chrono::seconds(86399));
}

TEST(AccessToken, OddLifetimesAreNone) {
    for (const char* const lifetime : {"-5", "1e300", "\"86399\"", "null"}) {
        tests::FakeTransport transport;
        transport.answer(200,
                         R"({"access_token":"abc","expires_in":)" + std::string(lifetime) + "}");
        EXPECT_EQ(fetch_with(transport).lifetime, std::chrono::seconds(0)) << lifetime;
    }
}

TEST(AccessToken, RefusalsOfTheClient) {
    const Error error = error_with(
        400, R"({"error":"invalid_client","error_description":"invalid client_secret"})");
    EXPECT_EQ(error.exit_code(), ExitCode::auth);
    EXPECT_EQ(error.code(), "auth.client_refused");
    EXPECT_NE(error.message().find("invalid client_secret (invalid_client, HTTP 400)"),
              std::string::npos);
    EXPECT_NE(error.hint().find("--api-secret"), std::string::npos);
    EXPECT_EQ(error.request_id(), "request-1");
    EXPECT_NE(error_with(400, R"({"error":"invalid_scope"})").hint().find("--scopes"),
              std::string::npos);
    EXPECT_EQ(error_with(401, "").exit_code(), ExitCode::auth);
}

TEST(AccessToken, OtherFailures) {
    EXPECT_EQ(error_with(429, "").exit_code(), ExitCode::unavailable);
    EXPECT_EQ(error_with(503, "<html>").exit_code(), ExitCode::unavailable);
    EXPECT_EQ(error_with(302, "").exit_code(), ExitCode::bad_response);
    EXPECT_EQ(error_with(404, "").exit_code(), ExitCode::not_found);
}

TEST(AccessToken, AnswersWithoutAUsableToken) {
    for (const char* const body :
         {"", "{}", "[]", "null", R"({"access_token":1})", R"({"access_token":""})",
          R"({"access_token":"a\nb"})", R"({"access_token":"a b"})", R"({"access_token":"abc")",
          "<html>"}) {
        EXPECT_EQ(error_with(200, body).exit_code(), ExitCode::bad_response) << body;
    }
}

TokenClaims claims_in(const std::string& claims) {
    static const Secret key = crypto::make_rsa_key();
    return claims_of(crypto::sign_rs256(claims, key, "made-up-id"));
}

TEST(TokenClaims, OfAdobesForm) {
    const auto claims = claims_in(
        R"({"client_id":"made-up-key","created_at":"1800000000999","expires_in":"86400000"})");
    EXPECT_EQ(claims.client_id, "made-up-key");
    EXPECT_EQ(claims.expires_at,
              std::chrono::sys_seconds(std::chrono::seconds(1'800'000'000 + 86'400)));
    EXPECT_TRUE(claims_in(R"({"created_at":1800000000000,"expires_in":1000})").expires_at);
}

TEST(TokenClaims, WhatIsNotTold) {
    for (const char* const text :
         {R"({"created_at":"1800000000000"})", R"({"created_at":"x","expires_in":"1"})",
          R"({"created_at":"-1","expires_in":"1"})", R"({"created_at":"1","expires_in":"9e9"})",
          R"({"created_at":"1","expires_in":"999999999999999999"})",
          R"({"created_at":true,"expires_in":null,"client_id":7})"}) {
        const auto claims = claims_in(text);
        EXPECT_FALSE(claims.expires_at) << text;
        EXPECT_EQ(claims.client_id, "") << text;
    }
}

TEST(TokenClaims, AnOpaqueTokenTellsNothing) {
    for (const char* const token :
         {"", "made-up-token", "a.b.c", "e30.e30.", "..", "e30.W10.e30"}) {
        const auto claims = claims_of(Secret(token));
        EXPECT_EQ(claims.client_id, "");
        EXPECT_FALSE(claims.expires_at);
    }
}

class TokenSourceTest : public testing::Test {
  protected:
    TokenCache cache() const {
        return {folder_.path() + "/cache", {"https://ims.test", "made-up-key", "openid,AdobeID"}};
    }
    Fetching fetching() {
        return {.transport = transport_,
                .credentials = credentials(),
                .api_key = "made-up-key",
                .cache = cache(),
                .clock = clock_,
                .hide = [this](const Secret& token) { hidden_.push_back(token.reveal()); },
                .warn = [this](std::string_view line) { warnings_.emplace_back(line); }};
    }
    // The token of a new run.
    std::string token_now() { return TokenSource(fetching()).obtain().token.reveal(); }
    std::string token_after(const std::string& refused) {
        return TokenSource(fetching()).replace(Secret(refused)).value().reveal();
    }
    void answer(const std::string& text, long lifetime) {
        transport_.answer(200, R"({"access_token":")" + text + R"(","expires_in":)" +
                                   std::to_string(lifetime) + "}");
    }

    tests::TempFolder folder_;
    std::chrono::sys_seconds date_{std::chrono::seconds(1'800'000'000)};
    std::chrono::milliseconds waited_{0};
    Clock clock_{.now = std::chrono::steady_clock::now,
                 .date = [this] { return date_; },
                 .random = [] { return 0.0; },
                 .pause =
                     [this](std::chrono::milliseconds time) {
                         waited_ += time;
                         return true;
                     }};
    std::vector<std::string> hidden_;
    std::vector<std::string> warnings_;
    tests::FakeTransport transport_;
};

std::string text_of(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(TokenSourceTest, IsFetchedOnceADay) {
    answer("first", 86399);
    EXPECT_EQ(token_now(), "first");
    EXPECT_EQ(token_now(), "first") << "from the cache: no call was scripted";
    EXPECT_EQ(text_of(cache().path()).find("made-up&secret"), std::string::npos);
    date_ += std::chrono::hours(24);
    answer("second", 86399);
    EXPECT_EQ(token_now(), "second");
}

TEST_F(TokenSourceTest, ARefusedTokenIsThrownAway) {
    answer("first", 86399);
    token_now();
    answer("second", 86399);
    EXPECT_EQ(token_after("first"), "second");
    EXPECT_EQ(token_after("first"), "second") << "from the cache";
}

TEST_F(TokenSourceTest, AShortTokenIsNotKept) {
    answer("short", 200);
    EXPECT_EQ(token_now(), "short");
    answer("another", 0);
    EXPECT_EQ(token_now(), "another");
}

TEST_F(TokenSourceTest, WaitsForWhoeverFetchesButNotForEver) {
    const auto lock = cache().try_lock();
    ASSERT_TRUE(lock);
    answer("own", 86399);
    EXPECT_EQ(token_now(), "own");
    EXPECT_GE(waited_, std::chrono::seconds(30));
}

TEST_F(TokenSourceTest, IsRememberedAndHidden) {
    answer("first", 0);
    TokenSource source(fetching());
    EXPECT_FALSE(source.is_ready());
    EXPECT_EQ(source.obtain().token.reveal(), "first");
    EXPECT_TRUE(source.is_ready());
    EXPECT_EQ(source.obtain().token.reveal(), "first") << "no second call was scripted";
    EXPECT_EQ(hidden_, std::vector<std::string>{"first"});
    EXPECT_TRUE(warnings_.empty());
}

TEST_F(TokenSourceTest, ACachedOneIsAtHand) {
    answer("first", 86399);
    token_now();
    TokenSource source(fetching());
    EXPECT_TRUE(source.is_ready());
    EXPECT_TRUE(source.obtain().cached);
    EXPECT_EQ(hidden_, (std::vector<std::string>{"first", "first"}));
}

TEST_F(TokenSourceTest, OneThatIsFetchedAnewReplacesTheCachedOne) {
    answer("first", 86399);
    token_now();
    answer("second", 86399);
    EXPECT_EQ(TokenSource(fetching()).fetch_anew().reveal(), "second");
    EXPECT_EQ(token_now(), "second");
}

TEST_F(TokenSourceTest, OneThatCannotBeReplacedStands) {
    TokenSource given(Secret("given"));
    EXPECT_TRUE(given.is_ready());
    EXPECT_EQ(given.obtain().token.reveal(), "given");
    EXPECT_FALSE(given.replace(Secret("given")));
    Fetching once = fetching();
    once.replaces = false;
    answer("first", 86399);
    TokenSource source(std::move(once));
    EXPECT_FALSE(source.replace(source.obtain().token));
    EXPECT_TRUE(warnings_.empty());
}

// Of many calls whose token was refused, one fetches another for all. The script has one answer,
// and a second call would fail the test.
TEST_F(TokenSourceTest, ManyRefusalsFetchOneToken) {
    constexpr int calls = 16;
    answer("first", 86399);
    TokenSource source(fetching());
    const Secret refused = source.obtain().token;
    answer("second", 86399);
    std::vector<std::string> replaced(calls);
    std::vector<std::thread> threads;
    threads.reserve(replaced.size());
    for (auto& one : replaced) {
        threads.emplace_back([&] { one = source.replace(refused).value().reveal(); });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(replaced, std::vector<std::string>(calls, "second"));
    EXPECT_EQ(transport_.requests().size(), 2U);
    EXPECT_EQ(hidden_, (std::vector<std::string>{"first", "second"}));
    EXPECT_EQ(warnings_, std::vector<std::string>{
                             "Adobe refused the access token (HTTP 401), retrying with a new one "
                             "(attempt 2 of 2)"});
}

// The same without a cache, for the first token.
TEST_F(TokenSourceTest, ManyCallsFetchOneToken) {
    Fetching uncached = fetching();
    uncached.cache = {"", {}};
    answer("first", 86399);
    TokenSource source(std::move(uncached));
    std::vector<std::thread> threads;
    constexpr int calls = 16;
    threads.reserve(calls);
    for (int i = 0; i < calls; ++i) {
        threads.emplace_back([&] { EXPECT_EQ(source.obtain().token.reveal(), "first"); });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(transport_.requests().size(), 1U);
}

}  // namespace
}  // namespace bqconn::auth
