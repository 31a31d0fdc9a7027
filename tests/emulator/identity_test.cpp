#include "emulator/identity/identity.hpp"

#include <gtest/gtest.h>

#include "bqconn/core/text.hpp"
#include "bqconn/crypto/jwt.hpp"
#include "emulator/http_client.hpp"

namespace bqconn::emulator {
namespace {

TEST(AdobeToken, IsReadAsAJsonWebToken) {
    const std::string token = adobe_token("made-up-key", "openid,AdobeID", 1'700'000'000'123);
    EXPECT_EQ(split(token, '.').size(), 3U);
    EXPECT_LT(token.size(), 1500U);
    const auto claims = crypto::unverified_claims(token);
    ASSERT_TRUE(claims);
    EXPECT_EQ(json::parse(*claims), (Json{{"client_id", "made-up-key"},
                                          {"user_id", "emulated-account@techacct.adobe.com"},
                                          {"type", "access_token"},
                                          {"created_at", "1700000000123"},
                                          {"expires_in", "86400000"},
                                          {"scope", "openid,AdobeID"}}));
}

TEST(AdobeToken, IsOneOfItsKind) {
    EXPECT_NE(adobe_token("a", "b", 1), adobe_token("a", "b", 1));
}

TEST(AdobeToken, IsWhatTheStoreIssues) {
    Options options;
    options.clock = [] { return std::chrono::system_clock::time_point(std::chrono::seconds(5)); };
    Store store(options);
    const auto claims = crypto::unverified_claims(store.issue_token("key", "openid"));
    ASSERT_TRUE(claims);
    EXPECT_EQ(json::parse(*claims).at("created_at"), "5000");
    EXPECT_EQ(json::parse(*claims).at("scope"), "openid");
}

class ImsTest : public testing::Test {
  protected:
    Pairs form() const {
        const Identity& identity = emulator_.emulator.identity();
        return {{"client_id", identity.api_key},
                {"client_secret", identity.api_secret.reveal()},
                {"grant_type", "client_credentials"},
                {"scope", "openid,AdobeID,additional_info.projectedProductContext"}};
    }

    static std::string encode(const Pairs& pairs) {
        std::string text;
        for (const auto& [key, value] : pairs) {
            text += (text.empty() ? "" : "&") + percent_encode(key) + "=" + percent_encode(value);
        }
        return text;
    }

    Reply post(const std::string& body, const std::string& query = {},
               const std::string& type = "application/x-www-form-urlencoded") const {
        return send(emulator_.port(), "POST", "/ims/token/v3" + query, {{"Content-Type", type}},
                    body);
    }

    Reply post_with(const std::string& key, const std::string& value) const {
        Pairs changed = form();
        for (auto& pair : changed) {
            if (pair.first == key) {
                pair.second = value;
            }
        }
        return post(encode(changed));
    }

    void expect_refused(const Reply& reply, int status, const std::string& error) const {
        EXPECT_EQ(reply.status, status);
        const Json document = reply.json();
        EXPECT_EQ(document.size(), 2U);
        EXPECT_EQ(document.at("error"), error);
        EXPECT_FALSE(document.at("error_description").get<std::string>().empty());
        EXPECT_TRUE(reply.has("x-request-id"));
        EXPECT_EQ(reply.body.find(emulator_.emulator.identity().api_secret.reveal()),
                  std::string::npos);
        EXPECT_EQ(reply.body.find("canary"), std::string::npos);
    }

    RunningEmulator emulator_;
};

TEST_F(ImsTest, TokenThatWorks) {
    const Reply reply = post(encode(form()));
    EXPECT_EQ(reply.status, 200);
    const Json document = reply.json();
    EXPECT_EQ(document.size(), 3U);
    EXPECT_EQ(document.at("token_type"), "bearer");
    EXPECT_EQ(document.at("expires_in"), 86399);
    EXPECT_EQ(reply.header("cache-control"), "no-store");
    EXPECT_TRUE(reply.has("x-request-id"));
    Headers headers = emulator_.credentials();
    headers["Authorization"] = "Bearer " + document.at("access_token").get<std::string>();
    EXPECT_EQ(
        send(emulator_.port(), "GET", "/data/foundation/flowservice/connections", headers).status,
        200);
}

TEST_F(ImsTest, TokensDiffer) {
    EXPECT_NE(post(encode(form())).json().at("access_token"),
              post(encode(form())).json().at("access_token"));
}

TEST_F(ImsTest, CharsetInTheContentType) {
    EXPECT_EQ(post(encode(form()), "", "application/x-www-form-urlencoded; charset=UTF-8").status,
              200);
}

TEST_F(ImsTest, VersionTwo) {
    const Headers headers{{"Content-Type", "application/x-www-form-urlencoded"}};
    const Reply reply = send(emulator_.port(), "POST", "/ims/token/v2", headers, encode(form()));
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.json().size(), 3U);
}

TEST_F(ImsTest, EachParameterIsRequired) {
    for (std::size_t i = 0; i < form().size(); ++i) {
        Pairs rest = form();
        const std::string name = rest[i].first;
        rest.erase(rest.begin() + static_cast<Pairs::difference_type>(i));
        const Reply reply = post(encode(rest));
        expect_refused(reply, 400, "invalid_request");
        EXPECT_EQ(reply.json().at("error_description"), name + " is missing");
        expect_refused(post_with(name, ""), 400, "invalid_request");
    }
}

TEST_F(ImsTest, EachParameterOnce) {
    Pairs twice = form();
    twice.push_back(twice.front());
    expect_refused(post(encode(twice)), 400, "invalid_request");
}

TEST_F(ImsTest, BodyAndNeverQuery) {
    const Reply reply = post({}, "?" + encode(form()));
    expect_refused(reply, 400, "invalid_request");
    expect_refused(post(encode(form()), "?scope=openid"), 400, "invalid_request");
}

TEST_F(ImsTest, FormAndNothingElse) {
    Json document;
    for (const auto& [key, value] : form()) {
        document[key] = value;
    }
    expect_refused(post(document.dump(), "", "application/json"), 400, "invalid_request");
    expect_refused(post(encode(form()), "", "text/plain"), 400, "invalid_request");
    expect_refused(send(emulator_.port(), "POST", "/ims/token/v3"), 400, "invalid_request");
}

TEST_F(ImsTest, Client) {
    expect_refused(post_with("client_id", "canary"), 400, "invalid_client");
    expect_refused(post_with("client_secret", "canary"), 401, "invalid_client");
    const std::string secret = emulator_.emulator.identity().api_secret.reveal();
    expect_refused(post_with("client_secret", secret + "\n"), 401, "invalid_client");
}

TEST_F(ImsTest, GrantType) {
    expect_refused(post_with("grant_type", "authorization_code"), 400, "unsupported_grant_type");
}

TEST_F(ImsTest, ScopesAreSeparatedByCommas) {
    for (const char* const scopes :
         {"openid AdobeID", "openid, AdobeID", "openid,,AdobeID", ",openid", "openid%2CAdobeID"}) {
        expect_refused(post_with("scope", scopes), 400, "invalid_scope");
    }
    EXPECT_EQ(post_with("scope", "openid").status, 200);
}

TEST_F(ImsTest, BodyLongerThanTheLibrariesFormLimit) {
    // The library refuses forms over 8192 bytes if it parses them itself.
    EXPECT_EQ(post(encode(form()) + "&other=" + std::string(20'000, 'x')).status, 200);
}

}  // namespace
}  // namespace bqconn::emulator
