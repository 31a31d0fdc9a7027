#include "bqconn/manifest/diff.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bqconn/json/parse.hpp"
#include "bqconn/manifest/yaml.hpp"
#include "support/expect_error.hpp"

namespace bqconn::manifest {
namespace {

using namespace std::chrono_literals;

const std::string file_head = "mark: team\nsandboxes: [dev]\n";
const std::string one_connection =
    "connections:\n"
    "  - name: W\n"
    "    description: Sales\n"
    "    kind: service\n"
    "    project: my-project-123\n"
    "    key-file: {env: KEY}\n";
const std::string one_dataflow =
    "dataflows:\n"
    "  - name: Orders\n"
    "    connection: W\n"
    "    table: shop.orders\n"
    "    into: Orders\n"
    "    map: [order_id=_acme.id, '\"EUR\"=_acme.currency']\n"
    "    every: 1h\n"
    "    delta: updated_at\n";

flow::Connection connection(const std::string& id, const std::string& name,
                            const std::string& description, std::string_view spec) {
    flow::Connection one;
    one.id = id;
    one.etag = "\"e\"";
    one.name = name;
    one.description = description;
    one.auth_spec = spec;
    return one;
}

dataflow::End end(const std::string& id, json::Json params) {
    dataflow::End one;
    one.id = id;
    one.name = "Orders";
    one.params = std::move(params);
    return one;
}

// A sandbox that matches one_connection and one_dataflow.
State state_as_file() {
    State state{.sandbox = "dev"};
    state.connections.push_back(connection("c1", "W", "Sales [bqconn:team]", service_spec));
    state.connections[0].project = "my-project-123";
    dataflow::Dataflow flow;
    flow.id = "f1";
    flow.etag = "\"e\"";
    flow.name = "Orders";
    flow.description = "[bqconn:team]";
    flow.source_ids = {"s1"};
    flow.target_ids = {"t1"};
    flow.mapping_id = "m1";
    flow.delta_column = "updated_at";
    flow.schedule.start = 100;
    flow.schedule.frequency = "minute";
    flow.schedule.interval = 60;
    flow.options = {{"errorDiagnosticsEnabled", true}};
    const auto columns = json::Json::array({{{"name", "order_id"}}, {{"name", "updated_at"}}});
    state.sources["s1"] = end("s1", {{"tableName", "shop.orders"}, {"columns", columns}});
    state.sources["s1"].base_connection_id = "c1";
    state.targets["t1"] = end("t1", {{"dataSetId", "d1"}});
    state.mapping_sets["m1"].mappings = {{lake::Kind::constant, "EUR", "_acme.currency"},
                                         {lake::Kind::attribute, "order_id", "_acme.id"}};
    state.datasets["Orders"] = {{"d1", "Orders", "schema"}};
    dataflow::add_uses(flow, state.users);
    state.dataflows.push_back(flow);
    return state;
}

// "~ connection W: description Sales -> New": one line for each change, then its problems and
// notes.
std::string lines_of(const std::vector<Change>& changes) {
    std::string lines;
    for (const auto& one : changes) {
        lines += std::string(name_of(one.action)) + " " + one.name + ":";
        for (const auto& difference : one.differences) {
            lines += " [" + std::string(difference.key) + " " + difference.from + " -> " +
                     difference.to + "]";
        }
        for (const auto& problem : one.problems) {
            lines += " !" + problem;
        }
        for (const auto& note : one.notes) {
            lines += " (" + note + ")";
        }
        lines += "\n";
    }
    return lines;
}

std::string compared(const std::string& text, const State& state, CompareOptions options = {}) {
    const Manifest manifest = parse(text, "f.yaml", "");
    return lines_of(compare(
        manifest, {state}, [](const Object& object, Key key) { return object.text(key); },
        options));
}

TEST(Compare, MatchingObjectsAreUnchanged) {
    EXPECT_EQ(compared(file_head + one_connection + one_dataflow, state_as_file()),
              "none W:\nnone Orders:\n");
}

TEST(Compare, NewObjectsAreCreated) {
    State state{.sandbox = "dev"};
    state.datasets["Orders"] = {{"d1", "Orders", "schema"}};
    EXPECT_EQ(compared(file_head + one_connection + one_dataflow, state),
              "create W: [description  -> Sales] [kind  -> service] [project  -> my-project-123] "
              "[key-file  -> variable KEY]\n"
              "create Orders: [connection  -> W] [table  -> shop.orders] [into  -> Orders] "
              "[map  -> order_id=_acme.id, \"EUR\"=_acme.currency] [every  -> 1h] "
              "[delta  -> updated_at]\n");
}

struct Case {
    std::string what;
    void (*alter)(State& state);
    std::string expected;  // the line of the object that differs
};

TEST(Compare, EachKeyHasItsEffect) {
    const std::vector<Case> cases{
        {"description of a connection",
         [](State& state) { state.connections[0].description = "Old"; },
         "update W: [description Old -> Sales]"},
        {"kind", [](State& state) { state.connections[0].auth_spec = basic_spec; },
         "update W: [kind basic -> service] !f.yaml:6: kind cannot be changed from \"basic\" to "
         "\"service\": "
         "restore the old value in the file, or give this connection another name"},
        {"project", [](State& state) { state.connections[0].project = "other-project"; },
         "update W: [project other-project -> my-project-123] [credentials  -> sent again]"},
        {"a project that the service does not return",
         [](State& state) { state.connections[0].project.reset(); }, "none W:"},
        {"large-results-dataset",
         [](State& state) { state.connections[0].large_results_dataset = "tmp"; },
         "update W: [large-results-dataset tmp -> ] [credentials  -> sent again]"},
        {"description of a dataflow",
         [](State& state) { state.dataflows[0].description = "Old [bqconn:other]"; },
         "update Orders: [description Old -> ] (it was created from a file with the mark other)"},
        {"every", [](State& state) { state.dataflows[0].schedule.interval = 15; },
         "update Orders: [every every 15 minutes -> every hour]"},
        {"partial", [](State& state) { state.dataflows[0].options["partialIngestionPercent"] = 5; },
         "update Orders: [partial 5 -> ]"},
        {"mapping", [](State& state) { state.mapping_sets["m1"].mappings[0].source = "USD"; },
         "update Orders: [map \"USD\"=_acme.currency -> ] [map  -> \"EUR\"=_acme.currency]"},
        {"kind of a mapping",
         [](State& state) { state.mapping_sets["m1"].mappings[1].kind = lake::Kind::expression; },
         "update Orders: [map order_id=_acme.id (expression) -> ] [map  -> order_id=_acme.id]"},
        {"table", [](State& state) { state.sources["s1"].params["tableName"] = "shop.old"; },
         "replace Orders: [table shop.old -> shop.orders]"},
        {"filter",
         [](State& state) {
             state.sources["s1"].params["filters"] = {{"type", "PQL"}};
         },
         "replace Orders: [filter {\"type\":\"PQL\"} -> ]"},
        {"delta", [](State& state) { state.dataflows[0].delta_column = "created_at"; },
         "replace Orders: [delta created_at -> updated_at]"},
        {"dataset", [](State& state) { state.targets["t1"].params["dataSetId"] = "d2"; },
         "replace Orders: [into d2 -> Orders]"},
        {"connection", [](State& state) { state.sources["s1"].base_connection_id = "c9"; },
         "replace Orders: [connection c9 -> W]"},
        {"backfill", [](State& state) { state.dataflows[0].schedule.backfill = false; },
         "update Orders: [backfill false -> true] !f.yaml:10: backfill cannot be changed from "
         "\"false\" to "
         "\"true\": restore the old value in the file, or give this dataflow another name"},
        {"once", [](State& state) { state.dataflows[0].schedule.frequency = "once"; },
         "update Orders: [every once -> 1h] !f.yaml:15: every cannot be changed from \"once\" to "
         "\"1h\": "
         "restore the old value in the file, or give this dataflow another name"},
    };
    for (const auto& [what, alter, expected] : cases) {
        State state = state_as_file();
        alter(state);
        const std::string lines = compared(file_head + one_connection + one_dataflow, state);
        EXPECT_NE(("\n" + lines).find("\n" + expected + "\n"), std::string::npos) << what << ":\n"
                                                                                  << lines;
        if (expected != "none W:") {
            EXPECT_NE(lines.find("none "), std::string::npos) << "only one differs: " << lines;
        }
    }
}

TEST(Compare, ColumnsAreComparedOnlyIfTheFileNamesThem) {
    const std::string text = file_head + one_connection + one_dataflow;
    EXPECT_EQ(compared(text + "    columns: [updated_at, order_id]\n", state_as_file()),
              "none W:\nnone Orders:\n");
    EXPECT_EQ(compared(text + "    columns: [order_id]\n", state_as_file()),
              "none W:\nreplace Orders: [columns order_id, updated_at -> order_id]\n");
}

TEST(Compare, StartIsComparedOnlyWhileInTheFuture) {
    const std::string text =
        file_head + one_connection + one_dataflow + "    start: 2026-12-01T06:00:00Z\n";
    const auto at = [](const char* time) {
        return CompareOptions{.now =
                                  std::chrono::sys_days{} + std::chrono::seconds(std::stoll(time))};
    };
    EXPECT_EQ(compared(text, state_as_file(), at("1800000000")), "none W:\nnone Orders:\n");
    EXPECT_NE(compared(text, state_as_file(), at("1700000000"))
                  .find(": start cannot be changed from \"1970-01-01T00:01:40Z\""),
              std::string::npos);
    State state = state_as_file();
    state.dataflows[0].schedule.start = 1796104800;
    EXPECT_EQ(compared(text, state, at("1700000000")), "none W:\nnone Orders:\n");
}

TEST(Compare, DuplicateNamesAreAProblem) {
    State state = state_as_file();
    state.connections.push_back(state.connections.front());
    state.connections.back().id = "c2";
    const std::string lines = compared(file_head + one_connection + one_dataflow, state);
    EXPECT_NE(lines.find("none W: !the sandbox has several connections with this name: c1, c2"),
              std::string::npos)
        << lines;
    EXPECT_NE(
        lines.find("none Orders: !f.yaml:11: connection: the sandbox has several connections named "
                   "\"W\": c1, c2"),
        std::string::npos)
        << lines;
}

TEST(Compare, MissingConnectionOrDatasetIsAProblem) {
    EXPECT_EQ(
        compared(file_head + one_dataflow, State{.sandbox = "dev"})
                .substr(std::string("create Orders: ").size())
                .find(": connection: neither the file nor the sandbox has a connection \"W\"") !=
            std::string::npos,
        true);
    State state = state_as_file();
    state.datasets["Orders"].clear();
    EXPECT_NE(compared(file_head + one_connection + one_dataflow, state)
                  .find(": into: the sandbox has no dataset \"Orders\""),
              std::string::npos);
}

TEST(Compare, RotateSendsEveryConnection) {
    EXPECT_EQ(
        compared(file_head + one_connection, state_as_file(), {.rotate = true}),
        "update W: [credentials  -> sent again]\nnone Orders: (not in the file; --prune deletes "
        "it)\n");
}

TEST(Compare, WhatPruneWouldDeleteIsNoted) {
    State state = state_as_file();
    dataflow::Dataflow left;
    left.name = "Gone";
    left.source_ids = {"s9"};
    state.leftovers = {left};
    EXPECT_EQ(compared(file_head + one_connection, state),
              "none W:\nnone Orders: (not in the file; --prune deletes it)\n"
              "none Gone: (only these, which no dataflow uses: s9; --prune deletes them)\n");
}

TEST(Compare, PruneRemovesOnlyWhatHasTheMark) {
    const std::string text =
        file_head + "connections:\n  - {name: X, kind: service, key-file: {env: K}}\n";
    EXPECT_NE(compared(text, state_as_file(), {.prune = true}).find("delete Orders:\ndelete W:\n"),
              std::string::npos);
    State state = state_as_file();
    state.dataflows[0].description = "[bqconn:other]";
    EXPECT_NE(compared(text, state, {.prune = true})
                  .find("none W: (kept, although it is not in the file: dataflow f1 uses it)\n"),
              std::string::npos);
    state.connections[0].description = "Sales";
    EXPECT_EQ(compared(text, state, {.prune = true}).find("W"), std::string::npos);
}

TEST(Compare, AReplacedDataflowDoesNotKeepItsOldConnection) {
    State state = state_as_file();
    state.connections.push_back(connection("c2", "New", "", service_spec));
    const std::string text = file_head +
                             "connections:\n  - {name: New, kind: service, key-file: {env: K}}\n" +
                             one_dataflow;
    std::string renamed = text;
    renamed.replace(renamed.find("connection: W"), 13, "connection: New");
    const std::string lines = compared(renamed, state, {.prune = true});
    EXPECT_NE(lines.find("replace Orders:"), std::string::npos) << lines;
    EXPECT_NE(lines.find("delete W:"), std::string::npos) << lines;
}

// ---- export

TEST(Export, NamesEachVariableOnce) {
    State state{.sandbox = "dev"};
    for (const std::string name : {"Sales EU", "Sales-EU", "BQCONN"}) {
        state.connections.push_back(connection(name, name, "", service_spec));
    }
    std::vector<std::string> warnings;
    std::vector<std::string> variables;
    for (const auto& object : manifest_of(state, warnings).objects) {
        variables.push_back(object.text(Key::key_file));
    }
    EXPECT_EQ(variables,
              (std::vector<std::string>{"SALES_EU_KEY", "SALES_EU_KEY_2", "_BQCONN_KEY"}));
}

TEST(Export, HasNoDifference) {
    State state = state_as_file();
    state.connections.push_back(connection("c2", "Sales EU/1", "two\nlines", basic_spec));
    state.connections[1].large_results_dataset = "tmp";
    state.sources["s1"].params["filters"] = {{"type", "PQL"}, {"value", {{"n", 1}}}};
    std::vector<std::string> warnings;
    const Manifest manifest = manifest_of(state, warnings);
    EXPECT_TRUE(warnings.empty());
    const std::string text = to_yaml(to_node(manifest));
    EXPECT_NE(text.find("client-secret:"), std::string::npos) << text;
    EXPECT_NE(text.find("SALES_EU_1_CLIENT_SECRET"), std::string::npos) << text;
    EXPECT_EQ(compared(text, state), "none W:\nnone Sales EU/1:\nnone Orders:\n") << text;
}

TEST(Export, LeavesOutWhatAManifestCannotDescribe) {
    State state = state_as_file();
    state.connections.push_back(state.connections.front());
    state.connections.back().id = "c2";
    state.mapping_sets.clear();
    std::vector<std::string> warnings;
    EXPECT_TRUE(manifest_of(state, warnings).objects.empty());
    EXPECT_EQ(warnings,
              (std::vector<std::string>{
                  "connection c1 \"W\" was left out: the sandbox has 2 connections with this name",
                  "connection c2 \"W\" was left out: the sandbox has 2 connections with this name",
                  "dataflow f1 \"Orders\" was left out: it has no mapping"}));
}

}  // namespace
}  // namespace bqconn::manifest
