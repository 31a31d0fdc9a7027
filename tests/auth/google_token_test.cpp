#include "bqconn/auth/google_token.hpp"

#include <gtest/gtest.h>

#include "bqconn/auth/google_error.hpp"
#include "bqconn/crypto/jwt.hpp"
#include "bqconn/http/url.hpp"
#include "bqconn/json/parse.hpp"
#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/test_keys.hpp"

namespace bqconn::auth {
namespace {

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
    EXPECT_EQ(token.lifetime, std::chrono::seconds(3599));
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
        if (row.grant == Grant::service_account) {
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
            "revoked", Grant::refresh_token, 400,
            R"({"error":"invalid_grant","error_description":"Token has been expired or revoked."})",
            "auth.google_token", ExitCode::auth, "bqconn auth google"},
        Refusal{
            "session_control", Grant::refresh_token, 400,
            R"({"error":"invalid_grant","error_description":"reauth related error","error_subtype":"invalid_rapt"})",
            "auth.google_reauth", ExitCode::auth, "session control"},
        Refusal{"wrong_secret", Grant::refresh_token, 401, R"({"error":"invalid_client"})",
                "auth.google_client", ExitCode::auth, "--client-secret"},
        Refusal{"deleted_client", Grant::refresh_token, 401, R"({"error":"deleted_client"})",
                "auth.google_client", ExitCode::auth, "new OAuth client"},
        Refusal{"other_client", Grant::refresh_token, 401, R"({"error":"unauthorized_client"})",
                "auth.google_other_client", ExitCode::auth, "--client-id"},
        Refusal{"policy", Grant::refresh_token, 400, R"({"error":"admin_policy_enforced"})",
                "auth.google_policy", ExitCode::auth, "Admin console"},
        Refusal{"key_deleted", Grant::service_account, 400,
                R"({"error":"invalid_grant","error_description":"Invalid JWT Signature."})",
                "auth.google_key", ExitCode::auth, "new key"},
        Refusal{
            "account_deleted", Grant::service_account, 400,
            R"({"error":"invalid_grant","error_description":"Invalid grant: account not found"})",
            "auth.google_account", ExitCode::auth, "client_email"},
        Refusal{
            "clock", Grant::service_account, 400,
            R"({"error":"invalid_grant","error_description":"Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim."})",
            "auth.google_clock", ExitCode::auth, "clock"},
        Refusal{"code_used", Grant::code, 400, R"({"error":"invalid_grant"})", "auth.google_code",
                ExitCode::auth, "again"},
        Refusal{"redirect", Grant::code, 400, R"({"error":"redirect_uri_mismatch"})",
                "auth.google_client", ExitCode::auth, "Desktop app"},
        Refusal{"unavailable", Grant::refresh_token, 503, "<html>", "unavailable.server_error",
                ExitCode::unavailable, "later"},
        Refusal{"many", Grant::refresh_token, 429, "{}", "unavailable.rate_limited",
                ExitCode::unavailable, "later"},
        Refusal{"unknown", Grant::refresh_token, 400, R"({"error":"new_error"})", "rejected",
                ExitCode::rejected, "--google-token-url"},
        Refusal{"no_object", Grant::refresh_token, 400, "[]", "rejected", ExitCode::rejected,
                "--google-token-url"},
        Refusal{"no_token", Grant::refresh_token, 200, "{}", "bad_response.google_token",
                ExitCode::bad_response, "--google-token-url"},
        Refusal{"no_json", Grant::refresh_token, 200, "token", "bad_response.google_token",
                ExitCode::bad_response, "--google-token-url"},
        Refusal{"array", Grant::refresh_token, 200, "[]", "bad_response.google_token",
                ExitCode::bad_response, "--google-token-url"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace bqconn::auth
