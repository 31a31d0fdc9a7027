#include "emulator/platform/connection_spec.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "bqconn/crypto/encoding.hpp"
#include "emulator/connections_test.hpp"

namespace bqconn::emulator {
namespace {

class ParamsTest : public ConnectionsTest {};

TEST_F(ParamsTest, AwsWantsADatasetAndNoLargeResults) {
    expect_refused(service_body(), "'datasetId'", "aws-dev");
    expect_refused(with_params(aws_body(), {{"largeResultsDataSetId", "tmp"}}),
                   "'largeResultsDataSetId'", "aws-dev");
    expect_refused(aws_body(), "'datasetId'");
}

TEST_F(ParamsTest, EachParamIsRequired) {
    for (const char* const name : {"project", "clientId", "clientSecret", "refreshToken"}) {
        expect_refused(without_param(basic_body(), name), "'" + std::string(name) + "'");
    }
    for (const char* const name : {"projectId", "keyFileContent"}) {
        expect_refused(without_param(service_body(), name), "'" + std::string(name) + "'");
    }
}

TEST_F(ParamsTest, EachParamIsAStringThatIsNotEmpty) {
    for (const char* const name :
         {"project", "clientId", "clientSecret", "refreshToken", "largeResultsDataSetId"}) {
        expect_refused(with_params(basic_body(), {{name, Json::array({"canary"})}}),
                       std::string(name) + ": ");
        expect_refused(with_params(basic_body(), {{name, ""}}), std::string(name) + ": ");
        expect_refused(with_params(basic_body(), {{name, nullptr}}), std::string(name) + ": ");
    }
}

TEST_F(ParamsTest, NoOtherParam) {
    for (const char* const name : {"projectId", "clientID", "keyFileContent", "datasetId"}) {
        expect_refused(with_params(basic_body(), {{name, "canary"}}),
                       "'" + std::string(name) + "'");
    }
    expect_refused(with_params(service_body(), {{"project", "canary"}}), "'project'");
}

TEST_F(ParamsTest, DatasetIdsAreBare) {
    for (const char* const id : {"canary-project.tmp", "tmp-canary", "tmp canary", "\xc3\xa9"}) {
        expect_refused(with_params(basic_body(), {{"largeResultsDataSetId", id}}),
                       "largeResultsDataSetId: is not a bare dataset id");
        expect_refused(with_params(aws_body(), {{"datasetId", id}}),
                       "datasetId: is not a bare dataset id", "aws-dev");
    }
    expect_refused(with_params(basic_body(), {{"largeResultsDataSetId", std::string(1025, 'a')}}),
                   "largeResultsDataSetId");
}

TEST_F(ParamsTest, KeyFileMustBeTheBase64OfAServiceAccountKey) {
    const std::string content = key_file_content();
    const auto key = [](const Json& changes, const std::string& without = {}) {
        Json document = json::parse(*crypto::from_base64(key_file_content()));
        document.update(changes);
        document.erase(without);
        return crypto::base64(document.dump());
    };
    const std::vector<std::pair<std::string, std::string>> cases{
        {*crypto::from_base64(content), "is not Base64"},
        {crypto::base64(content), "is not the Base64 of a JSON document"},
        {content.substr(0, 76) + "\n" + content.substr(76), "is not Base64"},
        {content + "\n", "is not Base64"},
        {crypto::base64("canary"), "is not the Base64 of a JSON document"},
        {crypto::base64("[]"), "is not the key file of a service account"},
        {key({{"type", "authorized_user"}}), "is not the key file of a service account"},
        {key(Json::object(), "private_key"), "the key file has no private_key"},
        {key(Json::object(), "client_email"), "the key file has no client_email"},
        {key({{"project_id", 1}}), "the key file has no project_id"}};
    for (const auto& [value, what] : cases) {
        expect_refused(with_params(service_body(), {{"keyFileContent", value}}),
                       "keyFileContent: " + what);
    }
}

const std::string specs_path = "/connectionSpecs/" + std::string(bigquery_spec_id);

Json auth_specs(RunningEmulator& emulator, const std::string& sandbox) {
    const Reply reply = emulator.flow("GET", specs_path, {}, sandbox);
    EXPECT_EQ(reply.status, 200) << reply.body;
    const Json item = reply.json().at("items").at(0);
    EXPECT_EQ(item.at("id"), bigquery_spec_id);
    EXPECT_EQ(item.at("name"), "google-big-query");
    EXPECT_EQ(item.at("version"), "1.0");
    return item.at("authSpec");
}

TEST_F(ConnectionsTest, SpecOfEachCloud) {
    const Json azure = auth_specs(emulator_, "dev");
    ASSERT_EQ(azure.size(), 2U);
    EXPECT_EQ(azure.at(0).at("name"), "Basic Authentication");
    EXPECT_EQ(azure.at(1).at("name"), "Service Authentication");
    const Json aws = auth_specs(emulator_, "aws-dev");
    ASSERT_EQ(aws.size(), 1U);
    EXPECT_EQ(aws.at(0).at("name"), "Service Authentication");
    EXPECT_TRUE(aws.at(0).at("spec").at("properties").contains("datasetId"));
}

TEST_F(ConnectionsTest, ListOfSpecs) {
    const Json items = emulator_.flow("GET", "/connectionSpecs").json().at("items");
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items.at(0), emulator_.flow("GET", specs_path).json().at("items").at(0));
    const std::string data_lake = "/connectionSpecs/" + std::string(data_lake_spec_id);
    EXPECT_EQ(items.at(1), emulator_.flow("GET", data_lake).json().at("items").at(0));
    EXPECT_EQ(items.at(1).at("name"), "datalake");
    for (const auto& [query, count] :
         {std::pair("name==google-big-query", 1), std::pair("name==another", 0)}) {
        const std::string path = "/connectionSpecs?property=" + std::string(query);
        EXPECT_EQ(emulator_.flow("GET", path).json().at("items").size(), count) << query;
    }
}

TEST_F(ConnectionsTest, SpecHoldsTheSchemaOfTheParams) {
    const Json schema = auth_specs(emulator_, "dev").at(0).at("spec");
    Json params = basic_body().at("auth").at("params");
    EXPECT_TRUE(schema_violations(schema, params).empty());
    params.erase("clientId");
    EXPECT_FALSE(schema_violations(schema, params).empty());
}

TEST_F(ConnectionsTest, UnknownSpec) {
    for (const char* const id : {"nope", "google-big-query"}) {
        const Reply reply = emulator_.flow("GET", "/connectionSpecs/" + std::string(id));
        EXPECT_EQ(reply.status, 404);
        EXPECT_EQ(reply.json().at("type"), "https://ns.adobe.com/aep/errors/FLOW-1439-404");
    }
}

TEST(Licence, IsMissing) {
    Options options;
    options.licensed = false;
    RunningEmulator emulator(options);
    for (const Reply& reply : {emulator.flow("GET", specs_path),
                               emulator.flow("POST", "/connections", basic_body().dump())}) {
        EXPECT_EQ(reply.status, 400);
        EXPECT_EQ(reply.json().at("type"), "https://ns.adobe.com/aep/errors/FLOW-1100-400");
    }
    EXPECT_EQ(emulator.flow("GET", "/connections?count=true").json().at("count"), 0);
}

using json::Json;

const Json schema = {
    {"type", "object"},
    {"properties",
     {{"name", {{"type", "string"}, {"minLength", 1}, {"format", "password"}}},
      {"inner", {{"type", "object"}, {"properties", {{"count", {{"type", "integer"}}}}}}}}},
    {"required", {"name"}},
    {"additionalProperties", false}};

TEST(Schema, WhatFitsHasNoViolation) {
    EXPECT_TRUE(schema_violations(schema, {{"name", "x"}}).empty());
    EXPECT_TRUE(schema_violations(schema, {{"name", "x"}, {"inner", {{"count", 1}}}}).empty());
}

TEST(Schema, NamesWhatIsMissingOrTooMuch) {
    const auto violations = schema_violations(schema, {{"extra", "canary"}});
    ASSERT_EQ(violations.size(), 2U);
    EXPECT_NE(violations[0].find("'extra'"), std::string::npos);
    EXPECT_EQ(violations[1], "Missing required property 'name'.");
}

TEST(Schema, NamesThePath) {
    const auto violations =
        schema_violations(schema, {{"name", "x"}, {"inner", {{"count", "canary"}}}});
    ASSERT_FALSE(violations.empty());
    EXPECT_EQ(violations[0], "inner.count: Value type not permitted by 'type' constraint.");
}

TEST(Schema, TypesAreNotConvertedAndNeverEndTheProgram) {
    for (const Json& value : {Json(1), Json(1.5), Json(true), Json(nullptr), Json("canary"),
                              Json::array({"canary"}), Json{{"canary", "canary"}}}) {
        EXPECT_EQ(schema_violations(schema, {{"name", value}}).empty(), value.is_string());
        EXPECT_FALSE(schema_violations(schema, value).empty());
        for (const auto& violation : schema_violations(schema, {{"name", value}})) {
            EXPECT_EQ(violation.find("canary"), std::string::npos) << violation;
        }
    }
}

}  // namespace
}  // namespace bqconn::emulator
