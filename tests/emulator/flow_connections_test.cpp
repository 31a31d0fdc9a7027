#include "bqconn/emulator/flow_connections.hpp"

#include <regex>

#include "emulator/connections_test.hpp"

namespace bqconn::emulator {
namespace {

TEST_F(ConnectionsTest, CreatedWithBasicAuthentication) {
    const Reply reply = post(basic_body());
    EXPECT_EQ(reply.status, 201);
    const Json document = reply.json();
    EXPECT_EQ(document.size(), 2U);
    const std::string id = document.at("id");
    EXPECT_TRUE(std::regex_match(
        id, std::regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")))
        << id;
    EXPECT_TRUE(std::regex_match(document.at("etag").get<std::string>(),
                                 std::regex("\"[0-9a-f]{8}-0000-0200-0000-[0-9a-f]{8}0000\"")));
    EXPECT_EQ(reply.header("location"), "/data/foundation/flowservice/connections/" + id);
    EXPECT_EQ(reply.header("content-type"), "application/json");
    EXPECT_EQ(emulator_.flow("GET", "/connections/" + id).status, 200);
}

TEST_F(ConnectionsTest, CreatedWithServiceAuthentication) {
    EXPECT_EQ(post(service_body()).status, 201);
    EXPECT_EQ(post(with_params(service_body(), {{"largeResultsDataSetId", "tmp_results"}})).status,
              201);
    EXPECT_EQ(post(with_params(basic_body(), {{"largeResultsDataSetId", "tmp_results"}})).status,
              201);
}

TEST_F(ConnectionsTest, CreatedOnAws) {
    EXPECT_EQ(post(aws_body(), "aws-dev").status, 201);
}

TEST_F(ConnectionsTest, AwsKnowsNoBasicAuthentication) {
    const Reply reply = post(basic_body(), "aws-dev");
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.json().at("type"), "https://ns.adobe.com/aep/errors/FLOW-1415-400");
    EXPECT_EQ(reply.json().at("errorMessage"),
              "The auth spec 'Basic Authentication' could not be found for the connection spec ID "
              "3c9b37f8-13a6-43d8-bad3-b863b941fedd.");
}

TEST_F(ConnectionsTest, UnknownSpecs) {
    Json body = basic_body();
    body["connectionSpec"]["id"] = "00000000-0000-0000-0000-000000000000";
    Reply reply = post(body);
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.json().at("type"), "https://ns.adobe.com/aep/errors/FLOW-1413-400");
    body = basic_body();
    body["connectionSpec"]["version"] = "9.9";
    EXPECT_EQ(post(body).json().at("type"), "https://ns.adobe.com/aep/errors/FLOW-1413-400");
    body = basic_body();
    body["auth"]["specName"] = "basic authentication";
    reply = post(body);
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.json().at("type"), "https://ns.adobe.com/aep/errors/FLOW-1415-400");
}

TEST_F(ConnectionsTest, SpecVersionIsOptionalAndAString) {
    Json body = basic_body();
    body["connectionSpec"].erase("version");
    const std::string id = post(body).json().at("id");
    const Json item = emulator_.flow("GET", "/connections/" + id).json().at("items").at(0);
    EXPECT_EQ(item.at("connectionSpec").at("version"), "1.0");
    body["connectionSpec"]["version"] = 1.0;
    EXPECT_EQ(post(body).status, 400);
}

TEST_F(ConnectionsTest, PartsOfTheBody) {
    for (const char* const key : {"name", "auth", "connectionSpec"}) {
        Json body = basic_body();
        body.erase(key);
        expect_refused(body, std::string(key) + " is missing");
        body[key] = 1;
        expect_refused(body, std::string(key) + " must be");
    }
    for (const char* const key : {"specName", "params"}) {
        Json body = basic_body();
        body["auth"].erase(key);
        expect_refused(body, "auth." + std::string(key) + " is missing");
        body["auth"][key] = Json::array();
        expect_refused(body, "auth." + std::string(key) + " must be");
    }
    Json body = basic_body();
    body["connectionSpec"].erase("id");
    expect_refused(body, "connectionSpec.id is missing");
    body = basic_body("");
    expect_refused(body, "name must not be empty");
    body = basic_body();
    body["description"] = nullptr;
    expect_refused(body, "description must be a string");
    body = basic_body();
    body["auth"]["type"] = "KeyFile";
    expect_refused(body, "auth.type");
    expect_refused(Json::array({basic_body()}), "must be an object");
}

TEST_F(ConnectionsTest, GetShowsWhatWasStored) {
    Json body = basic_body("a \"name\", with\nthings");
    body["description"] = "words";
    const Reply created = post(body);
    const std::string id = created.json().at("id");
    const Json document = emulator_.flow("GET", "/connections/" + id).json();
    EXPECT_EQ(document.size(), 1U);
    ASSERT_EQ(document.at("items").size(), 1U);
    const Json item = document.at("items").at(0);
    EXPECT_EQ(item.at("id"), id);
    EXPECT_EQ(item.at("etag"), created.json().at("etag"));
    EXPECT_EQ(item.at("version"), created.json().at("etag"));
    EXPECT_EQ(item.at("name"), "a \"name\", with\nthings");
    EXPECT_EQ(item.at("description"), "words");
    EXPECT_EQ(item.at("auth"), body.at("auth"));
    EXPECT_EQ(item.at("connectionSpec"), body.at("connectionSpec"));
    EXPECT_EQ(item.at("state"), "enabled");
    EXPECT_EQ(item.at("sandboxName"), "dev");
    EXPECT_EQ(item.at("imsOrgId"), emulator_.emulator.identity().org_id);
    EXPECT_EQ(item.at("createdClient"), emulator_.emulator.identity().api_key);
    EXPECT_EQ(item.at("updatedClient"), emulator_.emulator.identity().api_key);
    EXPECT_EQ(item.at("createdAt"), item.at("updatedAt"));
    for (const char* const key : {"createdBy", "updatedBy", "sandboxId"}) {
        EXPECT_FALSE(item.at(key).get<std::string>().empty()) << key;
    }
}

TEST(ConnectionTimes, AreMilliseconds) {
    EmulatorOptions options;
    options.clock = [] {
        return std::chrono::system_clock::time_point(std::chrono::milliseconds(1'700'000'000'123));
    };
    RunningEmulator emulator(options);
    const std::string id = emulator.create("a");
    const Json item = emulator.flow("GET", "/connections/" + id).json().at("items").at(0);
    EXPECT_EQ(item.at("createdAt"), 1'700'000'000'123);
    // The same clock as the Date header.
    EXPECT_EQ(emulator.flow("GET", "/connections").header("date"), "Tue, 14 Nov 2023 22:13:20 GMT");
    EXPECT_EQ(send(emulator.port(), "GET", "/").header("date"), "Tue, 14 Nov 2023 22:13:20 GMT");
}

TEST_F(ConnectionsTest, DescriptionIsOptional) {
    const std::string id = emulator_.create("a");
    const Json document = emulator_.flow("GET", "/connections/" + id).json();
    EXPECT_FALSE(document.at("items").at(0).contains("description"));
}

TEST_F(ConnectionsTest, UnknownId) {
    for (const std::string& path :
         {std::string("nope"), std::string("%2E%2E"), std::string("a%2Fb")}) {
        const Reply reply = emulator_.flow("GET", "/connections/" + path);
        EXPECT_EQ(reply.status, 404);
        const Json document = reply.json();
        EXPECT_EQ(document.at("type"), "https://ns.adobe.com/aep/errors/FLOW-1439-404");
        EXPECT_EQ(document.at("title"), "Resource not found");
        EXPECT_EQ(document.at("report").at("id"), percent_decode(path, false));
        EXPECT_EQ(document.at("report").at("request-id"), reply.header("x-request-id"));
    }
}

TEST_F(ConnectionsTest, StayInTheirSandbox) {
    const std::string id = emulator_.create("a", "dev");
    EXPECT_EQ(emulator_.flow("GET", "/connections/" + id, {}, "prod").status, 404);
    EXPECT_EQ(emulator_.flow("GET", "/connections?count=true", {}, "prod").json().at("count"), 0);
    EXPECT_EQ(emulator_.flow("GET", "/connections?count=true").json().at("count"), 1);
}

TEST_F(ConnectionsTest, NamesAreNotUnique) {
    EXPECT_NE(emulator_.create("same"), emulator_.create("same"));
    EXPECT_EQ(emulator_.flow("GET", "/connections?count=true").json().at("count"), 2);
}

}  // namespace
}  // namespace bqconn::emulator
