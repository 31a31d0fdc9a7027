#include "bqconn/crypto/encoding.hpp"

#include <gtest/gtest.h>

namespace bqconn::crypto {
namespace {

// The test vectors of RFC 4648, section 10.
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

TEST(Base64Url, AlphabetAndNoPadding) {
    EXPECT_EQ(base64url(""), "");
    EXPECT_EQ(base64url("f"), "Zg");
    EXPECT_EQ(base64url("fo"), "Zm8");
    EXPECT_EQ(base64url("foo"), "Zm9v");
    EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");
}

// RFC 7636, appendix B: 32 bytes to verifier, verifier to challenge.
TEST(Base64Url, ProofKeyOfRfc7636) {
    const std::string bytes =
        "\x74\x18\xdf\xb4\x97\x99\xe0\x25\x4f\xfa\x60\x7d\xd8\xad\xbb\xba"
        "\x16\xd4\x25\x4d\x69\xd6\xbf\xf0\x5b\x58\x05\x58\x53\x84\x8d\x79";
    const std::string verifier = base64url(bytes);
    EXPECT_EQ(verifier, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    EXPECT_EQ(base64url(sha256(verifier)), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(Sha256, VectorOfFips180) {
    EXPECT_EQ(sha256("abc").size(), 32U);
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(RandomHex, LengthAndDifference) {
    EXPECT_EQ(random_hex(8).size(), 16U);
    EXPECT_NE(random_hex(16), random_hex(16));
    EXPECT_EQ(random_bytes(32).size(), 32U);
    EXPECT_NE(random_bytes(32), random_bytes(32));
}

}  // namespace
}  // namespace bqconn::crypto
