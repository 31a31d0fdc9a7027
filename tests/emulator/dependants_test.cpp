

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

Json flow_body(const Json& sources, const std::string& name = "a flow") {
    return {{"name", name},
            {"flowSpec", {{"id", "made-up-flow-spec"}, {"version", "1.0"}}},
            {"sourceConnectionIds", sources}};
}

class DependantsTest : public ConnectionsTest {
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

TEST_F(DependantsTest, AConnectionThatIsUsedStays) {
    const std::string base = emulator_.create("a");
    const std::string source = make_source(base);
    const std::string flow = make_flow({source});
    expect_flow("DELETE", "/connections/" + base, nullptr, "1418-400");
    expect_flow("DELETE", "/sourceConnections/" + source, nullptr, "1418-400");
    EXPECT_EQ(emulator_.flow("GET", "/connections/" + base).status, 200);
    EXPECT_EQ(emulator_.flow("DELETE", "/flows/" + flow).status, 204);
    expect_flow("GET", "/flows/" + flow, nullptr, "1439-404");
    EXPECT_EQ(emulator_.flow("DELETE", "/connections/" + base).status, 204);
    EXPECT_EQ(emulator_.flow("DELETE", "/sourceConnections/" + source).status, 204);
    expect_flow("DELETE", "/flows/" + flow, nullptr, "1439-404");
}

TEST_F(DependantsTest, OnlyTheConnectionThatIsUsedStays) {
    const std::string used = emulator_.create("a");
    const std::string other = emulator_.create("b");
    const std::string other_source = make_source(other);
    make_flow({make_source(used)});
    EXPECT_EQ(emulator_.flow("DELETE", "/connections/" + other).status, 204);
    EXPECT_EQ(emulator_.flow("DELETE", "/sourceConnections/" + other_source).status, 204);
    expect_flow("DELETE", "/connections/" + used, nullptr, "1418-400");
}

TEST_F(DependantsTest, ShownAsTheyWereMade) {
    const std::string base = emulator_.create("a");
    const std::string source = make_source(base);
    Json item = emulator_.flow("GET", "/sourceConnections/" + source).json().at("items").at(0);
    EXPECT_EQ(item.at("baseConnectionId"), base);
    EXPECT_EQ(item.at("connectionSpec").at("id"), spec_id);
    EXPECT_EQ(item.at("params").at("tableName"), "shop.customers");
    EXPECT_EQ(item.at("state"), "enabled");
    const std::string flow = make_flow({source});
    item = emulator_.flow("GET", "/flows/" + flow).json().at("items").at(0);
    EXPECT_EQ(item.at("name"), "a flow");
    EXPECT_EQ(item.at("sourceConnectionIds"), Json::array({source}));
    EXPECT_EQ(item.at("flowSpec").at("id"), "made-up-flow-spec");
}

TEST_F(DependantsTest, FoundByWhatTheyStandOn) {
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
}

TEST_F(DependantsTest, ListsHavePagesOfTheirOwn) {
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

TEST_F(DependantsTest, FieldsOfOtherKinds) {
    expect_flow("GET", "/connections?property=baseConnectionId==x", nullptr, "1449-400");
    expect_flow("GET", "/flows?property=baseConnectionId==x", nullptr, "1449-400");
    expect_flow("GET", "/flows?property=connectionSpec.id==x", nullptr, "1449-400");
    expect_flow("GET", "/sourceConnections?property=sourceConnectionIds[]==x", nullptr, "1449-400");
    expect_flow("GET", "/flows?start=1", nullptr, "1451-400");
    expect_flow("GET", "/sourceConnections?start=1", nullptr, "1451-400");
}

TEST_F(DependantsTest, PartsOfTheBodies) {
    const Json source = source_body(emulator_.create("a"));
    for (const char* const key : {"name", "baseConnectionId", "connectionSpec"}) {
        Json body = source;
        body.erase(key);
        expect_older("/sourceConnections", body, std::string(key) + " is missing");
        body[key] = 1;
        expect_older("/sourceConnections", body, std::string(key) + " must be");
    }
    for (const char* const key : {"data", "params"}) {
        Json body = source;
        body[key] = "x";
        expect_older("/sourceConnections", body, std::string(key) + " must be an object");
    }
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

TEST_F(DependantsTest, WhatTheyStandOnMustBeThere) {
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
