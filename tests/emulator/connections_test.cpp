#include "emulator/platform/platform.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "emulator/connections_test.hpp"
#include "emulator/http_client.hpp"
#include "emulator/platform/connection_spec.hpp"

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

TEST_F(ConnectionsTest, UnknownMembersAreIgnored) {
    Json body = basic_body("a");
    body["nope"] = "canary";
    body["state"] = "disabled";
    body["auth"]["nope"] = "canary";
    body["connectionSpec"]["nope"] = {{"id", "canary"}};
    const std::string id = post(body).json().at("id");
    const Reply reply = emulator_.flow("GET", "/connections/" + id);
    EXPECT_EQ(reply.body.find("nope"), std::string::npos) << reply.body;
    EXPECT_EQ(reply.json().at("items").at(0).at("state"), "enabled");
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
    Options options;
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

Json operation(const std::string& op, const std::string& path, const Json& value) {
    return {{"op", op}, {"path", path}, {"value", value}};
}

Json only(const Json& one) {
    return Json::array({one});
}

class PatchTest : public ConnectionsTest {
  protected:
    Reply patch(const std::string& id, const std::string& etag, const Json& operations) {
        Headers headers = emulator_.credentials();
        headers["Content-Type"] = "application/json";
        headers["If-Match"] = etag;
        return send(emulator_.port(), "PATCH", "/data/foundation/flowservice/connections/" + id,
                    headers, operations.dump());
    }

    Json item(const std::string& id) {
        return emulator_.flow("GET", "/connections/" + id).json().at("items").at(0);
    }

    Reply patch_now(const Json& operations) {
        return patch(id_, item(id_).at("etag").get<std::string>(), operations);
    }

    // An error in the older format; nothing has changed.
    void expect_patch_refused(const Json& operations, const std::string& what) {
        const Json before = item(id_);
        const Reply reply = patch_now(operations);
        EXPECT_EQ(reply.status, 400) << what;
        EXPECT_NE(json::string_at(reply.json(), "errorMessage").find(what), std::string::npos)
            << what << " is not in " << reply.body;
        EXPECT_EQ(reply.body.find("canary"), std::string::npos) << reply.body;
        EXPECT_EQ(item(id_), before) << what;
    }

    std::string id_ = emulator_.create("a name");
};

void expect_flow(const Reply& reply, int status, const std::string& code) {
    EXPECT_EQ(reply.status, status);
    EXPECT_EQ(reply.json().at("type"), "https://ns.adobe.com/aep/errors/FLOW-" + code);
}

TEST_F(PatchTest, ChangesNameAndEtag) {
    const Json before = item(id_);
    const Reply reply = patch_now(only(operation("replace", "/name", "another name")));
    EXPECT_EQ(reply.status, 200);
    const Json after = item(id_);
    EXPECT_EQ(reply.json(), (Json{{"id", id_}, {"etag", after.at("etag")}}));
    EXPECT_NE(after.at("etag"), before.at("etag"));
    EXPECT_EQ(after.at("version"), after.at("etag"));
    EXPECT_EQ(after.at("name"), "another name");
    EXPECT_EQ(after.at("auth"), before.at("auth"));
    EXPECT_EQ(after.at("createdAt"), before.at("createdAt"));
    EXPECT_GT(after.at("updatedAt"), before.at("updatedAt"));
}

TEST_F(PatchTest, Description) {
    EXPECT_EQ(patch_now(only(operation("add", "/description", "words"))).status, 200);
    EXPECT_EQ(item(id_).at("description"), "words");
    EXPECT_EQ(patch_now(only(operation("add", "/description", "more"))).status, 200);
    EXPECT_EQ(patch_now(only(operation("replace", "/description", ""))).status, 200);
    EXPECT_EQ(item(id_).at("description"), "");
    EXPECT_EQ(patch_now(only({{"op", "remove"}, {"path", "/description"}})).status, 200);
    EXPECT_FALSE(item(id_).contains("description"));
    expect_patch_refused(only(operation("replace", "/description", "canary")), "no such path");
    expect_patch_refused(only({{"op", "remove"}, {"path", "/description"}}), "no such path");
}

TEST_F(PatchTest, ReplacesAllParams) {
    Json params = basic_body().at("auth").at("params");
    params["refreshToken"] = "made-up-other-token";
    EXPECT_EQ(patch_now(only(operation("replace", "/auth/params", params))).status, 200);
    EXPECT_EQ(item(id_).at("auth").at("params"), params);
    EXPECT_EQ(item(id_).at("auth").at("specName"), "Basic Authentication");
}

TEST_F(PatchTest, ParamsAreThoseOfTheAuthSpec) {
    Json params = basic_body().at("auth").at("params");
    params.erase("clientSecret");
    expect_patch_refused(only(operation("replace", "/auth/params", params)), "clientSecret");
    expect_patch_refused(
        only(operation("replace", "/auth/params", service_body().at("auth").at("params"))),
        "auth.params");
    expect_patch_refused(only(operation("replace", "/auth/params", "canary")), "must be an object");
    expect_patch_refused(only({{"op", "remove"}, {"path", "/auth/params"}}),
                         "auth.params is missing");
}

TEST_F(PatchTest, AllOrNothing) {
    expect_patch_refused(Json::array({operation("replace", "/name", "canary name"),
                                      operation("replace", "/state", "disabled")}),
                         "operation 2: the path cannot be changed");
    EXPECT_EQ(patch_now(Json::array({operation("replace", "/name", "b"),
                                     operation("add", "/description", "c")}))
                  .status,
              200);
    EXPECT_EQ(item(id_).at("name"), "b");
    EXPECT_EQ(item(id_).at("description"), "c");
}

TEST_F(PatchTest, WhatIsNoOperation) {
    expect_patch_refused(operation("replace", "/name", "canary"), "must be an array");
    expect_patch_refused(Json::array(), "must be an array");
    expect_patch_refused(only("canary"), "operation 1 must be an object");
    for (const char* const op : {"", "move", "copy", "test", "canary"}) {
        expect_patch_refused(only(operation(op, "/name", "canary")), "op must ");
    }
    for (const char* const path : {"name", "/", "/auth", "/auth/params/refreshToken",
                                   "/auth/params/", "/connectionSpec", "/state", "/Name"}) {
        expect_patch_refused(only(operation("replace", path, "canary")), "cannot be changed");
    }
    expect_patch_refused(only({{"op", "replace"}, {"path", "/name"}}), "value is missing");
    expect_patch_refused(only({{"path", "/name"}, {"value", "canary"}}), "op is missing");
    expect_patch_refused(only({{"op", "add"}, {"value", "canary"}}), "path is missing");
    expect_patch_refused(only(operation("replace", "/name", "")), "must not be empty");
    expect_patch_refused(only(operation("replace", "/name", 1)), "must be a string");
    expect_patch_refused(only(operation("add", "/description", nullptr)), "must be a string");
    expect_patch_refused(only({{"op", "remove"}, {"path", "/name"}}), "name is missing");
}

// Adobe's examples have "Add" and "remove" with a value, its specification upper-case words.
TEST_F(PatchTest, CaseAndUnknownMembers) {
    for (const char* const op : {"add", "Add", "REPLACE"}) {
        Json one = operation(op, "/description", op);
        one["from"] = "/name";
        one["comment"] = 1;
        EXPECT_EQ(patch_now(only(one)).status, 200) << op;
        EXPECT_EQ(item(id_).at("description"), op);
    }
    EXPECT_EQ(patch_now(only(operation("REMOVE", "/description", "a value"))).status, 200);
    EXPECT_FALSE(item(id_).contains("description"));
}

// As Adobe's specification has the path.
TEST_F(PatchTest, SlashAtTheEnd) {
    const Json operations = only(operation("replace", "/name", "b"));
    EXPECT_EQ(patch(id_ + "/", item(id_).at("etag"), operations).status, 200);
    EXPECT_EQ(item(id_).at("name"), "b");
    EXPECT_EQ(emulator_.flow("GET", "/connections/" + id_ + "/").status, 405);
    EXPECT_EQ(emulator_.flow("DELETE", "/connections/" + id_ + "/").status, 204);
}

TEST_F(PatchTest, Etag) {
    const Json operations = only(operation("replace", "/name", "b"));
    const std::string etag = item(id_).at("etag");
    expect_flow(emulator_.flow("PATCH", "/connections/" + id_, operations.dump()), 400, "1403-400");
    expect_flow(patch(id_, "", operations), 400, "1403-400");
    for (const std::string& stale :
         {std::string("\"other\""), std::string("*"), etag.substr(1, etag.size() - 2)}) {
        expect_flow(patch(id_, stale, operations), 412, "1404-412");
    }
    EXPECT_EQ(item(id_).at("name"), "a name");
    EXPECT_EQ(patch(id_, etag, operations).status, 200);
    expect_flow(patch(id_, etag, operations), 412, "1404-412");
}

TEST_F(PatchTest, UnknownPath) {
    const Json operations = only(operation("replace", "/name", "b"));
    expect_flow(patch("nope", "\"e\"", operations), 404, "1439-404");
    EXPECT_EQ(emulator_.flow("PATCH", "/connections", operations.dump()).status, 405);
}

TEST(PatchSwitch, NotEnabled) {
    Options options;
    options.patch = false;
    RunningEmulator emulator(options);
    const std::string id = emulator.create("a");
    expect_flow(emulator.flow("PATCH", "/connections/" + id, "[]"), 400, "1445-400");
    EXPECT_EQ(emulator.flow("DELETE", "/connections/" + id).status, 204);
}

TEST_F(ConnectionsTest, Delete) {
    const std::string id = emulator_.create("a");
    const std::string other = emulator_.create("b");
    expect_flow(emulator_.flow("DELETE", "/connections/" + id, {}, "prod"), 404, "1439-404");
    const Reply reply = emulator_.flow("DELETE", "/connections/" + id);
    EXPECT_EQ(reply.status, 204);
    EXPECT_EQ(reply.body, "");
    EXPECT_FALSE(reply.has("content-type"));
    expect_flow(emulator_.flow("GET", "/connections/" + id), 404, "1439-404");
    expect_flow(emulator_.flow("DELETE", "/connections/" + id), 404, "1439-404");
    EXPECT_EQ(emulator_.flow("GET", "/connections/" + other).status, 200);
}

class MadeUpConnectionsTest : public testing::Test {
  protected:
    void add(std::size_t bigquery, std::size_t other, const std::string& sandbox = "dev") {
        Options options = emulator_.emulator.options();
        options.connections = bigquery;
        options.other_connections = other;
        Store& store = emulator_.emulator.store();
        add_made_up_connections(store, *store.find_sandbox(sandbox), options);
    }

    // Every item of the list, page after page.
    std::vector<Json> all(const std::string& query, const std::string& sandbox = "dev") {
        std::vector<Json> items;
        std::string page;
        for (;;) {
            const Reply reply =
                emulator_.flow("GET", "/connections?limit=100" + query + page, {}, sandbox);
            EXPECT_EQ(reply.status, 200) << reply.body;
            const Json document = reply.json();
            for (const Json& item : document.at("items")) {
                items.push_back(item);
            }
            if (!document.at("_links").contains("next")) {
                return items;
            }
            const std::string href = document.at("_links").at("next").at("href");
            page = "&" + href.substr(href.find('?') + 1);
        }
    }

    RunningEmulator emulator_;
};

const std::string of_bigquery = "&property=connectionSpec.id==" + std::string(bigquery_spec_id);

TEST_F(MadeUpConnectionsTest, NamesTimesStatesAndAuthSpecs) {
    const std::int64_t now = emulator_.emulator.store().now();
    add(30, 0);
    const auto items = all("");
    ASSERT_EQ(items.size(), 30U);
    EXPECT_EQ(items.front().at("name"), "Connection 00001");
    EXPECT_EQ(items.back().at("name"), "Connection 00030");
    std::set<std::int64_t> created;
    std::set<std::int64_t> updated;
    std::set<std::string> states;
    std::set<std::string> auth_specs;
    std::set<std::string> etags;
    for (const Json& item : items) {
        EXPECT_GE(item.at("updatedAt"), item.at("createdAt"));
        EXPECT_LE(item.at("updatedAt"), now + 1000);
        created.insert(item.at("createdAt").get<std::int64_t>());
        updated.insert(item.at("updatedAt").get<std::int64_t>());
        etags.insert(item.at("etag").get<std::string>());
        states.insert(item.at("state").get<std::string>());
        auth_specs.insert(item.at("auth").at("specName").get<std::string>());
        // Valid, as if created by a POST.
        EXPECT_TRUE(params_violations(Cloud::azure, json::string_at(item.at("auth"), "specName"),
                                      item.at("auth").at("params"))
                        .empty());
    }
    EXPECT_EQ(created.size(), 30U);
    EXPECT_EQ(updated.size(), 30U);
    EXPECT_EQ(etags.size(), 30U);
    EXPECT_EQ(states, (std::set<std::string>{"disabled", "draft", "enabled"}));
    EXPECT_EQ(auth_specs,
              (std::set<std::string>{"Basic Authentication", "Service Authentication"}));
    EXPECT_NE(all("&orderby=updatedAt"), all("&orderby=createdAt"));
}

TEST_F(MadeUpConnectionsTest, OthersAreMixedIn) {
    add(20, 10);
    const auto items = all("");
    ASSERT_EQ(items.size(), 30U);
    EXPECT_EQ(items.at(2).at("name"), "Other connection 00001");
    EXPECT_EQ(items.at(3).at("name"), "Connection 00003");
    EXPECT_EQ(items.back().at("name"), "Other connection 00010");
    EXPECT_NE(items.back().at("connectionSpec").at("id"), bigquery_spec_id);
    const auto ours = all(of_bigquery);
    ASSERT_EQ(ours.size(), 20U);
    EXPECT_EQ(ours.back().at("name"), "Connection 00020");
}

TEST_F(MadeUpConnectionsTest, OnAws) {
    add(3, 0, "aws-dev");
    for (const Json& item : all("", "aws-dev")) {
        EXPECT_TRUE(params_violations(Cloud::aws, json::string_at(item.at("auth"), "specName"),
                                      item.at("auth").at("params"))
                        .empty());
    }
    EXPECT_TRUE(all("").empty());
}

TEST_F(MadeUpConnectionsTest, ManyPages) {
    add(2'000, 200);
    const auto items = all(of_bigquery + "&orderby=-name");
    ASSERT_EQ(items.size(), 2'000U);
    EXPECT_EQ(items.front().at("name"), "Connection 02000");
    EXPECT_EQ(items.back().at("name"), "Connection 00001");
}

}  // namespace
}  // namespace bqconn::emulator
