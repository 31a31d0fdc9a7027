

#include "emulator/platform/platform.hpp"

#include "emulator/connections_test.hpp"

namespace bqconn::emulator {
namespace {

const std::string spec_id = "3c9b37f8-13a6-43d8-bad3-b863b941fedd";

Json source_body(const std::string& base, const std::string& name = "a source") {
    return {{"name", name},
            {"baseConnectionId", base},
            {"connectionSpec", {{"id", spec_id}, {"version", "1.0"}}},
            {"data", {{"format", "tabular"}}},
            {"params", {{"tableName", "shop.customers"}}}};
}

Json target_body() {
    return {{"name", "a target"},
            {"connectionSpec", {{"id", "made-up-spec"}, {"version", "1.0"}}},
            {"data", {{"schema", {{"id", "made-up-schema"}}}}},
            {"params", {{"dataSetId", "made-up-dataset"}}}};
}

Json flow_body(const Json& sources, const std::string& name = "a flow") {
    return {{"name", name},
            {"flowSpec", {{"id", "made-up-flow-spec"}, {"version", "1.0"}}},
            {"sourceConnectionIds", sources}};
}

class DataflowsTest : public ConnectionsTest {
  protected:
    std::string made(const std::string& path, const Json& body) {
        const Reply reply = emulator_.flow("POST", path, body.dump());
        EXPECT_EQ(reply.status, 201) << reply.body;
        const Json document = reply.json();
        EXPECT_EQ(document.size(), 2U);
        EXPECT_TRUE(document.at("etag").is_string());
        const std::string id = document.at("id");
        EXPECT_EQ(reply.header("location"), "/data/foundation/flowservice" + path + "/" + id);
        return id;
    }

    std::string make_source(const std::string& base) {
        return made("/sourceConnections", source_body(base));
    }
    std::string make_flow(const Json& sources) { return made("/flows", flow_body(sources)); }

    Json item(const std::string& path) {
        return emulator_.flow("GET", path).json().at("items").at(0);
    }

    std::vector<std::string> ids(const std::string& list) {
        const Reply reply = emulator_.flow("GET", list);
        EXPECT_EQ(reply.status, 200) << reply.body;
        std::vector<std::string> found;
        const Json document = reply.json();
        for (const Json& item : document.at("items")) {
            found.push_back(item.at("id"));
        }
        return found;
    }

    void expect_flow(const std::string& method, const std::string& path, const Json& body,
                     const std::string& code) {
        const Reply reply = emulator_.flow(method, path, body.is_null() ? "" : body.dump());
        EXPECT_EQ(reply.json().at("type"), "https://ns.adobe.com/aep/errors/FLOW-" + code)
            << method << path;
    }

    void expect_older(const std::string& path, const Json& body, const std::string& what) {
        const Reply reply = emulator_.flow("POST", path, body.dump());
        EXPECT_EQ(reply.status, 400) << what;
        EXPECT_NE(json::string_at(reply.json(), "errorMessage").find(what), std::string::npos)
            << what << " is not in " << reply.body;
    }
};

using Ids = std::vector<std::string>;

TEST_F(DataflowsTest, AConnectionThatIsUsedStays) {
    const std::string base = emulator_.create("a");
    const std::string source = make_source(base);
    const std::string flow = make_flow({source});
    expect_flow("DELETE", "/connections/" + base, nullptr, "1418-400");
    expect_flow("DELETE", "/sourceConnections/" + source, nullptr, "1447-400");
    EXPECT_EQ(emulator_.flow("GET", "/connections/" + base).status, 200);
    EXPECT_EQ(emulator_.flow("DELETE", "/flows/" + flow).status, 204);
    expect_flow("GET", "/flows/" + flow, nullptr, "1439-404");
    EXPECT_EQ(emulator_.flow("DELETE", "/connections/" + base).status, 204);
    EXPECT_EQ(emulator_.flow("DELETE", "/sourceConnections/" + source).status, 204);
    expect_flow("DELETE", "/flows/" + flow, nullptr, "1439-404");
}

TEST_F(DataflowsTest, OnlyTheConnectionThatIsUsedStays) {
    const std::string used = emulator_.create("a");
    const std::string other = emulator_.create("b");
    const std::string other_source = make_source(other);
    make_flow({make_source(used)});
    EXPECT_EQ(emulator_.flow("DELETE", "/connections/" + other).status, 204);
    EXPECT_EQ(emulator_.flow("DELETE", "/sourceConnections/" + other_source).status, 204);
    expect_flow("DELETE", "/connections/" + used, nullptr, "1418-400");
}

TEST_F(DataflowsTest, ShownAsTheyWereMade) {
    const std::string base = emulator_.create("a");
    const std::string source = make_source(base);
    Json shown = item("/sourceConnections/" + source);
    EXPECT_EQ(shown.at("baseConnectionId"), base);
    EXPECT_EQ(shown.at("connectionSpec").at("id"), spec_id);
    EXPECT_EQ(shown.at("params").at("tableName"), "shop.customers");
    EXPECT_EQ(shown.at("state"), "enabled");
    const std::string flow = make_flow({source});
    shown = item("/flows/" + flow);
    EXPECT_EQ(shown.at("name"), "a flow");
    EXPECT_EQ(shown.at("sourceConnectionIds"), Json::array({source}));
    EXPECT_EQ(shown.at("flowSpec").at("id"), "made-up-flow-spec");
    // Neither asked for nor invented.
    EXPECT_FALSE(shown.contains("scheduleParams"));
}

TEST_F(DataflowsTest, MembersThatTheServiceAdds) {
    const std::string base = emulator_.create("a");
    const std::string source = make_source(base);
    const std::string target = made("/targetConnections", target_body());
    const Json spec = {{"id", spec_id}, {"version", "1.0"}};
    const Json inherited = {{"baseConnection", {{"id", base}, {"connectionSpec", spec}}}};
    EXPECT_EQ(item("/sourceConnections/" + source).at("inheritedAttributes"), inherited);
    Json body = flow_body({source});
    body["targetConnectionIds"] = {target};
    const std::string flow = made("/flows", body);
    const Json shown = item("/flows/" + flow);
    Json shown_source = {{"id", source}, {"connectionSpec", spec}};
    shown_source.update(inherited);
    const Json shown_target = {{"id", target},
                               {"connectionSpec", target_body().at("connectionSpec")}};
    EXPECT_EQ(shown.at("inheritedAttributes"),
              (Json{{"properties", {{"isSourceFlow", true}}},
                    {"sourceConnections", Json::array({shown_source})},
                    {"targetConnections", Json::array({shown_target})}}));
    EXPECT_EQ(shown.at("lastOperation").at("operation"), "create");
    EXPECT_EQ(shown.at("lastOperation").at("started"), shown.at("lastOperation").at("updated"));
    EXPECT_EQ(shown.at("lastRunDetails").at("state"), "success");
    // The run is the one that the list of runs has.
    EXPECT_EQ(ids(shown.at("runs")), (Ids{shown.at("lastRunDetails").at("id")}));
    const Json run = item("/runs/" + json::string_at(shown.at("lastRunDetails"), "id"));
    EXPECT_EQ(run.at("flowId"), flow);
    EXPECT_EQ(run.at("metrics").at("durationSummary").at("startedAtUTC"),
              shown.at("lastRunDetails").at("startedAtUTC"));
    EXPECT_EQ(run.at("metrics").at("statusSummary").at("status"), "success");
    expect_flow("DELETE", "/targetConnections/" + target, nullptr, "1447-400");
    body["targetConnectionIds"] = {source};
    expect_flow("POST", "/flows", body, "1439-400");
}

// Numbers, strings and booleans come back as they were sent, as do members that Flow Service
// leaves to the connection spec.
TEST_F(DataflowsTest, OpenObjectsKeepTheirContent) {
    Json body = flow_body({make_source(emulator_.create("a"))});
    body["scheduleParams"] = {{"startTime", 1'612'310'466},
                              {"frequency", "minute"},
                              {"interval", "15"},
                              {"backfill", true}};
    body["transformations"] = {{{"name", "Copy"}, {"params", {{"deltaColumn", {{"name", "day"}}}}}},
                               {{"name", "Mapping"}, {"params", {{"mappingVersion", 0}}}}};
    body["options"] = {{"partialIngestionPercent", 5}};
    const std::string flow = made("/flows", body);
    const Json shown = item("/flows/" + flow);
    for (const char* const key : {"scheduleParams", "transformations", "options"}) {
        EXPECT_EQ(shown.at(key), body.at(key)) << key;
    }
    EXPECT_EQ(ids("/flows?property=scheduleParams.interval==15"), (Ids{flow}));
    EXPECT_EQ(ids("/flows?property=transformations[].name==Mapping"), (Ids{flow}));
}

TEST_F(DataflowsTest, UnknownMembersAreIgnored) {
    const std::string base = emulator_.create("a");
    Json source = source_body(base);
    source["nope"] = 1;
    source["inheritedAttributes"] = "x";
    source["connectionSpec"]["nope"] = 1;
    const std::string source_id = made("/sourceConnections", source);
    Json flow = flow_body({source_id});
    flow["nope"] = 1;
    flow["flowSpec"]["nope"] = 1;
    const std::string flow_id = made("/flows", flow);
    for (const std::string& path : {"/sourceConnections/" + source_id, "/flows/" + flow_id}) {
        EXPECT_EQ(item(path).dump().find("nope"), std::string::npos) << path;
    }
}

TEST_F(DataflowsTest, Patch) {
    const std::string source = make_source(emulator_.create("a"));
    Json body = flow_body({source});
    body["transformations"] = {{{"name", "Copy"}}, {{"name", "Mapping"}}};
    body["scheduleParams"] = {{"frequency", "day"}, {"interval", 1}};
    const std::string path = "/flows/" + made("/flows", body);
    const auto patch = [&](const std::string& where, const Json& operations) {
        Headers headers = emulator_.credentials();
        headers["Content-Type"] = "application/json";
        headers["If-Match"] = item(where).at("etag");
        return send(emulator_.port(), "PATCH", "/data/foundation/flowservice" + where, headers,
                    operations.dump());
    };
    const Json before = item(path);
    EXPECT_EQ(patch(path, Json::parse(R"([
        {"op": "replace", "path": "/scheduleParams/frequency", "value": "week"},
        {"op": "replace", "path": "/transformations/1", "value": {"name": "Mapping", "params": {}}},
        {"op": "add", "path": "/options", "value": {}},
        {"op": "add", "path": "/options/errorDiagnosticsEnabled", "value": true}])"))
                  .status,
              200);
    const Json after = item(path);
    EXPECT_EQ(after.at("scheduleParams"), (Json{{"frequency", "week"}, {"interval", 1}}));
    EXPECT_EQ(after.at("transformations").at(1).at("params"), Json::object());
    EXPECT_EQ(after.at("options"), (Json{{"errorDiagnosticsEnabled", true}}));
    EXPECT_EQ(after.at("lastOperation").at("operation"), "update");
    for (const char* const key : {"id", "runs", "lastRunDetails", "inheritedAttributes"}) {
        EXPECT_EQ(after.at(key), before.at(key)) << key;
    }
    for (const char* const one :
         {R"({"op": "replace", "path": "/transformations/2", "value": {}})",
          R"({"op": "remove", "path": "/transformations/x"})",
          R"({"op": "replace", "path": "/state", "value": "disabled"})",
          R"({"op": "replace", "path": "/sourceConnectionIds/0", "value": "x"})",
          R"({"op": "replace", "path": "/options", "value": []})"}) {
        EXPECT_EQ(patch(path, Json::array({Json::parse(one)})).status, 400) << one;
    }
    EXPECT_EQ(item(path), after);
    const std::string of_source = "/sourceConnections/" + source;
    EXPECT_EQ(patch(of_source, Json::parse(R"([{"op": "replace", "path": "/params/tableName",
                                                "value": "shop.orders"}])"))
                  .status,
              200);
    EXPECT_EQ(item(of_source).at("params").at("tableName"), "shop.orders");
}

TEST_F(DataflowsTest, FoundByWhatTheyUse) {
    const std::string base = emulator_.create("a");
    const std::string other = emulator_.create("b");
    const std::string first = make_source(base);
    const std::string second = make_source(base);
    const std::string third = make_source(other);
    EXPECT_EQ(ids("/sourceConnections"), (Ids{first, second, third}));
    EXPECT_EQ(ids("/sourceConnections?property=baseConnectionId==" + base), (Ids{first, second}));
    EXPECT_EQ(ids("/sourceConnections?property=baseConnectionId==nope"), Ids{});
    const std::string one = make_flow({first});
    const std::string two = make_flow({third, second});
    const std::string of = "/flows?property=sourceConnectionIds%5B%5D==";
    EXPECT_EQ(ids(of + first + "," + second), (Ids{one, two}));
    EXPECT_EQ(ids(of + third), (Ids{two}));
    EXPECT_EQ(ids(of + "nope"), Ids{});
    EXPECT_EQ(ids("/flows?property=sourceConnectionIds[]==" + first), (Ids{one}));
    EXPECT_EQ(ids("/flows?property=flowSpec.id==made-up-flow-spec&limit=1"), (Ids{one}));
    const std::string inherited = "/flows?property=inheritedAttributes.";
    EXPECT_EQ(ids(inherited + "properties.isSourceFlow==true"), (Ids{one, two}));
    EXPECT_EQ(ids(inherited + "sourceConnections[].baseConnection.id==" + other), (Ids{two}));
    EXPECT_EQ(
        ids("/sourceConnections?property=params.tableName==shop.customers&property=id==" + first),
        (Ids{first}));
    EXPECT_EQ(ids("/flows?property=lastRunDetails.startedAtUTC%3C1"), Ids{});
    EXPECT_EQ(ids("/runs?property=flowId==" + one + "&orderby=-createdAt,name").size(), 1U);
}

TEST_F(DataflowsTest, ListsHavePagesOfTheirOwn) {
    const std::string base = emulator_.create("a");
    const Ids sources{make_source(base), make_source(base)};
    const Json page = emulator_.flow("GET", "/sourceConnections?limit=1").json();
    const std::string href = page.at("_links").at("next").at("href");
    EXPECT_TRUE(href.starts_with("/sourceConnections?continuationToken="));
    EXPECT_EQ(ids(href), (Ids{sources[1]}));
    // A token of another list is refused.
    expect_flow("GET", "/flows" + href.substr(href.find('?')), nullptr, "1453-400");
    EXPECT_EQ(emulator_.flow("GET", "/sourceConnections?count=true").json().at("count"), 2);
}

TEST_F(DataflowsTest, FieldsOfOtherKinds) {
    expect_flow("GET", "/connections?property=baseConnectionId==x", nullptr, "1449-400");
    expect_flow("GET", "/flows?property=baseConnectionId==x", nullptr, "1449-400");
    expect_flow("GET", "/flows?property=connectionSpec.id==x", nullptr, "1449-400");
    expect_flow("GET", "/sourceConnections?property=sourceConnectionIds[]==x", nullptr, "1449-400");
    expect_flow("GET", "/flows?start=1", nullptr, "1451-400");
    expect_flow("GET", "/sourceConnections?start=1", nullptr, "1451-400");
}

TEST_F(DataflowsTest, PartsOfTheBodies) {
    const Json source = source_body(emulator_.create("a"));
    for (const char* const key : {"name", "baseConnectionId", "connectionSpec", "data"}) {
        Json body = source;
        body.erase(key);
        expect_older("/sourceConnections", body, std::string(key) + " is missing");
        body[key] = 1;
        expect_older("/sourceConnections", body, std::string(key) + " must be");
    }
    Json wrong = source;
    wrong["params"] = "x";
    expect_older("/sourceConnections", wrong, "params must be an object");
    const Json flow = flow_body({"x"});
    for (const char* const key : {"name", "flowSpec", "sourceConnectionIds"}) {
        Json body = flow;
        body.erase(key);
        expect_older("/flows", body, std::string(key) + " is missing");
        body[key] = 1;
        expect_older("/flows", body, std::string(key) + " must be");
    }
    expect_older("/flows", flow_body(Json::array()), "sourceConnectionIds must be an array");
    expect_older("/flows", flow_body({1}), "sourceConnectionIds must be an array");
    expect_older("/flows", Json::array(), "must be an object");
    EXPECT_EQ(ids("/flows"), Ids{});
    EXPECT_EQ(ids("/sourceConnections"), Ids{});
}

TEST_F(DataflowsTest, WhatTheyUseMustExist) {
    const std::string base = emulator_.create("a");
    expect_flow("POST", "/sourceConnections", source_body("nope"), "1439-400");
    Json body = source_body(base);
    body["connectionSpec"]["id"] = "another";
    expect_flow("POST", "/sourceConnections", body, "1413-400");
    const std::string source = make_source(base);
    expect_flow("POST", "/flows", flow_body({source, "nope"}), "1439-400");
    expect_flow("POST", "/flows", flow_body({base}), "1439-400");
    const Reply other = emulator_.flow("POST", "/flows", flow_body({source}).dump(), "prod");
    EXPECT_EQ(other.status, 400);
    EXPECT_EQ(ids("/flows"), Ids{});
}

}  // namespace
}  // namespace bqconn::emulator
