#include "emulator/google/google.hpp"

#include <gtest/gtest.h>

#include "bqconn/crypto/jwt.hpp"
#include "emulator/google_test.hpp"

namespace bqconn::emulator {
namespace {

void expect_refused(const Answer& answer, int status, const std::string& error,
                    const std::string& description = {}) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(document_of(answer).at("error"), error) << answer.body;
    if (!description.empty()) {
        EXPECT_EQ(document_of(answer).at("error_description"), description);
    }
}

std::string new_code(EmulatedGoogle& google, const Pairs& changes = {}) {
    return value_of(redirect_query(google.decide("allow", changes)), "code");
}

TEST(GoogleToken, ForACode) {
    EmulatedGoogle google;
    const Answer answer = google.exchange(new_code(google));
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(header_of(answer, "Cache-Control"), "no-store");
    const Json document = document_of(answer);
    EXPECT_EQ(document.size(), 5U);
    EXPECT_TRUE(
        document.at("access_token").get<std::string>().starts_with("emulated-google-token-"));
    EXPECT_EQ(document.at("expires_in"), 3599);
    EXPECT_EQ(document.at("token_type"), "Bearer");
    EXPECT_EQ(document.at("scope"), scope_bigquery + " " + scope_platform);
    EXPECT_EQ(google.refresh({{"refresh_token", document.at("refresh_token")}}).status, 200);
}

TEST(GoogleToken, ACodeIsGoodOnce) {
    EmulatedGoogle google;
    const std::string code = new_code(google);
    EXPECT_EQ(google.exchange(code).status, 200);
    expect_refused(google.exchange(code), 400, "invalid_grant");
    expect_refused(google.exchange("4/other"), 400, "invalid_grant");
}

TEST(GoogleToken, ACodeAndWhatItBelongsTo) {
    EmulatedGoogle google;
    expect_refused(google.exchange(new_code(google), {{"redirect_uri", "http://localhost:8085"}}),
                   400, "redirect_uri_mismatch");
    expect_refused(google.exchange(new_code(google), {{"code_verifier", ""}}), 400, "invalid_grant",
                   "Missing code verifier.");
    expect_refused(google.exchange(new_code(google), {{"code_verifier", std::string(43, 'x')}}),
                   400, "invalid_grant", "Invalid code verifier.");
    for (const char* const name : {"code", "redirect_uri", "client_id", "client_secret"}) {
        expect_refused(google.exchange(new_code(google), {{name, ""}}), 400, "invalid_request");
    }
}

TEST(GoogleToken, ARefreshTokenOnlyWhereItIsAskedFor) {
    EmulatedGoogle online;
    EXPECT_FALSE(document_of(online.exchange(new_code(online, {{"access_type", ""}})))
                     .contains("refresh_token"));
    EmulatedGoogle never({GoogleFailure::no_refresh_token});
    EXPECT_FALSE(document_of(never.exchange(new_code(never))).contains("refresh_token"));
    EmulatedGoogle testing({GoogleFailure::testing});
    EXPECT_EQ(document_of(testing.exchange(new_code(testing))).at("refresh_token_expires_in"),
              604799);
}

TEST(GoogleToken, ForARefreshToken) {
    EmulatedGoogle google;
    const Answer answer = google.refresh();
    ASSERT_EQ(answer.status, 200) << answer.body;
    const Json document = document_of(answer);
    EXPECT_EQ(document.size(), 4U);
    EXPECT_EQ(document.at("scope"), scope_bigquery + " " + scope_platform);
    expect_refused(google.refresh({{"refresh_token", "other"}}), 400, "invalid_grant",
                   "Token has been expired or revoked.");
    expect_refused(google.refresh({{"client_secret", "other"}}), 401, "invalid_client");
    expect_refused(google.refresh({{"client_id", "other"}}), 401, "invalid_client");
    expect_refused(google.refresh({{"grant_type", "password"}}), 400, "unsupported_grant_type");
    expect_refused(google.refresh({{"grant_type", ""}}), 400, "invalid_request");
}

TEST(GoogleToken, WhatIsWrongWithTheGivenOne) {
    expect_refused(EmulatedGoogle({GoogleFailure::revoked}).refresh(), 400, "invalid_grant",
                   "Token has been expired or revoked.");
    const Answer rapt = EmulatedGoogle({GoogleFailure::rapt}).refresh();
    expect_refused(rapt, 400, "invalid_grant", "reauth related error (invalid_rapt)");
    EXPECT_EQ(document_of(rapt).at("error_subtype"), "invalid_rapt");
    expect_refused(EmulatedGoogle({GoogleFailure::wrong_client}).refresh(), 401,
                   "unauthorized_client");
    expect_refused(EmulatedGoogle({GoogleFailure::wrong_secret}).refresh(), 401, "invalid_client");
    EXPECT_EQ(document_of(EmulatedGoogle({GoogleFailure::missing_scope}).refresh()).at("scope"),
              scope_bigquery);
    EXPECT_EQ(document_of(EmulatedGoogle({GoogleFailure::no_bigquery_scope}).refresh()).at("scope"),
              scope_platform);
}

TEST(GoogleToken, ConsentHealsWhatIsWrongWithIt) {
    for (const auto failure : {GoogleFailure::revoked, GoogleFailure::rapt,
                               GoogleFailure::wrong_client, GoogleFailure::missing_scope}) {
        EmulatedGoogle google({failure});
        const std::string token =
            document_of(google.exchange(new_code(google))).at("refresh_token");
        const Answer answer = google.refresh({{"refresh_token", token}});
        EXPECT_EQ(document_of(answer).at("scope"), scope_bigquery + " " + scope_platform);
    }
}

const Secret& key() {
    static const Secret made = crypto::make_rsa_key();
    return made;
}

constexpr const char* account = "reader@emulated-project.iam.gserviceaccount.com";
constexpr const char* bad_times =
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim.";

class GoogleAssertion : public testing::Test {
  protected:
    GoogleAssertion() { use({}); }

    void use(const std::set<GoogleFailure>& failures) {
        google_ = std::make_unique<EmulatedGoogle>(failures);
        google_->emulator.google().service_accounts.put(account, crypto::public_key_of(key()));
    }

    static std::int64_t now() { return std::time(nullptr); }

    // Applies `changes` to valid claims; null removes a claim.
    Answer exchange(const Json& changes = Json::object(), const Secret& signer = key()) {
        Json claims = {{"iss", account},
                       {"scope", scope_bigquery + " " + scope_platform},
                       {"aud", "http://127.0.0.1:1/token"},
                       {"iat", now()},
                       {"exp", now() + 3600}};
        claims.merge_patch(changes);
        return send(crypto::sign_rs256(claims.dump(), signer, "made-up").reveal());
    }

    Answer send(const std::string& assertion) {
        return google_->post("/token",
                             {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                              {"assertion", assertion}});
    }

    static void expect_refused(const Answer& answer, const std::string& error,
                               const std::string& description) {
        EXPECT_EQ(answer.status, error == "unauthorized_client" ? 401 : 400);
        EXPECT_EQ(document_of(answer).at("error"), error);
        EXPECT_TRUE(
            document_of(answer).at("error_description").get<std::string>().starts_with(description))
            << answer.body;
    }

    std::unique_ptr<EmulatedGoogle> google_;
};

TEST_F(GoogleAssertion, GivesATokenWithItsScopes) {
    const Answer answer = exchange({{"scope", scope_bigquery}});
    ASSERT_EQ(answer.status, 200) << answer.body;
    const Json document = document_of(answer);
    EXPECT_EQ(document.size(), 3U);
    EXPECT_EQ(document.at("expires_in"), 3599);
    EXPECT_EQ(google_->emulator.google().access_tokens.find(document.at("access_token")),
              Scopes{scope_bigquery});
}

TEST_F(GoogleAssertion, AccountAndSignature) {
    expect_refused(exchange({{"iss", "other@example"}}), "invalid_grant",
                   "Invalid grant: account not found");
    expect_refused(exchange({{"iss", nullptr}}), "invalid_grant",
                   "Invalid grant: account not found");
    expect_refused(exchange(Json::object(), crypto::make_rsa_key()), "invalid_grant",
                   "Invalid JWT Signature.");
    for (const char* const text : {"x", "a.b.c"}) {
        expect_refused(send(text), "invalid_grant", "Invalid JWT: ");
    }
    expect_refused(send(""), "invalid_request", "Missing required parameter: assertion");
}

TEST_F(GoogleAssertion, Times) {
    for (const Json& changes : {Json{{"exp", now() + 3700}},
                                {{"iat", now() - 7200}, {"exp", now() - 3600}},
                                {{"iat", now() + 400}, {"exp", now() + 1000}},
                                {{"exp", now() - 1}},
                                {{"exp", nullptr}},
                                {{"iat", nullptr}},
                                {{"iat", "now"}}}) {
        expect_refused(exchange(changes), "invalid_grant", bad_times);
    }
    EXPECT_EQ(exchange({{"iat", now() + 200}, {"exp", now() + 1000}}).status, 200);
}

TEST_F(GoogleAssertion, AudienceSubjectAndScopes) {
    expect_refused(exchange({{"aud", "https://oauth2.googleapis.com/token"}}), "invalid_grant",
                   "Invalid JWT: Failed audience check. The right audience is "
                   "http://127.0.0.1:1/token");
    expect_refused(exchange({{"sub", "somebody@example"}}), "unauthorized_client",
                   "Client is unauthorized");
    expect_refused(exchange({{"scope", nullptr}}), "invalid_scope", "Empty or missing");
    expect_refused(exchange({{"scope", " "}}), "invalid_scope", "Empty or missing");
    expect_refused(exchange({{"scope", "bigquery"}}), "invalid_scope", "Invalid OAuth scope");
}

TEST_F(GoogleAssertion, Failures) {
    use({GoogleFailure::key_deleted});
    expect_refused(exchange(), "invalid_grant", "Invalid JWT Signature.");
    use({GoogleFailure::account_deleted});
    expect_refused(exchange(), "invalid_grant", "Invalid grant: account not found");
    use({GoogleFailure::clock});
    expect_refused(exchange(), "invalid_grant", bad_times);
}

// RFC 7636, appendix B.
TEST(GoogleToken, CodeChallenge) {
    EXPECT_EQ(code_challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
              "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

}  // namespace
}  // namespace bqconn::emulator
