#include "bqconn/core/redactor.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "bqconn/http/answer.hpp"
#include "support/test_keys.hpp"

namespace bqconn {
namespace {

Redactor redactor_for(const std::string& secret) {
    Redactor redactor;
    redactor.add(Secret(secret));
    return redactor;
}

TEST(Redactor, RawValue) {
    EXPECT_EQ(redactor_for("1//0abcdefgh").redact("token 1//0abcdefgh refused"),
              "token [redacted] refused");
    EXPECT_EQ(redactor_for("1//0abcdefgh").redact("nothing here"), "nothing here");
}

TEST(Redactor, EscapedSpellings) {
    const Redactor redactor = redactor_for("a/b\"c\\d é+f");
    EXPECT_EQ(redactor.redact(R"(x a\/b\"c\\d \u00e9+f y)"), "x [redacted] y");
    EXPECT_EQ(redactor.redact("x a%2Fb%22c%5cd%20%C3%A9%2bf y"), "x [redacted] y");
    EXPECT_EQ(redactor.redact("x a%2Fb\"c\\\\d+%c3%A9+f y"), "x [redacted] y");
}

// Characters of each UTF-8 length; the last is two escapes in JSON.
TEST(Redactor, EscapesOfLettersBeyondAscii) {
    const Redactor redactor = redactor_for("pa\u00df \u20ac \U0001d11e word");
    EXPECT_EQ(redactor.redact(R"(<pa\u00df \u20ac \ud834\udd1e word>)"), "<[redacted]>");
    EXPECT_EQ(redactor.redact(R"(<pa\u00DF \u20AC \uD834\uDD1E word>)"), "<[redacted]>");
    EXPECT_EQ(redactor.redact("<pa%C3%9F %E2%82%AC %F0%9D%84%9E word>"), "<[redacted]>");
}

TEST(Redactor, WhatOnlyBeginsLikeAnEscapeIsLeftAlone) {
    const Redactor redactor = redactor_for("password-of-ours");
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
    // JSON escapes the first kind but not the second.
    EXPECT_EQ(redactor.redact(R"(<%25\\\\\"%25word>)"), "<[redacted]>");
}

TEST(Redactor, Base64AtEveryAlignment) {
    const std::string secret = "quite?a>secret~value";
    const Redactor redactor = redactor_for(secret);
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
    const Redactor redactor = redactor_for("abcdefghijklmnopqrstuvwxyz");
    EXPECT_EQ(redactor.redact("got 'abcdefghijklmno…'"), "got '[redacted]…'");
    EXPECT_EQ(redactor.redact("abcdefgh"), "abcdefgh");
}

TEST(Redactor, InOurOwnTextOnlyTheWholeCounts) {
    const Redactor redactor = redactor_for("common-prefix-of-a-secret");
    EXPECT_EQ(redactor.redact("common-prefix-of-a-name", Redactor::Parts::whole_only),
              "common-prefix-of-a-name");
    EXPECT_EQ(redactor.redact("common-prefix-of-a-secret", Redactor::Parts::whole_only),
              "[redacted]");
}

TEST(Redactor, ATextOfSeveralLinesCountsAsAWhole) {
    const Redactor redactor =
        redactor_for("{\"type\": \"service_account\",\n\"private_key\": \"x\"}");
    EXPECT_EQ(redactor.redact("{\"type\": \"service_account\""), "{\"type\": \"service_account\"");
}

TEST(Redactor, ShortValuesAreLeftAlone) {
    EXPECT_EQ(redactor_for("expired").redact("it has expired"), "it has expired");
    EXPECT_EQ(redactor_for("a b  c d e").redact("a b  c d e"), "a b  c d e") << "five are visible";
}

TEST(Redactor, ASecretBeyondAsciiIsHiddenToItsEnd) {
    EXPECT_EQ(redactor_for("пароль").redact("a пароль b"), "a [redacted] b");
    EXPECT_EQ(redactor_for("42-secret-пароль").redact("\"42-secret-пароль\""), "\"[redacted]\"");
}

// A secret may be part of what reads like an escape.
TEST(Redactor, WhateverStandsNextToTheSecret) {
    const Redactor redactor = redactor_for("41nbe-secret%4");
    for (const std::string next :
         {"%", "%4", "\\", "\\u00", "&#", "&", "1", "n", "u0041", ";", " "}) {
        EXPECT_EQ(redactor.redact(next + "41nbe-secret%4" + next), next + "[redacted]" + next);
    }
}

TEST(Redactor, ABackslashInASecret) {
    const Redactor redactor = redactor_for("C:\\new\\\"\n\\user");
    for (const std::string text :
         {R"(C:\\new\\\"\n\\user)", R"(C:\\\\new\\\\\\\"\\n\\\\user)",
          R"(C%3A%5Cnew%5C%22%0A%5Cuser)", R"(C:\u005cnew\u005c\u0022\u000a\u005cuser)"}) {
        EXPECT_EQ(redactor.redact("<" + text + ">"), "<[redacted]>") << text;
    }
}

// A JSON string stays valid.
TEST(Redactor, AnEscapeAtTheEndIsRemovedWhole) {
    EXPECT_EQ(redactor_for("secret-of\\").redact(R"({"a":"secret-of\\"})"),
              R"({"a":"[redacted]"})");
    EXPECT_EQ(redactor_for("secret-of%").redact("secret-of%25 ,"), "[redacted] ,");
    EXPECT_EQ(redactor_for("secret-of&").redact("secret-of&amp; ,"), "[redacted] ,");
    EXPECT_EQ(redactor_for("secret-of\"").redact(R"("secret-of\"" ,)"), R"("[redacted]" ,)");
}

// A form encodes a blank as "+".
TEST(Redactor, BlanksInASecret) {
    const Redactor redactor = redactor_for("my secret word");
    for (const std::string text : {"my secret word", "my+secret+word", "my%20secret%20word",
                                   "my&nbsp;secret&#32;word", "my\nsecret\n word"}) {
        EXPECT_EQ(redactor.redact("(" + text + ")"), "([redacted])") << text;
    }
}

// What is not ASCII is ignored, as a secret consists of ASCII: so it may be damaged.
TEST(Redactor, LettersBeyondAsciiMayBeDamaged) {
    EXPECT_EQ(redactor_for("pass-w\u00f6rd-one").redact("<PASS-W\xef\xbf\xbdRD-ONE>"),
              "<[redacted]>");
}

TEST(Redactor, SeveralInOneText) {
    Redactor redactor;
    redactor.add(Secret("first-secret"));
    redactor.add(Secret("second-secret"));
    EXPECT_EQ(redactor.redact("first-secretsecond-secret."), "[redacted][redacted].");
}

// Parts of secrets, as servers cut, wrap and escape what they echo.
using Parts = Redactor::Parts;

const std::string token = "1//0made-up-Refresh/token_Qx7ZpLk93VbTt&Rw\"Yd2'Hs5<Gm8uEcJf";

Redactor redactor_for_key() {
    Redactor redactor = redactor_for(tests::service_account_text());
    redactor.add(Secret(tests::rsa_key_pem()));
    return redactor;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

std::string wrapped(const std::string& text, std::size_t width, const std::string& line_break) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += width) {
        out += text.substr(at, width) + line_break;
    }
    return out;
}

// The longest part of `secret` found in `text`, ignoring white space.
std::size_t longest_shown(std::string text, std::string secret) {
    for (std::string* const one : {&text, &secret}) {
        std::erase_if(*one, [](char c) { return c == ' ' || c == '\n' || c == '\r'; });
    }
    std::size_t longest = 0;
    for (std::size_t at = 0; at + longest < secret.size(); ++at) {
        while (at + longest < secret.size() &&
               text.find(secret.substr(at, longest + 1)) != std::string::npos) {
            ++longest;
        }
    }
    return longest;
}

std::string body_of_key() {
    std::string body = tests::rsa_key_pem();
    body = body.substr(body.find('\n') + 1);
    return body.substr(0, body.find("-----END"));
}

TEST(RedactorParts, AnyPartOfSixteen) {
    const Redactor redactor = redactor_for(token);
    for (std::size_t at = 0; at + 16 <= token.size(); ++at) {
        const std::string part = token.substr(at, 16);
        EXPECT_EQ(redactor.redact("<" + part + ">"), "<[redacted]>") << part;
    }
    EXPECT_EQ(redactor.redact(token.substr(20, 15)), token.substr(20, 15));
}

TEST(RedactorParts, InOurOwnTextAnyPartOfTwenty) {
    const Redactor redactor = redactor_for(token);
    for (std::size_t at = 0; at + 20 <= token.size(); ++at) {
        EXPECT_EQ(redactor.redact("<" + token.substr(at, 20) + ">", Parts::whole_only),
                  "<[redacted]>");
    }
    EXPECT_EQ(redactor.redact(token.substr(9, 19), Parts::whole_only), token.substr(9, 19));
    const std::string ids =
        R"({"id":"550e8400-e29b-41d4-a716-446655440000","etag":"\"3a00c5f2-0000-0200-0000\""})";
    EXPECT_EQ(redactor.redact(ids, Parts::whole_only), ids);
    EXPECT_EQ(redactor.redact(ids), ids);
}

TEST(RedactorParts, EscapedInAnyWay) {
    const std::string from = token.substr(3, 40);
    std::vector<std::string> spellings{to_lower_ascii(from),
                                       wrapped(from, 7, "\n"),
                                       wrapped(from, 7, "\xe2\x80\x8b"),
                                       wrapped(from, 1, " "),
                                       wrapped(from, 9, "\\r\\n"),
                                       wrapped(from, 9, "\\\\n"),
                                       wrapped(from, 9, "\xef\xbf\xbd"),
                                       inert_line(from)};
    for (const std::string slash : {"&#x2F;", "&#47;", "&sol;", "\\x2f", "\\057", "\\/", "%2f",
                                    "%252F", "\\u002F", "\\\\u002f", "&amp;#47;"}) {
        spellings.push_back(replaced(from, "/", slash));
    }
    std::string html = replaced(from, "&", "&amp;");
    html = replaced(replaced(html, "\"", "&quot;"), "'", "&#39;");
    spellings.push_back(replaced(html, "<", "&lt;"));
    spellings.push_back(replaced(html, "&#39;", "&#x27;"));
    spellings.push_back(replaced(html, "&#39;", "\\'"));
    for (const auto& spelling : spellings) {
        for (const auto parts : {Parts::whole_only, Parts::first_parts_too}) {
            const std::string shown = redactor_for(token).redact("<" + spelling + ">", parts);
            EXPECT_TRUE(shown.starts_with("<[redacted]")) << shown;
            EXPECT_LE(shown.size(), 16U) << shown;
        }
    }
}

TEST(RedactorParts, AWholeSecretOfTwelveIsKnownInTheseSpellingsToo) {
    EXPECT_EQ(redactor_for("made/up/word").redact("a MADE&#47;up&#x2F;word b"), "a [redacted] b");
    EXPECT_EQ(redactor_for("made/up/word").redact("made/up/war"), "made/up/war");
}

TEST(RedactorParts, TextsOfOthersKeepTheirPlaces) {
    EXPECT_EQ(redactor_for(token).redact("100%zz &; &#; &#x; &#xzz; &lt \\x \\9 \xff\xe2\x80 \xc3"),
              "100%zz &; &#; &#x; &#xzz; &lt \\x \\9 \xff\xe2\x80 \xc3");
}

TEST(RedactorParts, PrivateKeyHoweverItIsWrapped) {
    const Redactor redactor = redactor_for_key();
    const std::string& pem = tests::rsa_key_pem();
    const std::string body = replaced(body_of_key(), "\n", "");
    std::vector<std::string> echoes{pem,
                                    body,
                                    replaced(pem, "\n", "\\n"),
                                    replaced(pem, "\n", "\\\\n"),
                                    replaced(pem, "\n", "\\r\\n"),
                                    replaced(pem, "\n", " "),
                                    wrapped(body, 76, "\r\n"),
                                    wrapped(body, 24, "\", \""),
                                    pem.substr(100, 300),
                                    body.substr(500, 24)};
    for (std::size_t at = 0; at < body.size(); at += 64) {
        echoes.push_back(body.substr(at, 64));
    }
    for (const auto& echo : echoes) {
        for (const auto parts : {Parts::whole_only, Parts::first_parts_too}) {
            const std::string shown = redactor.redact(echo, parts);
            EXPECT_LT(longest_shown(shown, body), parts == Parts::whole_only ? 20U : 16U) << shown;
        }
    }
}

TEST(RedactorParts, KeyFileContentHoweverItIsWrapped) {
    const Redactor redactor = redactor_for_key();
    const std::string sent = crypto::base64(tests::service_account_text());
    for (const std::string& echo :
         {sent, wrapped(sent, 76, "\n"), wrapped(sent, 64, "\\n"), wrapped(sent, 76, "\r\n"),
          wrapped(sent, 40, " "), sent.substr(1000, 24), sent.substr(333, 500),
          crypto::base64("x" + tests::service_account_text()), crypto::base64(body_of_key())}) {
        for (const auto parts : {Parts::whole_only, Parts::first_parts_too}) {
            const std::string shown = redactor.redact(echo, parts);
            EXPECT_LT(longest_shown(shown, sent), parts == Parts::whole_only ? 20U : 16U) << shown;
            EXPECT_LT(shown.size(), 40U) << shown;
        }
    }
}

TEST(RedactorParts, WordsOfAKeyFileAreNoSecrets) {
    const std::string text =
        "reader@demo-project.iam.gserviceaccount.com https://oauth2.googleapis.com/token";
    EXPECT_EQ(redactor_for_key().redact(text), text);
}

TEST(RedactorParts, ACutThroughASecretShowsLittleOfIt) {
    const Redactor redactor = redactor_for_key();
    const std::string body = replaced(body_of_key(), "\n", "");
    for (std::size_t before = 100; before < 500; before += 7) {
        const std::string lead(before, '.');
        const std::string shown =
            redactor.redact(http::service_words(lead + tests::rsa_key_pem().substr(300)));
        EXPECT_LT(longest_shown(shown, body), 16U) << shown;
        const std::string cut =
            redactor_for(token).redact(http::service_words(lead + lead + token));
        EXPECT_LT(longest_shown(cut, token), 16U) << cut;
    }
}

TEST(RedactorParts, LongTexts) {
    std::string text;
    while (text.size() < 1024UL * 1024) {
        text += R"({"id":"550e8400-e29b-41d4-a716-446655440000","name":"made-up \u00e9"},)";
    }
    const std::string shown = redactor_for_key().redact(text + body_of_key(), Parts::whole_only);
    EXPECT_EQ(shown, text + "[redacted]\n");
}

}  // namespace
}  // namespace bqconn
