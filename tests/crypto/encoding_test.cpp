#include "bqconn/crypto/encoding.hpp"

#include <gtest/gtest.h>

namespace bqconn::crypto {
namespace {

// The vectors of RFC 4648, section 10.
TEST(Base64, Rfc4648Vectors) {
    const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, encoded] : vectors) {
        EXPECT_EQ(base64(plain), encoded);
        EXPECT_EQ(from_base64(encoded), plain);
    }
}

TEST(Base64, LongTextIsNotWrapped) {
    const std::string encoded = base64(std::string(3000, 'x'));
    EXPECT_EQ(encoded.find('\n'), std::string::npos);
    EXPECT_EQ(encoded.size(), 4000U);
}

TEST(Base64, OtherFormsAreRefused) {
    for (const std::string_view text :
         {"Zg", "Zg=", "Z===", "Zm9v\n", "Zm9-", "Zg==Zg==", "Zg=a", "===="}) {
        EXPECT_EQ(from_base64(text), std::nullopt) << text;
    }
}

TEST(PrivateKey, WhatIsNone) {
    for (const std::string_view text :
         {"", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}) {
        EXPECT_FALSE(is_rsa_private_key(text));
    }
}

TEST(RandomHex, LengthAndDifference) {
    EXPECT_EQ(random_hex(8).size(), 16U);
    EXPECT_NE(random_hex(16), random_hex(16));
}

}  // namespace
}  // namespace bqconn::crypto
