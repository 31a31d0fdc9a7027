#include "bqconn/crypto/jwt.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <stdexcept>

#include "bqconn/json/parse.hpp"

namespace bqconn::crypto {
namespace {

const Secret& key() {
    static const Secret made = make_rsa_key();
    return made;
}

std::string claims(long lifetime) {
    const long now = static_cast<long>(std::time(nullptr));
    return json::Json{{"iss", "reader@example"}, {"exp", now + lifetime}, {"iat", now}}.dump();
}

TEST(Jwt, IsReadByWhoHasTheKey) {
    const std::string text = claims(3600);
    const Secret token = sign_rs256(text, key(), "key-1");
    const auto read = verified_rs256(token.reveal(), public_key_of(key()));
    ASSERT_TRUE(read);
    EXPECT_EQ(json::Json::parse(*read), json::Json::parse(text));
    EXPECT_EQ(unverified_claims(token.reveal()), read);
}

TEST(Jwt, AnotherKeyOrAChangedTokenIsRefused) {
    const std::string token = sign_rs256(claims(3600), key(), "key-1").reveal();
    EXPECT_FALSE(verified_rs256(token, public_key_of(make_rsa_key())));
    EXPECT_FALSE(verified_rs256(token, ""));
    const auto dot = token.find('.');
    std::string changed = token;
    changed[dot + 5] = changed[dot + 5] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verified_rs256(changed, public_key_of(key())));
    EXPECT_FALSE(verified_rs256(token.substr(0, token.rfind('.') + 1), public_key_of(key())));
}

TEST(Jwt, AnExpiredTokenIsRefused) {
    const Secret token = sign_rs256(claims(-10), key(), "key-1");
    EXPECT_FALSE(verified_rs256(token.reveal(), public_key_of(key())));
    EXPECT_TRUE(unverified_claims(token.reveal()));
}

// {"alg":"none"} with an empty signature, and HS256 with the public key as the secret.
TEST(Jwt, AnotherAlgorithmIsRefused) {
    const std::string none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJpc3MiOiJ4In0.";
    EXPECT_FALSE(verified_rs256(none, public_key_of(key())));
    const std::string hs256 = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJ4In0.AAAA";
    EXPECT_FALSE(verified_rs256(hs256, public_key_of(key())));
}

TEST(Jwt, WhatIsNoTokenHasNoClaims) {
    for (const char* const text :
         {"", ".", "..", "a.b.c", "opaque-token", "W10.W10.AA", "e30.e30.e30"}) {
        EXPECT_FALSE(unverified_claims(text)) << text;
    }
}

TEST(Jwt, AnErrorDoesNotQuoteTheKey) {
    for (const char* const pem :
         {"", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}) {
        try {
            sign_rs256(claims(60), Secret(pem), "key-1");
            ADD_FAILURE() << "signed without a key";
        } catch (const std::runtime_error& error) {
            EXPECT_STREQ(error.what(), "the private key cannot be used");
        }
        EXPECT_THROW(public_key_of(Secret(pem)), std::runtime_error);
    }
}

TEST(PrivateKey, IsRecognised) {
    EXPECT_TRUE(is_rsa_private_key(key().reveal()));
    for (const std::string_view text :
         {"", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}) {
        EXPECT_FALSE(is_rsa_private_key(text));
    }
}

}  // namespace
}  // namespace bqconn::crypto
