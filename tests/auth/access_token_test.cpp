#include "bqconn/auth/access_token.hpp"

#include <gtest/gtest.h>

#include "support/fake_transport.hpp"

namespace bqconn::auth {
namespace {

connection::ClientCredentials credentials() {
    return {"https://ims.test", Secret("made-up&secret"), "openid,AdobeID"};
}

AccessToken fetch_with(tests::FakeTransport& transport) {
    return fetch_access_token(transport, credentials(), "made-up-key");
}

Error error_with(int status, const std::string& body) {
    tests::FakeTransport transport;
    transport.answer(status, body, {{"x-request-id", "request-1"}});
    try {
        fetch_with(transport);
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "no error was thrown";
    return Error(ExitCode::ok, "", "");
}

TEST(AccessToken, RequestIsAFormInTheBody) {
    const http::Request request = token_request(credentials(), "made-up-key");
    EXPECT_EQ(request.method, http::Method::post);
    EXPECT_EQ(request.url, "https://ims.test/ims/token/v3");
    EXPECT_EQ(tests::header_of(request, "Content-Type"), "application/x-www-form-urlencoded");
    EXPECT_EQ(request.body.reveal(),
              "client_id=made-up-key&client_secret=made-up%26secret&grant_type=client_credentials&"
              "scope=openid%2CAdobeID");
}

TEST(AccessToken, IsRead) {
    tests::FakeTransport transport;
    transport.answer(200, R"({"access_token":"abc.def","token_type":"bearer","expires_in":86399})");
    const AccessToken token = fetch_with(transport);
    EXPECT_EQ(token.token.reveal(), "abc.def");
    EXPECT_EQ(token.lifetime, std::chrono::seconds(86399));
}

TEST(AccessToken, OddLifetimesAreNone) {
    for (const char* const lifetime : {"-5", "1e300", "\"86399\"", "null"}) {
        tests::FakeTransport transport;
        transport.answer(200,
                         R"({"access_token":"abc","expires_in":)" + std::string(lifetime) + "}");
        EXPECT_EQ(fetch_with(transport).lifetime, std::chrono::seconds(0)) << lifetime;
    }
}

TEST(AccessToken, RefusalsOfTheClient) {
    const Error error = error_with(
        400, R"({"error":"invalid_client","error_description":"invalid client_secret"})");
    EXPECT_EQ(error.exit_code(), ExitCode::auth);
    EXPECT_EQ(error.code(), "auth.client_refused");
    EXPECT_NE(error.message().find("invalid client_secret (invalid_client, HTTP 400)"),
              std::string::npos);
    EXPECT_NE(error.hint().find("--api-secret"), std::string::npos);
    EXPECT_EQ(error.request_id(), "request-1");
    EXPECT_NE(error_with(400, R"({"error":"invalid_scope"})").hint().find("--scopes"),
              std::string::npos);
    EXPECT_EQ(error_with(401, "").exit_code(), ExitCode::auth);
}

TEST(AccessToken, OtherFailures) {
    EXPECT_EQ(error_with(429, "").exit_code(), ExitCode::unavailable);
    EXPECT_EQ(error_with(503, "<html>").exit_code(), ExitCode::unavailable);
    EXPECT_EQ(error_with(302, "").exit_code(), ExitCode::bad_response);
    EXPECT_EQ(error_with(404, "").exit_code(), ExitCode::not_found);
}

TEST(AccessToken, AnswersWithoutAUsableToken) {
    for (const char* const body :
         {"", "{}", "[]", "null", R"({"access_token":1})", R"({"access_token":""})",
          R"({"access_token":"a\nb"})", R"({"access_token":"a b"})", R"({"access_token":"abc")",
          "<html>"}) {
        EXPECT_EQ(error_with(200, body).exit_code(), ExitCode::bad_response) << body;
    }
}

}  // namespace
}  // namespace bqconn::auth
