#include "emulator/google/google.hpp"

#include <gtest/gtest.h>

#include "emulator/google_test.hpp"

namespace bqconn::emulator {
namespace {

const std::string datasets = "/bigquery/v2/projects/emulated-project/datasets";

Answer get(EmulatedGoogle& google, const std::string& path, const Pairs& query = {},
           const Scopes& scopes = {scope_bigquery}) {
    return google.get(path, query, google.emulator.google().issue_access_token(scopes));
}

void expect_refused(const Answer& answer, int code, const std::string& status,
                    const std::string& reason, const std::string& message) {
    EXPECT_EQ(answer.status, code) << answer.body;
    const Json error = document_of(answer).at("error");
    EXPECT_EQ(error.at("code"), code);
    EXPECT_EQ(error.at("status"), status);
    EXPECT_EQ(error.at("errors").at(0).at("reason"), reason);
    EXPECT_EQ(error.at("errors").at(0).at("message"), error.at("message"));
    EXPECT_TRUE(error.at("message").get<std::string>().starts_with(message)) << error;
}

TEST(BigQueryApi, ListOfDatasets) {
    EmulatedGoogle google;
    const Json document = document_of(get(google, datasets));
    EXPECT_EQ(document.at("kind"), "bigquery#datasetList");
    ASSERT_EQ(document.at("datasets").size(), 4U);
    EXPECT_EQ(document.at("datasets").at(0).at("id"), "emulated-project:shop");
    EXPECT_EQ(document.at("datasets").at(3).at("location"), "EU");
    const Json one = document_of(get(google, datasets, {{"maxResults", "1"}}));
    ASSERT_EQ(one.at("datasets").size(), 1U);
    const Json next = document_of(
        get(google, datasets, {{"maxResults", "9"}, {"pageToken", one.at("nextPageToken")}}));
    EXPECT_EQ(next.at("datasets").size(), 3U);
    EXPECT_FALSE(next.contains("nextPageToken"));
    EXPECT_EQ(get(google, datasets, {{"maxResults", "many"}}).status, 400);
}

TEST(BigQueryApi, OneDataset) {
    EmulatedGoogle google;
    const Json document = document_of(get(google, datasets + "/tmp_results"));
    EXPECT_EQ(document.at("location"), "US");
    EXPECT_EQ(document.at("datasetReference").at("datasetId"), "tmp_results");
    expect_refused(get(google, datasets + "/none"), 404, "NOT_FOUND", "notFound",
                   "Not found: Dataset emulated-project:none");
}

TEST(BigQueryApi, Token) {
    EmulatedGoogle google;
    expect_refused(google.get(datasets), 401, "UNAUTHENTICATED", "required", "Request is missing");
    expect_refused(google.get(datasets, {}, "other"), 401, "UNAUTHENTICATED", "authError",
                   "Request had invalid authentication credentials.");
    EXPECT_EQ(get(google, datasets, {}, {scope_platform}).status, 200);
    const Answer answer = get(google, datasets, {}, {"openid"});
    expect_refused(answer, 403, "PERMISSION_DENIED", "insufficientPermissions",
                   "Request had insufficient authentication scopes.");
    EXPECT_EQ(document_of(answer).at("error").at("details").at(0).at("reason"),
              "ACCESS_TOKEN_SCOPE_INSUFFICIENT");
}

TEST(BigQueryApi, TokensExpire) {
    auto now = std::chrono::system_clock::now();
    EmulatedGoogle google({}, [&] { return now; });
    const std::string token = google.emulator.google().issue_access_token({scope_bigquery});
    EXPECT_EQ(google.get(datasets, {}, token).status, 200);
    now += google_token_lifetime;
    EXPECT_EQ(google.get(datasets, {}, token).status, 401);
}

TEST(BigQueryApi, Projects) {
    EmulatedGoogle google;
    const std::string other = "/bigquery/v2/projects/example.com%3Aother/datasets";
    expect_refused(get(google, other), 404, "NOT_FOUND", "notFound",
                   "Not found: Project example.com:other");
    google.emulator.google().projects.insert("example.com:other");
    EXPECT_EQ(get(google, other).status, 200);
}

TEST(BigQueryApi, Failures) {
    EmulatedGoogle disabled({GoogleFailure::api_disabled});
    const Answer answer = get(disabled, datasets);
    expect_refused(answer, 403, "PERMISSION_DENIED", "accessNotConfigured",
                   "BigQuery API has not been used in project 100000000001 before or it is "
                   "disabled. Enable it by visiting ");
    EXPECT_EQ(document_of(answer).at("error").at("details").at(0).at("reason"), "SERVICE_DISABLED");
    EmulatedGoogle no_project({GoogleFailure::no_project});
    expect_refused(get(no_project, datasets), 404, "NOT_FOUND", "notFound", "Not found: Project ");
    EmulatedGoogle no_role({GoogleFailure::no_role});
    expect_refused(get(no_role, datasets), 403, "PERMISSION_DENIED", "accessDenied",
                   "Access Denied: Project emulated-project: User does not have "
                   "bigquery.datasets.get permission");
    EmulatedGoogle no_dataset_role({GoogleFailure::no_dataset_role});
    EXPECT_EQ(get(no_dataset_role, datasets).status, 200);
    expect_refused(get(no_dataset_role, datasets + "/shop"), 403, "PERMISSION_DENIED",
                   "accessDenied", "Access Denied: Dataset emulated-project:shop: Permission ");
}

}  // namespace
}  // namespace bqconn::emulator
