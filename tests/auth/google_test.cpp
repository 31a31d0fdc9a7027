#include "bqconn/auth/google.hpp"

#include <gtest/gtest.h>

#include "bqconn/crypto/encoding.hpp"
#include "bqconn/crypto/jwt.hpp"
#include "bqconn/http/url.hpp"
#include "bqconn/json/parse.hpp"
#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/test_keys.hpp"

namespace bqconn::auth {
namespace {

using tests::all_of;
using tests::error_of;
using tests::FakeTransport;

const OAuthClient client{"made-up-client", Secret("made-up-secret")};
const Secret refresh_token("made-up-refresh-token");
constexpr std::chrono::sys_seconds signed_at{std::chrono::seconds(1'800'000'000)};

config::ServiceAccountKey key_file() {
    config::ServiceAccountKey key;
    key.client_email = "reader@example";
    key.token_uri = "https://token.test/token";
    key.private_key = Secret(tests::rsa_key_pem());
    key.key_id = "key-1";
    return key;
}

constexpr const char* good =
    R"({"access_token":"made-up-token","expires_in":3599,"token_type":"Bearer",)"
    R"("scope":"https://www.googleapis.com/auth/bigquery https://www.googleapis.com/auth/cloud-platform"})";

// The decoded value of a form parameter.
std::string form_value(const http::Request& request, const std::string& name) {
    const std::string& body = request.body.reveal();
    const auto start = ("&" + body).find("&" + name + "=");
    if (start == std::string::npos) {
        return {};
    }
    const auto value = body.substr(start + name.size() + 1);
    return http::percent_decode(value.substr(0, value.find('&')));
}

TEST(GoogleToken, OfARefreshToken) {
    FakeTransport transport;
    transport.answer(200, good);
    const GoogleToken token =
        exchange_refresh_token(transport, "https://token.test", client, refresh_token);
    EXPECT_EQ(token.access_token.reveal(), "made-up-token");
    EXPECT_TRUE(missing_scopes(token.scopes).empty());
    EXPECT_TRUE(token.refresh_token.empty());
    const http::Request& request = transport.requests().at(0);
    EXPECT_EQ(request.url, "https://token.test/token");
    EXPECT_EQ(request.method, http::Method::post);
    EXPECT_EQ(form_value(request, "grant_type"), "refresh_token");
    EXPECT_EQ(form_value(request, "client_id"), "made-up-client");
    EXPECT_EQ(form_value(request, "client_secret"), "made-up-secret");
    EXPECT_EQ(form_value(request, "refresh_token"), "made-up-refresh-token");
}

TEST(GoogleToken, OfAKeyIsASignedRequest) {
    FakeTransport transport;
    transport.answer(200, R"({"access_token":"made-up-token","expires_in":3599})");
    exchange_key(transport, key_file(),
                 sign_request(key_file(), std::chrono::time_point_cast<std::chrono::seconds>(
                                              std::chrono::system_clock::now())));
    const http::Request& request = transport.requests().at(0);
    EXPECT_EQ(request.url, "https://token.test/token");
    EXPECT_EQ(form_value(request, "grant_type"), "urn:ietf:params:oauth:grant-type:jwt-bearer");
    const auto text = crypto::verified_rs256(form_value(request, "assertion"),
                                             crypto::public_key_of(Secret(tests::rsa_key_pem())));
    ASSERT_TRUE(text);
    const json::Json claims = json::parse(*text);
    EXPECT_EQ(claims.at("iss"), "reader@example");
    EXPECT_EQ(claims.at("aud"), "https://token.test/token");
    EXPECT_EQ(claims.at("exp").get<long>() - claims.at("iat").get<long>(), 3600);
    EXPECT_EQ(
        claims.at("scope"),
        "https://www.googleapis.com/auth/bigquery https://www.googleapis.com/auth/cloud-platform");
}

TEST(GoogleToken, AKeyGoesNowhereInClear) {
    FakeTransport transport;
    auto key = key_file();
    key.token_uri = "http://token.test/token";
    const Error error = tests::error_of([&] { sign_request(key, signed_at); });
    EXPECT_EQ(error.code(), "config.credentials");
    EXPECT_TRUE(transport.requests().empty());
}

TEST(GoogleToken, OfACodeIsAskedForOnce) {
    FakeTransport transport;
    transport.answer(200, R"({"access_token":"made-up-token","refresh_token":"made-up-refresh",)"
                          R"("refresh_token_expires_in":604799})");
    const GoogleToken token =
        exchange_code(transport, "https://token.test", {"made-up-client", Secret("made-up-secret")},
                      {Secret("made-up-code"), Secret("made-up-verifier"), "http://127.0.0.1:1"});
    EXPECT_EQ(token.refresh_token.reveal(), "made-up-refresh");
    EXPECT_EQ(token.refresh_lifetime, std::chrono::seconds(604799));
    const http::Request& request = transport.requests().at(0);
    EXPECT_EQ(request.retry, http::Retry::none);
    EXPECT_EQ(form_value(request, "grant_type"), "authorization_code");
    EXPECT_EQ(form_value(request, "code"), "made-up-code");
    EXPECT_EQ(form_value(request, "code_verifier"), "made-up-verifier");
    EXPECT_EQ(form_value(request, "redirect_uri"), "http://127.0.0.1:1");
}

TEST(GoogleToken, MissingScopesAreNamed) {
    EXPECT_EQ(missing_scopes({}).size(), 2U);
    EXPECT_EQ(missing_scopes({std::string(bigquery_scope)}),
              std::vector<std::string>{std::string(platform_scope)});
}

// How the token is requested.
enum class Grant { token, key, code };

struct Refusal {
    const char* name;
    Grant grant;
    int status;
    const char* body;
    const char* code;
    ExitCode exit_code;
    const char* hint;  // part of it
};

class GoogleRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(GoogleRefusal, IsTranslated) {
    const Refusal& row = GetParam();
    FakeTransport transport;
    transport.answer(row.status, row.body);
    const Error error = tests::error_of([&] {
        if (row.grant == Grant::key) {
            exchange_key(transport, key_file(), Secret("made-up-assertion"));
        } else if (row.grant == Grant::code) {
            exchange_code(transport, "https://token.test", {"client", Secret("s")}, {});
        } else {
            exchange_refresh_token(transport, "https://token.test", client, refresh_token);
        }
    });
    EXPECT_EQ(error.code(), row.code) << error.message();
    EXPECT_EQ(error.exit_code(), row.exit_code);
    EXPECT_EQ(error.status(), row.status);
    EXPECT_NE(error.hint().find(row.hint), std::string::npos) << error.hint();
    for (const char* const secret : {"made-up-secret", "made-up-refresh-token"}) {
        EXPECT_EQ(error.message().find(secret), std::string::npos);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, GoogleRefusal,
    testing::Values(
        Refusal{
            "revoked", Grant::token, 400,
            R"({"error":"invalid_grant","error_description":"Token has been expired or revoked."})",
            "auth.google_token", ExitCode::auth, "bqconn auth google"},
        Refusal{
            "session_control", Grant::token, 400,
            R"({"error":"invalid_grant","error_description":"reauth related error","error_subtype":"invalid_rapt"})",
            "auth.google_reauth", ExitCode::auth, "session control"},
        Refusal{"wrong_secret", Grant::token, 401, R"({"error":"invalid_client"})",
                "auth.google_client", ExitCode::auth, "--client-secret"},
        Refusal{"deleted_client", Grant::token, 401, R"({"error":"deleted_client"})",
                "auth.google_client", ExitCode::auth, "new OAuth client"},
        Refusal{"other_client", Grant::token, 401, R"({"error":"unauthorized_client"})",
                "auth.google_other_client", ExitCode::auth, "--client-id"},
        Refusal{"policy", Grant::token, 400, R"({"error":"admin_policy_enforced"})",
                "auth.google_policy", ExitCode::auth, "Admin console"},
        Refusal{"key_deleted", Grant::key, 400,
                R"({"error":"invalid_grant","error_description":"Invalid JWT Signature."})",
                "auth.google_key", ExitCode::auth, "new key"},
        Refusal{
            "account_deleted", Grant::key, 400,
            R"({"error":"invalid_grant","error_description":"Invalid grant: account not found"})",
            "auth.google_account", ExitCode::auth, "client_email"},
        Refusal{
            "clock", Grant::key, 400,
            R"({"error":"invalid_grant","error_description":"Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim."})",
            "auth.google_clock", ExitCode::auth, "clock"},
        Refusal{"code_used", Grant::code, 400, R"({"error":"invalid_grant"})", "auth.google_code",
                ExitCode::auth, "again"},
        Refusal{"redirect", Grant::code, 400, R"({"error":"redirect_uri_mismatch"})",
                "auth.google_client", ExitCode::auth, "Desktop app"},
        Refusal{"unavailable", Grant::token, 503, "<html>", "unavailable.server_error",
                ExitCode::unavailable, "later"},
        Refusal{"many", Grant::token, 429, "{}", "unavailable.rate_limited", ExitCode::unavailable,
                "later"},
        Refusal{"unknown", Grant::token, 400, R"({"error":"new_error"})", "rejected",
                ExitCode::rejected, "--google-token-url"},
        Refusal{"no_object", Grant::token, 400, "[]", "rejected", ExitCode::rejected,
                "--google-token-url"},
        Refusal{"no_token", Grant::token, 200, "{}", "bad_response.google_token",
                ExitCode::bad_response, "--google-token-url"},
        Refusal{"no_json", Grant::token, 200, "token", "bad_response.google_token",
                ExitCode::bad_response, "--google-token-url"},
        Refusal{"array", Grant::token, 200, "[]", "bad_response.google_token",
                ExitCode::bad_response, "--google-token-url"}),
    [](const auto& row) { return std::string(row.param.name); });

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
    EXPECT_EQ(read_pasted(" 4/0Ab_c-d \r").answer.value().code.reveal(), "4/0Ab_c-d");
    EXPECT_EQ(read_pasted("4%2F0Ab_c-d").answer.value().code.reveal(), "4/0Ab_c-d");
    for (const std::string_view start : {"http://127.0.0.1:1/?", "127.0.0.1:1/?", "?", ""}) {
        const auto answer = read_pasted(std::string(start) + "state=s&code=4/0Ab_c-d\n").answer;
        ASSERT_TRUE(answer) << start;
        EXPECT_EQ(answer->code.reveal(), "4/0Ab_c-d");
        EXPECT_EQ(answer->state, "s");
    }
    const auto denied = read_pasted("http://127.0.0.1:1/?error=access_denied&state=s").answer;
    EXPECT_EQ(denied.value().error, "access_denied");
}

TEST(GoogleConsent, SaysWhatAPastedTextLacks) {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"", "neither an address"},
        {"two words", "neither an address"},
        {"hello", "neither an address"},
        {"http://127.0.0.1:1", "the part from \"?\" on is missing"},
        {"127.0.0.1:1/", "the part from \"?\" on is missing"},
        {"http://127.0.0.1:1/?state=s&scope=x", "code= is missing"},
        {"state=s", "code= is missing"},
        {"http://127.0.0.1:1/?code=4/0Ab&scope=x", "state= is missing"},
        {"code=4/0Ab", "state= is missing"},
        {"http://127.0.0.1:1/?state=s&code=%3Cb%3E", "no valid code"},
        {"https://accounts.google.com/o/oauth2/v2/auth?response_type=code&state=s",
         "Google's page"}};
    for (const auto& [text, problem] : rows) {
        const Pasted pasted = read_pasted(text);
        EXPECT_FALSE(pasted.answer) << text;
        EXPECT_NE(pasted.problem.find(problem), std::string::npos) << text << pasted.problem;
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

const BigQuery bigquery{"https://bigquery.test", "my-project", Secret("made-up-token"),
                        "reader@example"};

TEST(BigQueryAnswer, AnswersWithItsDatasets) {
    FakeTransport transport;
    transport.answer(200, R"({"kind":"bigquery#datasetList","datasets":[)"
                          R"({"datasetReference":{"datasetId":"shop"},"location":"EU"},7]})");
    const auto datasets = read_datasets(transport, bigquery);
    ASSERT_EQ(datasets.size(), 1U);
    EXPECT_EQ(datasets.front().id, "shop");
    EXPECT_EQ(datasets.front().location, "EU");
    const http::Request& request = transport.requests().at(0);
    EXPECT_EQ(request.url,
              "https://bigquery.test/bigquery/v2/projects/my-project/datasets?maxResults=1000");
    EXPECT_EQ(tests::header_of(request, "Authorization"), "Bearer made-up-token");
}

TEST(BigQueryAnswer, ADatasetHasALocation) {
    FakeTransport transport;
    transport.answer(200, R"({"location":"EU"})");
    EXPECT_EQ(location_of_dataset(transport, bigquery, "tmp_results"), "EU");
    EXPECT_EQ(transport.requests().at(0).url,
              "https://bigquery.test/bigquery/v2/projects/my-project/datasets/tmp_results");
}

struct BigQueryRow {
    const char* name;
    int status;
    const char* body;
    const char* code;
    ExitCode exit_code;
    const char* hint;  // part of it
};

class BigQueryRefusal : public testing::TestWithParam<BigQueryRow> {};

TEST_P(BigQueryRefusal, IsTranslated) {
    const BigQueryRow& row = GetParam();
    FakeTransport transport;
    transport.answer(row.status, row.body);
    const Error error = tests::error_of([&] { read_datasets(transport, bigquery); });
    EXPECT_EQ(error.code(), row.code) << error.message();
    EXPECT_EQ(error.exit_code(), row.exit_code);
    EXPECT_NE(error.message().find("my-project"), std::string::npos) << error.message();
    EXPECT_NE(error.hint().find(row.hint), std::string::npos) << error.hint();
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BigQueryRefusal,
    testing::Values(
        BigQueryRow{
            "scope", 403,
            R"({"error":{"code":403,"message":"Request had insufficient authentication scopes.","status":"PERMISSION_DENIED","details":[{"reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}})",
            "auth.google_scope", ExitCode::auth, "bqconn auth google"},
        BigQueryRow{
            "scope_by_words", 403,
            R"({"error":{"code":403,"message":"Request had insufficient authentication scopes."}})",
            "auth.google_scope", ExitCode::auth, "bqconn auth google"},
        BigQueryRow{
            "api", 403,
            R"({"error":{"code":403,"message":"BigQuery API has not been used","errors":[{"reason":"accessNotConfigured"}]}})",
            "auth.google_api_disabled", ExitCode::auth, "Enable"},
        BigQueryRow{
            "role", 403,
            R"({"error":{"code":403,"message":"Access Denied: Project my-project","errors":[{"reason":"accessDenied"}]}})",
            "auth.google_role", ExitCode::auth, "BigQuery Job User"},
        BigQueryRow{"project", 404,
                    R"({"error":{"code":404,"message":"Not found: Project my-project"}})",
                    "not_found.google_project", ExitCode::not_found, "--project"},
        BigQueryRow{"token", 401, R"({"error":{"code":401,"message":"Invalid Credentials"}})",
                    "auth.unauthorized", ExitCode::auth, "--bigquery-url"},
        BigQueryRow{"unavailable", 503, "", "unavailable.server_error", ExitCode::unavailable,
                    "later"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(BigQueryAnswer, WhatIsNoDocumentIsNotTrusted) {
    for (const char* const body : {"", "[]", "<html>"}) {
        FakeTransport transport;
        transport.answer(200, body);
        EXPECT_EQ(tests::error_of([&] { read_datasets(transport, bigquery); }).code(),
                  "bad_response.bigquery");
    }
    FakeTransport transport;
    transport.answer(404, R"({"error":{"message":"Not found: Dataset"}})");
    EXPECT_EQ(tests::error_of([&] { location_of_dataset(transport, bigquery, "nothing"); }).code(),
              "not_found.google_dataset");
}

}  // namespace
}  // namespace bqconn::auth
