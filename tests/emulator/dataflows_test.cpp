// Source and target connections, flows and flow specs: what is stored, shown and refused.
#include "emulator/dataflows_test.hpp"

namespace bqconn::emulator {
namespace {

struct Refusal {
    const char* pointer;  // into the body
    const char* value;    // JSON; empty: removed
    const char* code;
};

// `body` with that change.
Json changed(Json body, const Refusal& refusal) {
    if (std::string_view(refusal.value).empty()) {
        return body.patch(Json::array({{{"op", "remove"}, {"path", refusal.pointer}}}));
    }
    body[Json::json_pointer(refusal.pointer)] = Json::parse(refusal.value);
    return body;
}

TEST_F(DataflowsTest, SourceConnectionsThatAreRefused) {
    const std::string filters = "/params/filters";
    for (const Refusal& refusal :
         std::initializer_list<Refusal>{{"/baseConnectionId", R"("nope")", "1439-400"},
                                        {"/connectionSpec/id", R"("nope")", "1413-400"},
                                        {"/data/format", "", "1323-400"},
                                        {"/data/format", R"("delimited")", "1327-400"},
                                        {"/params", "", "1323-400"},
                                        {"/params/tableName", R"("")", "1323-400"},
                                        {"/params/columns", "[]", "1330-400"},
                                        {"/params/columns", R"([{"type": "string"}])", "1330-400"},
                                        {"/name", "", "400"},
                                        {"/params", "1", "400"}}) {
        EXPECT_EQ(code("POST", "/sourceConnections", changed(source_body(), refusal)), refusal.code)
            << refusal.pointer << refusal.value;
    }
    EXPECT_EQ(code("POST", "/sourceConnections?mode=draft", source_body()), "1368-400");
    EXPECT_EQ(ids("/sourceConnections"), Ids{});
}

TEST_F(DataflowsTest, RowFiltersThatAreRefused) {
    const auto filter = [&](const std::string& value) {
        Json body = source_body();
        body["params"]["filters"] = {
            {"type", "PQL"}, {"format", "pql/json"}, {"value", Json::parse(value)}};
        return code("POST", "/sourceConnections", body);
    };
    const auto compare = [&](const std::string& name, const std::string& column,
                             const std::string& value) {
        return filter(R"({"nodeType": "fnApply", "fnName": ")" + name +
                      R"(", "params": [{"nodeType": "fieldLookup", "fieldName": ")" + column +
                      R"("}, {"nodeType": "literal", "value": )" + value + "}]}");
    };
    EXPECT_EQ(compare("=", "city", R"("DDN")"), "201");
    EXPECT_EQ(compare("in", "id", "[1, 2]"), "201");
    EXPECT_EQ(compare("<", "changed_at", R"("2024-01-01")"), "201");
    EXPECT_EQ(compare("~", "city", R"("DDN")"), "1349-400");
    EXPECT_EQ(compare("=", "town", R"("DDN")"), "1350-400");
    EXPECT_EQ(compare("=", "city", "1"), "1351-400");
    EXPECT_EQ(compare("=", "id", R"("one")"), "1351-400");
    EXPECT_EQ(compare("<", "changed_at", R"("today")"), "1351-400");
    EXPECT_EQ(compare("like", "city", R"("D%")"), "201");
    EXPECT_EQ(compare("=", "city", R"(["DDN"])"), "1352-400");
    EXPECT_EQ(compare("in", "city", R"("DDN")"), "1352-400");
    for (const char* const value :
         {"{}", R"({"nodeType": "fnApply", "fnName": "and", "params": []})",
          R"({"nodeType": "fnApply", "fnName": "isNull", "params": [{"nodeType": "literal"}]})"}) {
        EXPECT_EQ(filter(value), "1352-400") << value;
    }
    Json body = source_body();
    body["params"]["filters"] = "city = 'DDN'";
    EXPECT_EQ(code("POST", "/sourceConnections", body), "1352-400");
}

TEST_F(DataflowsTest, TargetConnectionsThatAreRefused) {
    for (const Refusal& refusal : std::initializer_list<Refusal>{
             {"/connectionSpec/id", R"("3c9b37f8-13a6-43d8-bad3-b863b941fedd")", "1307-400"},
             {"/params", "", "1325-400"},
             {"/params/dataSetId", R"("nope")", "1439-400"},
             {"/params/dataSetId", R"("others")", "1425-400"},
             {"/data/schema/id", R"("nope")", "1425-400"},
             {"/data/schema", "", "1425-400"}}) {
        EXPECT_EQ(code("POST", "/targetConnections", changed(target_body(), refusal)), refusal.code)
            << refusal.pointer << refusal.value;
    }
    EXPECT_EQ(ids("/targetConnections"), Ids{});
}

TEST_F(DataflowsTest, FlowsThatAreRefused) {
    const Json body = flow_body();
    const std::string source = body.at("sourceConnectionIds").front();
    for (const Refusal& refusal : std::initializer_list<Refusal>{
             {"/name", "", "400"},
             {"/flowSpec/id", R"("nope")", "1439-400"},
             {"/sourceConnectionIds", "", "1320-400"},
             {"/sourceConnectionIds", "[]", "1321-400"},
             {"/sourceConnectionIds/1", R"("x")", "1321-400"},
             {"/sourceConnectionIds/0", "1", "400"},
             {"/sourceConnectionIds/0", R"("nope")", "1439-400"},
             {"/targetConnectionIds", "", "1320-400"},
             {"/targetConnectionIds", "[]", "1321-400"},
             {"/targetConnectionIds/0", R"("nope")", "1439-400"},
             {"/transformations", "", "1370-400"},
             {"/transformations/1", "", "1370-400"},
             {"/transformations/1/params", "", "1392-400"},
             {"/transformations/1/params/mappingVersion", "2", "1412-400"},
             {"/transformations/1/params/mappingVersion", R"("one")", "1412-400"},
             {"/transformations/1/params/mappingId", R"("nope")", "1419-400"},
             {"/transformations/1/params/mappingId", R"("invalid")", "1419-400"},
             {"/transformations/1/params/mappingId", R"("of-another-schema")", "1425-400"},
             {"/transformations/0", "", "1367-400"},
             {"/transformations/0/params", "{}", "1367-400"},
             {"/scheduleParams", "", "400"},
             {"/scheduleParams/startTime", "", "400"},
             {"/scheduleParams/startTime", "1717199000", "1360-400"},
             {"/scheduleParams/frequency", "", "1397-400"},
             {"/scheduleParams/frequency", R"("month")", "1397-400"},
             {"/scheduleParams/interval", "", "1363-400"},
             {"/scheduleParams/interval", R"("often")", "1363-400"},
             {"/scheduleParams/interval", "14", "1362-400"},
             {"/scheduleParams/backfill", "1", "400"},
             {"/options/partialIngestionPercent", "0", "400"},
             {"/options/errorDiagnosticsEnabled", "1", "400"},
             {"/state", R"("enabled")", "1410-400"}}) {
        EXPECT_EQ(code("POST", "/flows", changed(body, refusal)), refusal.code)
            << refusal.pointer << refusal.value;
    }
    Json once = once_body();
    once["scheduleParams"]["interval"] = 1;
    EXPECT_EQ(code("POST", "/flows", once), "1361-400");
    once = once_body();
    once["scheduleParams"]["backfill"] = true;
    EXPECT_EQ(code("POST", "/flows", once), "1364-400");
    once["scheduleParams"].erase("backfill");
    once["transformations"] = body.at("transformations");
    EXPECT_EQ(code("POST", "/flows", once), "1369-400");
    Json hourly = body;
    hourly["scheduleParams"].update({{"frequency", "hour"}, {"interval", 0}});
    EXPECT_EQ(code("POST", "/flows", hourly), "1362-400");
    EXPECT_EQ(code("POST", "/flows?mode=draft", body), "1368-400");
    EXPECT_EQ(ids("/flows"), Ids{});
    EXPECT_EQ(ids("/runs"), Ids{});
}

// By value, as other clients and Adobe's samples send them.
TEST_F(DataflowsTest, FlowsAsClientsSendThem) {
    for (const Refusal& accepted : std::initializer_list<Refusal>{
             {"/scheduleParams",
              R"({"startTime": "1717200000", "frequency": "week", "interval": "15",
                  "backfill": "true"})",
              "201"},
             {"/scheduleParams/startTime", "1717199990", "201"},  // a slow clock
             {"/transformations/1/params/mappingVersion", R"("0")", "201"},
             {"/transformations/1/params/mappingVersion", "", "201"},
             {"/flowSpec/version", "", "201"},
             {"/options", "", "201"}}) {
        EXPECT_EQ(code("POST", "/flows", changed(flow_body(), accepted)), accepted.code)
            << accepted.pointer << accepted.value;
    }
}

TEST_F(DataflowsTest, WhatIsInUseStays) {
    const Json body = flow_body();
    const std::string flow = made("/flows", body);
    const std::string source =
        "/sourceConnections/" + body.at("sourceConnectionIds").front().get<std::string>();
    const std::string target =
        "/targetConnections/" + body.at("targetConnectionIds").front().get<std::string>();
    const std::string unused = made("/sourceConnections", source_body());
    EXPECT_EQ(code("DELETE", "/connections/" + base_), "1418-400");
    EXPECT_EQ(code("DELETE", source), "1447-400");
    EXPECT_EQ(code("DELETE", target), "1447-400");
    EXPECT_EQ(code("DELETE", "/sourceConnections/" + unused), "204");
    EXPECT_EQ(code("DELETE", "/flows/" + flow), "204");
    for (const std::string& path : {target, source, "/connections/" + base_}) {
        EXPECT_EQ(code("DELETE", path), "204") << path;
    }
    EXPECT_EQ(code("GET", "/flows/" + flow), "1439-404");
    EXPECT_EQ(code("DELETE", "/flows/" + flow), "1439-404");
}

TEST_F(DataflowsTest, MembersThatTheServiceAdds) {
    Json body = flow_body();
    body["nope"] = 1;
    body["flowSpec"]["nope"] = 1;
    const std::string source = body.at("sourceConnectionIds").front();
    const Json spec = {{"id", bigquery_spec}, {"version", "1.0"}};
    const Json inherited = {{"baseConnection", {{"id", base_}, {"connectionSpec", spec}}}};
    EXPECT_EQ(item("/sourceConnections/" + source).at("inheritedAttributes"), inherited);
    const std::string flow = made("/flows", body);
    const Json shown = item("/flows/" + flow);
    Json shown_source = {{"id", source}, {"connectionSpec", spec}};
    shown_source.update(inherited);
    const Json shown_target = {{"id", body.at("targetConnectionIds").front()},
                               {"connectionSpec", target_body().at("connectionSpec")}};
    EXPECT_EQ(shown.at("inheritedAttributes"),
              (Json{{"properties", {{"isSourceFlow", true}}},
                    {"sourceConnections", Json::array({shown_source})},
                    {"targetConnections", Json::array({shown_target})}}));
    EXPECT_EQ(shown.at("runs"), "/runs?property=flowId==" + flow);
    EXPECT_FALSE(shown.contains("lastRunDetails"));
    EXPECT_EQ(shown.dump().find("nope"), std::string::npos);
    for (const char* const key : {"scheduleParams", "transformations", "options"}) {
        EXPECT_EQ(shown.at(key), body.at(key)) << key;
    }
}

TEST_F(DataflowsTest, FoundByWhatTheyUse) {
    const Json first = flow_body();
    const Json second = flow_body();
    const std::string one = made("/flows", first);
    const std::string two = made("/flows", second);
    const std::string source = first.at("sourceConnectionIds").front();
    const std::string other = second.at("sourceConnectionIds").front();
    EXPECT_EQ(ids("/sourceConnections?property=baseConnectionId==" + base_), (Ids{source, other}));
    EXPECT_EQ(ids("/sourceConnections?property=baseConnectionId==nope"), Ids{});
    EXPECT_EQ(
        ids("/sourceConnections?property=params.tableName==shop.orders&property=id==" + other),
        (Ids{other}));
    EXPECT_EQ(ids("/targetConnections?property=params.dataSetId==orders").size(), 2U);
    const std::string of = "/flows?property=sourceConnectionIds%5B%5D==";
    EXPECT_EQ(ids(of + source + "," + other), (Ids{one, two}));
    EXPECT_EQ(ids(of + other), (Ids{two}));
    EXPECT_EQ(ids("/flows?property=sourceConnectionIds[]==" + source), (Ids{one}));
    EXPECT_EQ(ids("/flows?property=transformations[].params.mappingId==mapping"), (Ids{one, two}));
    EXPECT_EQ(ids("/flows?property=flowSpec.id==" + table_flow_spec + "&limit=1"), (Ids{one}));
    EXPECT_EQ(
        ids("/flows?property=inheritedAttributes.sourceConnections[].baseConnection.id==" + base_),
        (Ids{one, two}));
    EXPECT_EQ(ids("/flows?property=inheritedAttributes.properties.isSourceFlow==true").size(), 2U);
    EXPECT_EQ(code("GET", "/flows?start=1"), "1451-400");
    // A token of another list is refused.
    const std::string href =
        emulator_.flow("GET", "/flows?limit=1").json().at("_links").at("next").at("href");
    EXPECT_EQ(ids(href), (Ids{two}));
    EXPECT_EQ(code("GET", "/runs" + href.substr(href.find('?'))), "1453-400");
}

TEST_F(DataflowsTest, FlowSpecs) {
    for (const char* const query :
         {"name==CRMToAEP", "name==%22CRMToAEP%22", "id==14518937-270c-4525-bdec-c2ba7cce3860"}) {
        EXPECT_EQ(ids("/flowSpecs?property=" + std::string(query)), (Ids{table_flow_spec}))
            << query;
    }
    EXPECT_EQ(ids("/flowSpecs?property=name==CloudStorageToAEP"), Ids{});
    const Json spec = item("/flowSpecs/" + table_flow_spec);
    EXPECT_EQ(spec.at("sourceConnectionSpecIds"), Json::array({bigquery_spec}));
    EXPECT_EQ(spec.at("targetConnectionSpecIds"), Json::array({lake_spec}));
    EXPECT_EQ(spec.at("transformationSpec").at(1).at("name"), "Mapping");
    const Json schedule = spec.at("scheduleSpec").at("spec");
    EXPECT_EQ(schedule.at("required"), (Json{"startTime", "frequency"}));
    EXPECT_EQ(schedule.at("else").at("then").at("properties").at("interval").at("minimum"), 15);
    EXPECT_EQ(spec.at("permissionsInfo").at("view").at(0).at("permissions"), Json::array({"read"}));
    for (const char* const key : {"optionSpec", "attributes"}) {
        EXPECT_TRUE(spec.at(key).is_object()) << key;
    }
    EXPECT_EQ(code("GET", "/flowSpecs/nope"), "1439-404");
}

TEST_F(DataflowsTest, Patch) {
    const Json body = flow_body();
    const std::string path = "/flows/" + made("/flows", body);
    pass(one_minute / 2);
    const Json before = item(path);
    EXPECT_EQ(patch(path, Json::parse(R"([
        {"op": "replace", "path": "/name", "value": "new"},
        {"op": "replace", "path": "/scheduleParams/frequency", "value": "week"},
        {"op": "replace", "path": "/scheduleParams/interval", "value": 2},
        {"op": "replace", "path": "/transformations/1/params/mappingVersion", "value": 1},
        {"op": "replace", "path": "/options", "value": {}},
        {"op": "add", "path": "/options/partialIngestionPercent", "value": 5}])"))
                  .status,
              200);
    const Json after = item(path);
    EXPECT_EQ(after.at("name"), "new");
    EXPECT_EQ(after.at("scheduleParams").at("interval"), 2);
    EXPECT_EQ(after.at("options"), (Json{{"partialIngestionPercent", 5}}));
    for (const char* const key : {"id", "runs", "state", "inheritedAttributes"}) {
        EXPECT_EQ(after.at(key), before.at(key)) << key;
    }
    const std::string source =
        "/sourceConnections/" + body.at("sourceConnectionIds").front().get<std::string>();
    EXPECT_EQ(patch(source, "/params/tableName", "shop.items").status, 200);
    EXPECT_EQ(item(source).at("params").at("tableName"), "shop.items");
}

TEST_F(DataflowsTest, PatchesThatAreRefused) {
    const std::string path = "/flows/" + made("/flows", flow_body());
    const auto refused = [&](const std::string& where, const Json& value) {
        const Reply reply = patch(path, where, value);
        const std::string type = json::string_at(reply.json(), "type");
        return type.substr(type.rfind("FLOW-") + 5);
    };
    // Before the flow starts, what starts it can be changed.
    EXPECT_EQ(patch(path, "/scheduleParams/startTime", start_of_test + 2 * one_minute).status, 200);
    EXPECT_EQ(refused("/scheduleParams/startTime", start_of_test - 2 * one_minute), "1360-400");
    EXPECT_EQ(refused("/scheduleParams/backfill", false), "1455-400");  // it has none
    pass(3 * one_minute);
    const Json before = item(path);
    for (const auto& [where, value, code] :
         std::initializer_list<std::tuple<const char*, Json, const char*>>{
             {"/state", "disabled", "1365-400"},
             {"/sourceConnectionIds/0", "x", "1365-400"},
             {"/transformations", Json::array(), "1365-400"},
             {"/transformations/2", Json::object(), "1455-400"},
             {"/transformations/0", {{"name", "Mapping"}}, "1392-400"},
             {"/transformations/0/params", Json::object(), "1367-400"},
             {"/transformations/1/params/mappingId", "nope", "1419-400"},
             {"/scheduleParams/startTime", start_of_test + 9 * one_minute, "1366-400"},
             {"/scheduleParams/interval", 5, "1362-400"},
             {"/scheduleParams/frequency", "once", "1361-400"}}) {
        EXPECT_EQ(refused(where, value), code) << where;
    }
    const auto operations = [&](const char* text) {
        const Reply reply = patch(path, Json::parse(text));
        const std::string type = json::string_at(reply.json(), "type");
        return type.substr(type.rfind("FLOW-") + 5);
    };
    EXPECT_EQ(operations(R"([{"op": "remove", "path": "/scheduleParams/interval"},
                             {"op": "replace", "path": "/scheduleParams/frequency",
                              "value": "once"}])"),
              "1403-400");
    EXPECT_EQ(operations(R"([{"op": "add", "path": "/scheduleParams/backfill", "value": false}])"),
              "1404-400");
    EXPECT_EQ(operations("[]"), "1455-400");
    EXPECT_EQ(operations(R"([{"op": "move", "path": "/name"}])"), "1455-400");
    EXPECT_EQ(item(path), before);
}

}  // namespace
}  // namespace bqconn::emulator
