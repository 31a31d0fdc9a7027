#include "bqconn/flow/problem.hpp"

#include <gtest/gtest.h>

#include "support/row_name.hpp"

namespace bqconn::flow {
namespace {

http::Response answer(int status, const std::string& body,
                      const std::string& type = "application/json") {
    return {status, {{"Content-Type", type}, {"x-request-id", "request-1"}}, body};
}

struct Row {
    int status;
    const char* body;
    ExitCode exit_code;
    const char* code;
    const char* words;  // start of the message
    const char* hint;   // part of the hint
};

void PrintTo(const Row& row, std::ostream* out) {
    *out << "HTTP " << row.status << ": " << row.code << ", " << row.words;
}

class ErrorDocuments : public testing::TestWithParam<Row> {};

TEST_P(ErrorDocuments, AreRead) {
    const Row& row = GetParam();
    const Error error = flow::error_of(answer(row.status, row.body));
    EXPECT_EQ(error.exit_code(), row.exit_code);
    EXPECT_EQ(error.code(), row.code);
    EXPECT_TRUE(error.message().starts_with(row.words)) << error.message();
    EXPECT_NE(error.hint().find(row.hint), std::string::npos) << error.hint();
    EXPECT_EQ(error.status(), row.status);
    EXPECT_EQ(error.request_id(), "request-1");
}

INSTANTIATE_TEST_SUITE_P(
    Gateway, ErrorDocuments,
    testing::Values(
        Row{403, R"({"error_code":"403010","message":"Oauth token is missing."})", ExitCode::auth,
            "auth.token_missing", "Oauth token is missing. (403010, HTTP 403)", "--access-token"},
        Row{401, R"({"error_code":"401013","message":"Oauth token is not valid"})", ExitCode::auth,
            "auth.token_invalid", "Oauth token is not valid", "expired"},
        Row{403, R"({"error_code":403003,"message":"Api Key is invalid"})", ExitCode::auth,
            "auth.api_key_invalid", "Api Key is invalid (403003, HTTP 403)", "client id"},
        Row{403, R"({"error_code":"403000","message":"Api Key is required"})", ExitCode::auth,
            "auth.api_key_invalid", "Api Key is required", "client id"},
        Row{400, R"({"error_code":"400003","message":"Missing header"})", ExitCode::rejected,
            "rejected.org_missing", "Missing header", "--org-id"},
        Row{403, R"({"error_code":"403025","message":"Profile is not valid"})", ExitCode::auth,
            "auth.profile_invalid", "Profile is not valid", "product profile"},
        Row{403, R"({"error_code":"403027","message":"User region is missing"})", ExitCode::auth,
            "auth.region_missing", "User region is missing", "product profile"},
        Row{429, R"({"error_code":"429050","message":"Too many requests"})", ExitCode::unavailable,
            "unavailable.rate_limited", "Too many requests", "later"}),
    tests::name_of_row<Row>);

INSTANTIATE_TEST_SUITE_P(
    FlowService, ErrorDocuments,
    testing::Values(
        Row{404,
            R"({"type":"https://ns.adobe.com/aep/errors/FLOW-1439-404","title":"Resource not found","status":404,
                "report":{"detailed-message":"No such connection"},"errorMessage":"Not here","errorDetails":"Not here"})",
            ExitCode::not_found, "not_found.connection",
            "Resource not found: Not here: No such connection (FLOW-1439-404", "sandbox"},
        Row{400,
            R"({"type":"https://ns.adobe.com/aep/errors/FLOW-1100-400","title":"No entitlement"})",
            ExitCode::rejected, "rejected.not_entitled", "No entitlement",
            "Real-Time CDP Ultimate"},
        Row{400, R"({"type":"https://ns.adobe.com/aep/errors/1415-400","title":"Bad auth spec"})",
            ExitCode::rejected, "rejected.auth_spec", "Bad auth spec", "AWS"},
        Row{412, R"({"type":"https://ns.adobe.com/aep/errors/FLOW-1404-412","title":"Stale"})",
            ExitCode::conflict, "conflict.etag", "Stale", "read it again"},
        Row{404,
            R"({"type":"https://ns.adobe.com/aep/errors/FLOW-2100-404","title":"Sandbox not found"})",
            ExitCode::not_found, "not_found.sandbox", "Sandbox not found", "title"},
        Row{403, R"({"type":"https://ns.adobe.com/aep/errors/FLOW-2120-403","title":"Denied"})",
            ExitCode::auth, "auth.permission_missing", "Denied", "the permission for this"},
        Row{400, R"({"errorMessage":"An older document"})", ExitCode::rejected, "rejected",
            "An older document (HTTP 400)", ""},
        Row{400,
            R"({"type":"/placeholder/type/uri","status":400,"title":"BadRequestError","detail":"Wrong type"})",
            ExitCode::rejected, "rejected", "BadRequestError: Wrong type (HTTP 400)", ""}),
    tests::name_of_row<Row>);

// Another table reuses the numbers; a wrong hint is worse than none.
TEST(ErrorDocument, AHintNeedsPrefixNumberAndStatus) {
    constexpr std::string_view of_any_refusal = "run the command again with -v";
    const char* const other_prefix =
        R"({"type":"https://ns.adobe.com/aep/errors/EXEG-1418-400","title":"x"})";
    EXPECT_TRUE(flow::error_of(answer(400, other_prefix)).hint().starts_with(of_any_refusal));
    const char* const other_status =
        R"({"type":"https://ns.adobe.com/aep/errors/FLOW-1418-400","title":"x"})";
    EXPECT_TRUE(flow::error_of(answer(409, other_status)).hint().starts_with(of_any_refusal));
    const char* const gateway = R"({"error_code":"403025","message":"x"})";
    EXPECT_EQ(flow::error_of(answer(500, gateway)).code(), "unavailable.server_error");
}

TEST(ErrorDocument, WhatIsNoneIsSummarised) {
    EXPECT_EQ(
        flow::error_of(
            answer(502, "<html><head><title> 502 Bad\nGateway</title></head><body>SECRET</body>"))
            .message(),
        "the service responded with an HTML page titled \"502 Bad Gateway\" (HTTP 502)");
    EXPECT_EQ(flow::error_of(answer(503, "")).message(),
              "the service responded with an empty body (HTTP 503)");
    EXPECT_EQ(flow::error_of(answer(500, "SECRET text", "text/plain")).message(),
              "the service responded with 11 bytes of text/plain instead of JSON (HTTP 500)");
    EXPECT_EQ(flow::error_of(answer(400, "[]")).message().find("SECRET"), std::string::npos);
}

TEST(ErrorDocument, WrongTypesAreHarmless) {
    for (const char* const body :
         {R"({"error_code":{},"message":[]})", R"({"type":1,"title":null,"report":"x"})",
          R"({"report":{"detailed-message":7}})", R"({"error_code":-1})", R"({"error_code":1e300})",
          "null", "\"text\""}) {
        EXPECT_EQ(flow::error_of(answer(400, body)).exit_code(), ExitCode::rejected) << body;
    }
}

TEST(ErrorDocument, WordsAreInertAndCut) {
    const std::string body =
        R"({"message":"::error::a\u001b[31mb\u202e)" + std::string(2000, 'x') + R"("})";
    const std::string message = flow::error_of(answer(400, body)).message();
    EXPECT_EQ(message.find('\x1b'), std::string::npos);
    EXPECT_FALSE(message.starts_with("::"));
    EXPECT_LT(message.size(), 600U);
}

}  // namespace
}  // namespace bqconn::flow
