#include "bqconn/emulator/adobe_token.hpp"

#include <gtest/gtest.h>

#include "bqconn/core/text.hpp"
#include "bqconn/crypto/jwt.hpp"
#include "emulator/http_client.hpp"

namespace bqconn::emulator {
namespace {

TEST(AdobeToken, IsReadAsAJsonWebToken) {
    const std::string token = adobe_token({"made-up-key", "openid,AdobeID", 1'700'000'000'123});
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
    EXPECT_NE(adobe_token({"a", "b", 1}), adobe_token({"a", "b", 1}));
}

TEST(AdobeToken, IsWhatTheStoreIssues) {
    Store store([] { return std::chrono::system_clock::time_point(std::chrono::seconds(5)); });
    const auto claims = crypto::unverified_claims(store.issue_token("key", "openid"));
    ASSERT_TRUE(claims);
    EXPECT_EQ(json::parse(*claims).at("created_at"), "5000");
    EXPECT_EQ(json::parse(*claims).at("scope"), "openid");
}

}  // namespace
}  // namespace bqconn::emulator
