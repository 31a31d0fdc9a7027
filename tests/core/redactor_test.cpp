#include "bqconn/core/redactor.hpp"

#include <gtest/gtest.h>

#include "bqconn/crypto/encoding.hpp"

namespace bqconn {
namespace {

Redactor knowing(const std::string& secret) {
    Redactor redactor;
    redactor.add(Secret(secret));
    return redactor;
}

TEST(Redactor, RawValue) {
    EXPECT_EQ(knowing("1//0abcdefgh").redact("token 1//0abcdefgh refused"),
              "token [redacted] refused");
    EXPECT_EQ(knowing("1//0abcdefgh").redact("nothing here"), "nothing here");
}

TEST(Redactor, EscapedSpellings) {
    const Redactor redactor = knowing("a/b\"c\\d é+f");
    EXPECT_EQ(redactor.redact(R"(x a\/b\"c\\d \u00e9+f y)"), "x [redacted] y");
    EXPECT_EQ(redactor.redact("x a%2Fb%22c%5cd%20%C3%A9%2bf y"), "x [redacted] y");
    EXPECT_EQ(redactor.redact("x a%2Fb\"c\\\\d+%c3%A9+f y"), "x [redacted] y");
}

// Letters of each length in UTF-8; the last is two escapes in JSON.
TEST(Redactor, EscapesOfLettersBeyondAscii) {
    const Redactor redactor = knowing("pa\u00df \u20ac \U0001d11e word");
    EXPECT_EQ(redactor.redact(R"(<pa\u00df \u20ac \ud834\udd1e word>)"), "<[redacted]>");
    EXPECT_EQ(redactor.redact(R"(<pa\u00DF \u20AC \uD834\uDD1E word>)"), "<[redacted]>");
    EXPECT_EQ(redactor.redact("<pa%C3%9F %E2%82%AC %F0%9D%84%9E word>"), "<[redacted]>");
}

TEST(Redactor, WhatOnlyBeginsLikeAnEscapeIsLeftAlone) {
    const Redactor redactor = knowing("password-of-ours");
    for (const std::string text :
         {"%", "%7", "%zz", "\\", "\\u", "\\u00", "\\u00zz", "\\x70", R"(\ud834)", R"(\ud834\u)",
          R"(\ud834\u0041)", R"(\ud834\uzzzz)", R"(\udd1e\ud834)"}) {
        EXPECT_EQ(redactor.redact(text), text);
        EXPECT_EQ(redactor.redact(text + "%70assword-of-ours" + text), text + "[redacted]" + text);
    }
}

TEST(Redactor, SecretsThatLookLikeEscapes) {
    for (const std::string secret : {"pass%25word", R"(pass\\word)", R"(pass\u0041word)"}) {
        Redactor redactor;
        redactor.add(Secret(secret));
        EXPECT_EQ(redactor.redact("<" + secret + ">"), "<[redacted]>") << secret;
    }
    Redactor redactor;
    redactor.add(Secret(R"(%25\\"%25word)"));
    // In JSON the one kind of them is escaped, the other is not.
    EXPECT_EQ(redactor.redact(R"(<%25\\\\\"%25word>)"), "<[redacted]>");
}

TEST(Redactor, Base64AtEveryAlignment) {
    const std::string secret = "quite?a>secret~value";
    const Redactor redactor = knowing(secret);
    for (const std::string before : {"", "a", "ab", "abc"}) {
        for (const std::string after : {"", "x", "xy"}) {
            const std::string shown =
                redactor.redact("<" + crypto::base64(before + secret + after) + ">");
            EXPECT_NE(shown.find("[redacted]"), std::string::npos) << shown;
            EXPECT_LE(shown.size(), 26U) << shown;
        }
    }
}

TEST(Redactor, FirstPartOfALongSecret) {
    const Redactor redactor = knowing("abcdefghijklmnopqrstuvwxyz");
    EXPECT_EQ(redactor.redact("got 'abcdefghijklmno…'"), "got '[redacted]…'");
    EXPECT_EQ(redactor.redact("abcdefgh"), "abcdefgh");
}

TEST(Redactor, InOurOwnTextOnlyTheWholeCounts) {
    const Redactor redactor = knowing("common-prefix-of-a-secret");
    EXPECT_EQ(redactor.redact("common-prefix-of-a-name", Redactor::Parts::whole_only),
              "common-prefix-of-a-name");
    EXPECT_EQ(redactor.redact("common-prefix-of-a-secret", Redactor::Parts::whole_only),
              "[redacted]");
}

TEST(Redactor, ATextOfSeveralLinesCountsAsAWhole) {
    const Redactor redactor = knowing("{\"type\": \"service_account\",\n\"private_key\": \"x\"}");
    EXPECT_EQ(redactor.redact("{\"type\": \"service_account\""), "{\"type\": \"service_account\"");
}

TEST(Redactor, ShortValuesAreLeftAlone) {
    EXPECT_EQ(knowing("expired").redact("it has expired"), "it has expired");
}

TEST(Redactor, SeveralInOneText) {
    Redactor redactor;
    redactor.add(Secret("first-secret"));
    redactor.add(Secret("second-secret"));
    EXPECT_EQ(redactor.redact("first-secretsecond-secret."), "[redacted][redacted].");
}

}  // namespace
}  // namespace bqconn
