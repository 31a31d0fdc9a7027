#include "bqconn/emulator/google_token.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace bqconn::emulator
