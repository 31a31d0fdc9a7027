#include "bqconn/emulator/google_assertion.hpp"

#include <gtest/gtest.h>

#include "bqconn/crypto/jwt.hpp"
#include "emulator/google_test.hpp"

namespace bqconn::emulator {
namespace {

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

    void use(const GoogleFailures& failures) {
        google_ = std::make_unique<EmulatedGoogle>(failures);
        google_->emulator.google().add_service_account(account, crypto::public_key_of(key()));
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
    EXPECT_EQ(google_->emulator.google().scopes_of(document.at("access_token")),
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

}  // namespace
}  // namespace bqconn::emulator
