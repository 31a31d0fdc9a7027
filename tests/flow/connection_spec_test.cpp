#include "bqconn/flow/connection_spec.hpp"

#include <gtest/gtest.h>

#include "bqconn/json/parse.hpp"
#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/samples.hpp"

namespace bqconn::flow {
namespace {

using tests::error_of;
using tests::FakeTransport;

ConnectionSpec read(int status, const std::string& body) {
    FakeTransport transport;
    transport.answer(status, body);
    const connection::Access access{
        .platform_url = "https://platform.test",
        .access_token = Secret("made-up-token"),
        .fetching = std::nullopt,
        .api_key = "made-up-key",
        .org_id = "A@AdobeOrg",
        .sandbox_name = "prod",
    };
    auth::TokenSource tokens(*access.access_token);
    FlowService service(transport, access, tokens);
    const ConnectionSpec spec = read_bigquery_spec(service);
    EXPECT_EQ(transport.requests().at(0).url,
              "https://platform.test/data/foundation/flowservice/connectionSpecs/" +
                  std::string(connection::bigquery_spec_id));
    return spec;
}

constexpr const char* azure = R"({"items":[{"name":"google-big-query","authSpec":[
    {"name":"Basic Authentication","spec":{"properties":{"project":{},"clientId":{},"clientSecret":{},
     "refreshToken":{},"largeResultsDataSetId":{}},
     "required":["project","clientId","clientSecret","refreshToken"]}},
    {"name":"Service Authentication","spec":{"properties":{"projectId":{},"keyFileContent":{},
     "largeResultsDataSetId":{}},"required":["projectId","keyFileContent"]}}]}]})";
constexpr const char* aws = R"({"name":"google-big-query","authSpec":[
    {"name":"Service Authentication","spec":{"properties":{"projectId":{},"keyFileContent":{},
     "datasetId":{}},"required":["projectId","keyFileContent","datasetId"]}}]})";

using config::Setting;
const connection::Auth basic = tests::auth_with(
    {{Setting::client_id, "client"}, {Setting::client_secret, "s"}, {Setting::refresh_token, "r"}});
const connection::Auth service_auth = tests::auth_with({{Setting::key_file, "k"}});
const connection::Auth large_results =
    tests::auth_with({{Setting::key_file, "k"}, {Setting::large_results_dataset, "tmp"}});
const connection::Auth service_on_aws =
    tests::auth_with({{Setting::key_file, "k"}, {Setting::dataset, "shop"}});

std::string hint_of(const ConnectionSpec& spec, const connection::Auth& auth) {
    const auto refusal = refusal_of(spec, auth);
    return refusal ? refusal->hint() : "";
}

TEST(ConnectionSpec, TakesWhatItsSchemaHas) {
    const ConnectionSpec on_azure = read(200, azure);
    EXPECT_EQ(on_azure.name, "google-big-query");
    EXPECT_FALSE(refusal_of(on_azure, basic));
    EXPECT_FALSE(refusal_of(on_azure, service_auth));
    EXPECT_FALSE(refusal_of(on_azure, large_results));
    EXPECT_FALSE(refusal_of(read(200, aws), service_on_aws));
}

// A spec shows what the source takes, not which cloud an organisation is on.
TEST(ConnectionSpec, SaysWhatToGiveAndNoMore) {
    const auto key_only = read(200, R"({"authSpec":[{"name":"Service Authentication"}]})");
    EXPECT_EQ(hint_of(key_only, basic), "use a key file (--key-file) instead of an OAuth client");
    EXPECT_EQ(hint_of(read(200, aws), basic),
              "use a key file (--key-file) instead of an OAuth client; add --dataset, which every "
              "organisation on AWS needs");
    EXPECT_EQ(hint_of(read(200, aws), service_auth),
              "add --dataset, which every organisation on AWS needs");
    EXPECT_EQ(hint_of(read(200, azure), service_on_aws),
              "remove --dataset: only organisations on AWS use it");
    EXPECT_EQ(hint_of(read(200, aws), large_results),
              "add --dataset, which every organisation on AWS needs");
    const auto no_large_results = read(
        200,
        R"({"authSpec":[{"name":"Service Authentication","spec":{"properties":{"projectId":{},)"
        R"("keyFileContent":{}}}}]})");
    EXPECT_EQ(hint_of(no_large_results, large_results), "remove --large-results-dataset");
    const auto more = read(
        200, R"({"authSpec":[{"name":"Service Authentication","spec":{"required":["region"]}}]})");
    EXPECT_EQ(hint_of(more, service_auth),
              "check which organisation --org-id names; if it is right, ask Adobe support");
    const auto refusal = refusal_of(read(200, aws), basic);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->code(), "rejected.auth_spec");
    EXPECT_EQ(refusal->exit_code(), ExitCode::rejected);
}

// Like the public sample of 2020: no Service Authentication.
TEST(ConnectionSpec, NamesWhatItTakes) {
    const auto spec = read(200, R"({"items":[{"authSpec":[{"name":"Basic Authentication"}]}]})");
    EXPECT_FALSE(refusal_of(spec, basic)) << "without a schema, parameters are not checked";
    const auto refusal = refusal_of(spec, service_auth);
    ASSERT_TRUE(refusal);
    EXPECT_NE(refusal->message().find("Basic Authentication"), std::string::npos);
}

TEST(ConnectionSpec, ARefusalIsTheServices) {
    const Error error = error_of([] {
        read(400, R"({"type":"https://ns.adobe.com/aep/errors/FLOW-1100-400","status":400})");
    });
    EXPECT_EQ(error.code(), "rejected.not_entitled");
}

TEST(ConnectionSpec, WhatIsNoSpecIsNotTrusted) {
    for (const char* const body :
         {"[]", "{}", R"({"items":[]})", R"({"items":[7]})", R"({"authSpec":{}})", "<html>"}) {
        EXPECT_EQ(error_of([body] { read(200, body); }).exit_code(), ExitCode::bad_response)
            << body;
    }
    const auto odd =
        read(200, R"({"authSpec":[7,{"name":3,"spec":[]},{"name":"x","spec":{"required":7}}]})");
    EXPECT_EQ(odd.auth_specs.size(), 3U);
    EXPECT_TRUE(refusal_of(odd, basic));
}

}  // namespace
}  // namespace bqconn::flow
