// auth google: its requests, its output and its errors.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bqconn/crypto/encoding.hpp"
#include "bqconn/json/parse.hpp"
#include "support/consented.hpp"

namespace bqconn::commands {
namespace {

using tests::Consented;
using tests::granted;
using tests::parameter;

constexpr const char* good = "/?state=STATE&code=4/made-up-code&scope=x";

TEST(AuthGoogle, WritesTheTokenWithItsClient) {
    Consented one({}, {good});
    one.run.transport.answer(200, granted);
    EXPECT_EQ(one(), 0) << one.run.err.str();
    EXPECT_EQ(one.run.out.str(),
              R"({"profile":"default","path":")" + one.folder.path("bqconn/default.env") +
                  R"(","scopes":["https://www.googleapis.com/auth/cloud-platform",)"
                  R"("https://www.googleapis.com/auth/bigquery"]})"
                  "\n");
    const std::string text = one.file("default.env");
    for (const char* const line : {"BQCONN_CLIENT_ID=client.apps.googleusercontent.com\n",
                                   "BQCONN_CLIENT_SECRET=made-up-client-secret\n",
                                   "BQCONN_REFRESH_TOKEN=1//made-up-google-refresh\n"}) {
        EXPECT_NE(text.find(line), std::string::npos) << text;
    }
    struct stat status {};
    ASSERT_EQ(::stat(one.folder.path("bqconn/default.env").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    ASSERT_EQ(one.pages.size(), 1U);
    EXPECT_NE(one.pages[0].find("<h1>Access granted</h1>"), std::string::npos);
    // The verifier matches the challenge.
    const auto& request = one.run.transport.requests().at(0);
    const std::string& form = request.body.reveal();
    EXPECT_EQ(request.url, "https://oauth2.googleapis.com/token");
    EXPECT_EQ(parameter(form, "code"), "4/made-up-code");
    EXPECT_EQ(parameter(form, "redirect_uri"), parameter(one.url, "redirect_uri"));
    EXPECT_EQ(crypto::base64url(crypto::sha256(parameter(form, "code_verifier"))),
              parameter(one.url, "code_challenge"));
    EXPECT_TRUE(one.url.starts_with("https://accounts.google.com/o/oauth2/v2/auth?"));
}

TEST(AuthGoogle, WaitsForTheRightRequest) {
    Consented one({}, {"/favicon.ico", "/?code=4/made-up-code&state=wrong", "/?code=4/made-up-code",
                       "/?state=STATE", "/other?state=STATE&code=4/made-up-code",
                       "/?state=STATE&code=%3Cscript%3E", good});
    one.run.transport.answer(200, granted);
    EXPECT_EQ(one(), 0) << one.run.err.str();
    EXPECT_EQ(one.statuses, (std::vector<int>{400, 400, 400, 400, 400, 400, 200}));
    for (const auto& page : one.pages) {
        EXPECT_EQ(page.find("script"), std::string::npos);
        EXPECT_EQ(page.find("made-up"), std::string::npos);
    }
}

TEST(AuthGoogle, WhatTheProfileHasIsNotWrittenAgain) {
    Consented one({"--profile", "mine"}, {good});
    one.run.environment.erase("BQCONN_CLIENT_ID");
    one.run.environment.erase("BQCONN_CLIENT_SECRET");
    ::mkdir(one.folder.path("bqconn").c_str(), 0700);
    one.folder.write(
        "client.json",
        R"({"installed":{"client_id":"client","client_secret":"made-up-client-secret"}})");
    one.folder.write("bqconn/mine.env",
                     "# mine\nBQCONN_CREDENTIALS=" + one.folder.path("client.json") +
                         "\nBQCONN_REFRESH_TOKEN_FILE=old\nBQCONN_PROJECT=p\n");
    one.run.transport.answer(200, granted);
    EXPECT_EQ(one(), 0) << one.run.err.str();
    EXPECT_EQ(one.file("mine.env"), "# mine\nBQCONN_CREDENTIALS=" + one.folder.path("client.json") +
                                        "\nBQCONN_REFRESH_TOKEN=1//made-up-google-refresh\n"
                                        "BQCONN_PROJECT=p\n");
}

TEST(AuthGoogle, EnvPrintsTheTokenAndWritesNothing) {
    Consented one({"-o", "env", "--profile", "new"}, {good});
    one.run.transport.answer(200, granted);
    EXPECT_EQ(one(), 0) << one.run.err.str();
    EXPECT_EQ(one.run.out.str(), "BQCONN_REFRESH_TOKEN='1//made-up-google-refresh'\n");
    EXPECT_EQ(one.file("new.env"), "");
}

TEST(AuthGoogle, SaysHowLongTheTokenLives) {
    const auto with = [](const std::string& seconds) {
        std::string body(granted);
        return body.insert(1, R"("refresh_token_expires_in":)" + seconds + ",");
    };
    const std::vector<std::pair<std::string, std::string>> rows{
        {granted, "Google did not report the token's lifetime"},
        {with("21600"), "expires in 1 day: the app is in Testing"},
        {with("604799"), "expires in 7 days: the app is in Testing; publish it"},
        {with("7776000"), "expires in 90 days: access was granted for a limited time"}};
    for (const auto& [body, words] : rows) {
        Consented one({}, {good});
        one.run.transport.answer(200, body);
        EXPECT_EQ(one(), 0) << one.run.err.str();
        EXPECT_NE(one.run.err.str().find(words), std::string::npos) << one.run.err.str();
        EXPECT_EQ(one.run.out.str().find("expiresAt") == std::string::npos, body == granted);
    }
    Consented week({}, {good});
    week.run.transport.answer(200, with("604800"));
    EXPECT_EQ(week(), 0);
    EXPECT_NE(week.run.out.str().find(R"("expiresAt":"1970-01-08T00:00:00Z")"), std::string::npos);
}

TEST(AuthGoogle, WhatGivesNoToken) {
    struct Row {
        std::string target;
        std::string answer;  // from the token service; empty: it is not called
        int status;
        std::string code;
        std::string heading;
    };
    const std::string scope_missing =
        R"({"access_token":"made-up-google-access","refresh_token":"made-up-google-refresh",)"
        R"("scope":"https://www.googleapis.com/auth/bigquery"})";
    const std::vector<Row> rows{
        {"/?error=access_denied&state=STATE", "", 4, "auth.consent_refused", "Access not granted"},
        {good, scope_missing, 4, "auth.scope_missing", "Something went wrong"},
        {good, R"({"access_token":"made-up-google-access"})", 4, "auth.no_refresh_token",
         "Something went wrong"},
        {good, R"({"access_token":7})", 12, "bad_response.google_token", "Something went wrong"}};
    for (const Row& row : rows) {
        Consented one({"-o", "json"}, {row.target});
        if (!row.answer.empty()) {
            one.run.transport.answer(200, row.answer);
        }
        EXPECT_EQ(one(), row.status) << one.run.err.str();
        EXPECT_NE(one.run.err.str().find("\"" + row.code + "\""), std::string::npos);
        EXPECT_EQ(one.run.out.str(), "");
        EXPECT_EQ(one.file("default.env"), "");
        EXPECT_NE(one.pages.at(0).find("<h1>" + row.heading + "</h1>"), std::string::npos)
            << one.pages.at(0);
    }
    Consented one({}, {good});
    one.run.transport.answer(200, scope_missing);
    one();
    EXPECT_NE(one.run.err.str().find(
                  "access was not granted to https://www.googleapis.com/auth/cloud-platform:"),
              std::string::npos)
        << one.run.err.str();
}

std::string between(const std::string& text, std::string_view begin, std::string_view end) {
    const auto from = text.find(begin) + begin.size();
    return text.substr(from, text.find(end, from) - from);
}

TEST(AuthGoogle, EachPageIsOneThatEverybodyCanRead) {
    for (const auto& [target, scopes] : std::vector<std::pair<std::string, std::string>>{
             {good, "https://www.googleapis.com/auth/bigquery"},
             {good, ""},
             {"/?error=access_denied&state=STATE", ""}}) {
        Consented one({}, {"/favicon.ico", target});
        if (target == good) {
            json::Json body = json::parse(granted);
            if (!scopes.empty()) {
                body["scope"] = scopes;
            }
            one.run.transport.answer(200, body.dump());
        }
        EXPECT_EQ(one() == 0, target == good && scopes.empty());
        ASSERT_EQ(one.pages.size(), 2U);
        for (const auto& html : one.pages) {
            EXPECT_TRUE(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\">")) << html;
            EXPECT_NE(html.find("<meta name=\"viewport\""), std::string::npos);
            const std::string heading = between(html, "<h1>", "</h1>");
            EXPECT_EQ(between(html, "<title>", "</title>"), heading + " - bqconn");
            EXPECT_EQ(html.find("<script"), std::string::npos);
            EXPECT_EQ(html.find("href"), std::string::npos);
            EXPECT_EQ(html.find("src="), std::string::npos);
        }
        EXPECT_EQ(one.statuses, (std::vector<int>{400, 200}));
    }
}

// A style sheet that the policy does not allow is not used.
TEST(AuthGoogle, ThePolicyOfThePageNamesItsStyle) {
    Consented one({}, {good});
    one.run.transport.answer(200, granted);
    EXPECT_EQ(one(), 0) << one.run.err.str();
    const std::string hash =
        crypto::base64(crypto::sha256(between(one.pages.at(0), "<style>", "</style>")));
    const std::string& policy = one.policies.at(0);
    EXPECT_NE(policy.find("style-src 'sha256-" + hash + "'"), std::string::npos) << policy;
    EXPECT_TRUE(policy.starts_with("default-src 'none';"));
    EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_EQ(policy.find("unsafe"), std::string::npos);
}

TEST(AuthGoogle, NobodyAnswers) {
    Consented one({"--timeout", "0.05"}, {});
    EXPECT_EQ(one(), 4);
    EXPECT_NE(one.run.err.str().find("auth.consent_timeout"), std::string::npos);
}

TEST(AuthGoogle, QuietStillShowsTheAddress) {
    Consented one({"--quiet", "-o", "text", "--timeout", "0.05"}, {});
    EXPECT_EQ(one(), 4);
    EXPECT_NE(one.run.err.str().find("\n" + one.url + "\n"), std::string::npos)
        << one.run.err.str();
}

TEST(AuthGoogle, BeforeAnybodyIsAsked) {
    Consented no_client({}, {});
    no_client.run.environment.erase("BQCONN_CLIENT_SECRET");
    EXPECT_EQ(no_client(), 2);
    EXPECT_NE(no_client.run.err.str().find("usage.missing_settings"), std::string::npos);
    EXPECT_EQ(no_client.url, "");
    Consented no_name({"--profile", "a/b"}, {});
    EXPECT_EQ(no_name(), 2);
    EXPECT_EQ(no_name.url, "");
}

TEST(AuthGoogle, TheEnvironmentGoesBeforeTheProfile) {
    Consented one({}, {good});
    one.run.set("BQCONN_REFRESH_TOKEN", "made-up-old-token");
    one.run.transport.answer(200, granted);
    EXPECT_EQ(one(), 0);
    EXPECT_NE(one.run.err.str().find("BQCONN_REFRESH_TOKEN (environment) overrides the value"),
              std::string::npos);
}

TEST(AuthGoogle, PastedWithoutABrowser) {
    Consented code({"--no-browser"}, {});
    code.run.in.str("4%2Fmade-up-code\n");
    code.run.transport.answer(200, granted);
    EXPECT_EQ(code(), 0) << code.run.err.str();
    EXPECT_EQ(code.url, "") << "no browser was opened";
    EXPECT_NE(code.file("default.env").find("1//made-up-google-refresh"), std::string::npos);

    const std::vector<std::pair<std::string, std::string>> rows{
        {"", "usage.invalid_value"},
        {"http://127.0.0.1:1/\n", "usage.invalid_value"},
        {"http://127.0.0.1:1/?code=4/made-up-code&state=other\n", "auth.consent_state"},
        {"http://127.0.0.1:1/?code=4/made-up-code\n", "usage.invalid_value"},
        {"made-up-code\n", "usage.invalid_value"},
        {"http://127.0.0.1:1/?error=access_denied&state=other\n", "auth.consent_state"}};
    for (const auto& [line, error] : rows) {
        Consented one({"--no-browser"}, {});
        one.run.in.str(line);
        EXPECT_NE(one(), 0);
        EXPECT_NE(one.run.err.str().find("\"" + error + "\""), std::string::npos)
            << one.run.err.str();
    }
}

TEST(AuthGoogle, AsksAgainUntilAnAnswerIsPasted) {
    Consented one({"--no-browser"}, {});
    one.run.in.str("yes\nhttp://127.0.0.1:1/?state=x\n4/made-up-code\n");
    one.run.transport.answer(200, granted);
    EXPECT_EQ(one(), 0) << one.run.err.str();
    const std::string err = one.run.err.str();
    EXPECT_NE(err.find("neither an address with code= nor a code"), std::string::npos) << err;
    EXPECT_NE(err.find("code= is missing. Paste the whole address; it begins with http://127."),
              std::string::npos)
        << err;
    EXPECT_EQ(one.run.transport.requests().size(), 1U) << "only the code was sent";
}

TEST(AuthGoogle, AWebClientIsReportedBeforeTheBrowserOpens) {
    const auto with = [](const std::string& addresses, std::vector<std::string> visited) {
        auto one = std::make_unique<Consented>(
            std::vector<std::string>{"--credentials", "client.json", "-o", "text"},
            std::move(visited));
        one->run.environment.erase("BQCONN_CLIENT_ID");
        one->run.environment.erase("BQCONN_CLIENT_SECRET");
        one->run.args.at(3) = one->folder.write(
            "client.json", R"({"web":{"client_id":"client.apps.googleusercontent.com",)"
                           R"("client_secret":"made-up-client-secret","redirect_uris":)" +
                               addresses + "}}");
        return one;
    };
    for (const std::string addresses :
         {"[]", R"(["https://developers.google.com/oauthplayground"])"}) {
        const auto one = with(addresses, {});
        EXPECT_EQ((*one)(), 3) << one->run.err.str();
        EXPECT_NE(one->run.err.str().find("redirect_uri_mismatch"), std::string::npos);
        EXPECT_NE(one->run.err.str().find("Desktop app"), std::string::npos);
        EXPECT_EQ(one->url, "");
    }
    const auto loopback = with(R"(["https://a.example", "http://localhost:8080/x"])", {good});
    loopback->run.transport.answer(200, granted);
    EXPECT_EQ((*loopback)(), 0) << loopback->run.err.str();
    EXPECT_NE(loopback->run.err.str().find("warning: "), std::string::npos);
    EXPECT_NE(loopback->run.err.str().find("redirect_uri_mismatch"), std::string::npos);
}

}  // namespace
}  // namespace bqconn::commands
