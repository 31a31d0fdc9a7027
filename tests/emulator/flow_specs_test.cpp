#include "bqconn/emulator/flow_specs.hpp"

#include "bqconn/emulator/connection_spec.hpp"
#include "bqconn/emulator/schema.hpp"
#include "emulator/connections_test.hpp"

namespace bqconn::emulator {
namespace {

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
    EmulatorOptions options;
    options.service.licensed = false;
    RunningEmulator emulator(options);
    for (const Reply& reply : {emulator.flow("GET", specs_path),
                               emulator.flow("POST", "/connections", basic_body().dump())}) {
        EXPECT_EQ(reply.status, 400);
        EXPECT_EQ(reply.json().at("type"), "https://ns.adobe.com/aep/errors/FLOW-1100-400");
    }
    EXPECT_EQ(emulator.flow("GET", "/connections?count=true").json().at("count"), 0);
}

}  // namespace
}  // namespace bqconn::emulator
