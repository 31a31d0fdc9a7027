#include "bqconn/auth/bigquery.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"

namespace bqconn::auth {
namespace {

using tests::FakeTransport;

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

struct BigQueryFailure {
    const char* name;
    int status;
    const char* body;
    const char* code;
    ExitCode exit_code;
    const char* hint;  // part of it
};

class BigQueryRefusal : public testing::TestWithParam<BigQueryFailure> {};

TEST_P(BigQueryRefusal, IsTranslated) {
    const BigQueryFailure& row = GetParam();
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
        BigQueryFailure{
            "scope", 403,
            R"({"error":{"code":403,"message":"Request had insufficient authentication scopes.","status":"PERMISSION_DENIED","details":[{"reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}})",
            "auth.google_scope", ExitCode::auth, "bqconn auth google"},
        BigQueryFailure{
            "scope_by_words", 403,
            R"({"error":{"code":403,"message":"Request had insufficient authentication scopes."}})",
            "auth.google_scope", ExitCode::auth, "bqconn auth google"},
        BigQueryFailure{
            "api", 403,
            R"({"error":{"code":403,"message":"BigQuery API has not been used","errors":[{"reason":"accessNotConfigured"}]}})",
            "auth.google_api_disabled", ExitCode::auth, "Enable"},
        BigQueryFailure{
            "role", 403,
            R"({"error":{"code":403,"message":"Access Denied: Project my-project","errors":[{"reason":"accessDenied"}]}})",
            "auth.google_role", ExitCode::auth, "BigQuery Job User"},
        BigQueryFailure{"project", 404,
                        R"({"error":{"code":404,"message":"Not found: Project my-project"}})",
                        "not_found.google_project", ExitCode::not_found, "--project"},
        BigQueryFailure{"token", 401, R"({"error":{"code":401,"message":"Invalid Credentials"}})",
                        "auth.unauthorized", ExitCode::auth, "--bigquery-url"},
        BigQueryFailure{"unavailable", 503, "", "unavailable.server_error", ExitCode::unavailable,
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
