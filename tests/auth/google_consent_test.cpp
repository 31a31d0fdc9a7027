#include "bqconn/auth/google_consent.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "bqconn/crypto/encoding.hpp"
#include "support/expect_error.hpp"

namespace bqconn::auth {
namespace {

using tests::all_of;
using tests::error_of;

TEST(GoogleConsent, EachIsAnother) {
    const Consent one = new_consent();
    const Consent other = new_consent();
    EXPECT_EQ(one.verifier.size(), 43U);
    EXPECT_EQ(one.verifier.reveal().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
                                                      "stuvwxyz0123456789-_"),
              std::string::npos);
    EXPECT_EQ(one.state.size(), 32U);
    EXPECT_NE(one.verifier.reveal(), other.verifier.reveal());
    EXPECT_NE(one.state, other.state);
}

TEST(GoogleConsent, Address) {
    const Consent consent{Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "made-up-state"};
    EXPECT_EQ(
        consent_url("https://accounts.google.com", "my client", "http://127.0.0.1:4321", consent),
        "https://accounts.google.com/o/oauth2/v2/auth?client_id=my%20client"
        "&redirect_uri=http%3A%2F%2F127.0.0.1%3A4321&response_type=code"
        "&scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fbigquery%20"
        "https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform"
        "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        "&code_challenge_method=S256&state=made-up-state&access_type=offline&prompt=consent");
}

TEST(GoogleConsent, AnswerWithACode) {
    for (const std::string_view address :
         {"/?state=s&code=4/0Ab_c-d&scope=https://x%20y",
          "/?code=4%2F0Ab_c-d&state=%73&iss=https://accounts.google.com",
          "http://127.0.0.1:4321/?state=s&code=4/0Ab_c-d#fragment?code=other"}) {
        const auto answer = read_answer(address);
        ASSERT_TRUE(answer) << address;
        EXPECT_EQ(answer->code.reveal(), "4/0Ab_c-d") << address;
        EXPECT_EQ(answer->state, "s") << address;
        EXPECT_EQ(answer->error, "") << address;
    }
}

TEST(GoogleConsent, AnswerWithAnError) {
    const auto answer = read_answer("/?error=access_denied&state=s");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->error, "access_denied");
    EXPECT_TRUE(answer->code.empty());
    EXPECT_EQ(answer->state, "s");
}

TEST(GoogleConsent, WhatIsNoAnswer) {
    for (const std::string_view address :
         {"", "/", "/?", "/?state=s", "/?code=", "/?code=a&code=b", "/?code=a&state=s&state=t",
          "/?code=a&error=b", "/?code=a%0Ab", "/?code=a%20b", "/?code=%3Cscript%3E", "/?code",
          "?&&", "/favicon.ico", "/#?code=a"}) {
        EXPECT_FALSE(read_answer(address)) << address;
    }
    EXPECT_FALSE(read_answer("/?code=" + std::string(1025, 'a')));
}

TEST(GoogleConsent, Pasted) {
    EXPECT_EQ(read_pasted(" 4/0Ab_c-d \r")->code.reveal(), "4/0Ab_c-d");
    EXPECT_EQ(read_pasted("4%2F0Ab_c-d")->code.reveal(), "4/0Ab_c-d");
    const auto answer = read_pasted("http://127.0.0.1:1/?state=s&code=4/0Ab_c-d\n");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->code.reveal(), "4/0Ab_c-d");
    EXPECT_EQ(answer->state, "s");
    EXPECT_EQ(read_pasted("http://127.0.0.1:1/?error=access_denied&state=s")->error,
              "access_denied");
    for (const std::string_view text : {"", "  ", "http://127.0.0.1:1/", "code=abc", "two words",
                                        "http://127.0.0.1:1/?state=s"}) {
        EXPECT_FALSE(read_pasted(text)) << text;
    }
}

TEST(GoogleConsent, RefusalsSayWhatToDo) {
    const Error denied = error_of([] { refuse_consent({Secret(), "access_denied", "s"}); });
    EXPECT_EQ(denied.exit_code(), ExitCode::auth);
    EXPECT_EQ(denied.code(), "auth.consent_refused");
    EXPECT_NE(denied.hint().find("choose Allow"), std::string::npos);
    const Error other = error_of([] { refuse_consent({Secret(), "org_internal\x1b[31m", "s"}); });
    EXPECT_NE(other.message().find("org_internal"), std::string::npos);
    EXPECT_EQ(all_of(other).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace bqconn::auth
