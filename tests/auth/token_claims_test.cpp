#include "bqconn/auth/token_claims.hpp"

#include <gtest/gtest.h>

#include "bqconn/crypto/jwt.hpp"

namespace bqconn::auth {
namespace {

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

}  // namespace
}  // namespace bqconn::auth
