#include "bqconn/emulator/base64url.hpp"

#include <gtest/gtest.h>

namespace bqconn::emulator {
namespace {

TEST(Base64Url, HasItsOwnAlphabetAndNoPadding) {
    EXPECT_EQ(base64url(""), "");
    EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");
    EXPECT_EQ(base64url("a"), "YQ");
    EXPECT_EQ(bytes_of_hex("00ff7a"), std::string("\0\xffz", 3));
}

// RFC 7636, appendix B.
TEST(Base64Url, CodeChallenge) {
    EXPECT_EQ(code_challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
              "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

}  // namespace
}  // namespace bqconn::emulator
