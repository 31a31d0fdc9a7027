// apply: what it sends for each kind of change, what it refuses beforehand, and what it reports for
// changes that failed, were not attempted, or lost their response.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "bqconn/core/error.hpp"
#include "bqconn/json/parse.hpp"
#include "support/dataflow_documents.hpp"
#include "support/one_run.hpp"
#include "support/temp_folder.hpp"

// Its own namespace: the tests of one folder are compiled together.
namespace bqconn::commands::apply_tests {
namespace {

using json::Json;
using tests::items_of;
using tests::OneRun;

constexpr const char* empty = R"({"items":[]})";
constexpr const char* valid = R"({"validationResponse":[{"status":"SUCCESS"}]})";
constexpr const char* refusal = R"({"errorMessage":"No."})";
constexpr const char* table_document =
    R"({"format":"flat","schema":{"columns":[{"name":"id","xdm":{"type":"string"}},)"
    R"({"name":"changed","xdm":{"type":"string","format":"date-time"}}]}})";
constexpr const char* schema_document =
    R"({"$id":"https://ns.adobe.com/acme/schemas/1","title":"Orders","version":"1.0",)"
    R"("type":"object","properties":{"orderId":{"type":"string"},"city":{"type":"string"}}})";
constexpr const char* datasets_document =
    R"({"d":{"name":"Orders","schemaRef":{"id":"https://ns.adobe.com/acme/schemas/1"}}})";

// A manifest that matches a default Scene.
const std::string mark = "mark: team\n";
const std::string credentials =
    "    client-id: {env: MY_ID}\n"
    "    client-secret: {env: MY_SECRET}\n"
    "    refresh-token: {env: MY_TOKEN}\n";
const std::string warehouse =
    "  - name: Warehouse\n"
    "    kind: basic\n"
    "    project: my-project-123\n" +
    credentials;
const std::string connections = "connections:\n" + warehouse;
const std::string orders =
    "dataflows:\n"
    "  - name: Orders\n"
    "    connection: Warehouse\n"
    "    table: shop.orders\n"
    "    into: Orders\n"
    "    map: [id=orderId]\n"
    "    every: 1h\n"
    "    delta: changed\n";

Json connection_item(const std::string& id, const std::string& name,
                     const std::string& description = {}) {
    Json item = {
        {"id", id},
        {"etag", "\"of " + id + "\""},
        {"name", name},
        {"connectionSpec", {{"id", connection::bigquery_spec_id}}},
        {"auth",
         {{"specName", "Basic Authentication"}, {"params", {{"project", "my-project-123"}}}}}};
    if (!description.empty()) {
        item["description"] = description;
    }
    return item;
}

// The objects in the service, and its scripted responses.
struct Scene {
    std::vector<Json> connections{connection_item("b", "Warehouse")};
    std::vector<Json> flows{tests::flow_item()};
    std::string sources = tests::source_document;
    std::string targets = tests::target_document;
    Json mapping = {
        {"id", "m"},
        {"version", 0},
        {"name", "Orders"},
        {"mappings",
         {{{"sourceType", "ATTRIBUTE"}, {"source", "id"}, {"destination", "orderId"}}}}};

    static Scene without_dataflow() {
        Scene scene;
        scene.flows.clear();
        scene.sources = empty;
        scene.targets = empty;
        return scene;
    }

    void answer_lists(OneRun& run, bool with_dataflows = true) const {
        run.transport.answer(200, items_of(connections));
        if (with_dataflows) {
            run.transport.answer(200, items_of(flows));
            run.transport.answer(200, sources);
            run.transport.answer(200, targets);
        }
    }

    // Also the dataset and the mapping set of the dataflow Orders.
    void answer_reads(OneRun& run) const {
        answer_lists(run);
        run.transport.answer(200, datasets_document);
        if (!flows.empty()) {
            run.transport.answer(200, mapping.dump());
        } else if (std::none_of(connections.begin(), connections.end(),
                                [](const Json& one) { return one["name"] == "Warehouse"; })) {
            run.transport.answer(200, schema_document);  // all that can be checked without it
        }
    }
};

// The reads of a plan for a new dataflow.
void answer_plan(OneRun& run, const std::string& connection_id = "b") {
    run.transport.answer(200, items_of({connection_item(connection_id, "Warehouse")}));
    run.transport.answer(200, table_document);
    run.transport.answer(200, datasets_document);
    run.transport.answer(200, schema_document);
    run.transport.answer(200,
                         items_of({{{"sourceConnectionSpecIds", {connection::bigquery_spec_id}}}}));
    run.transport.answer(200, empty);
    run.transport.answer(200, valid);
}

// The reads of a new mapping for the dataflow Orders.
void answer_mapping_reads(OneRun& run) {
    run.transport.answer(200, tests::source_document);
    run.transport.answer(200, table_document);
    run.transport.answer(200, tests::target_document);
    run.transport.answer(200, schema_document);
    run.transport.answer(200, valid);
}

std::string stored(const std::string& id) {
    return Json{{"id", id}, {"etag", "\"new\""}}.dump();
}

void answer_creation(OneRun& run) {
    run.transport.answer(201, stored("s2"));
    run.transport.answer(201, stored("t2"));
    run.transport.answer(200, R"({"id":"m2","version":0})");
    run.transport.answer(201, stored("f2"));
}

void answer_deletion(OneRun& run) {
    run.transport.answer(200, items_of({tests::flow_item()}));  // read again, to compare it
    for (int i = 0; i < 4; ++i) {
        run.transport.answer(204, "");
    }
}

// A run for a manifest on standard input.
struct Apply : OneRun {
    explicit Apply(const std::string& text, const std::vector<std::string>& flags = {})
        : OneRun({"apply", "-", "--yes"}) {
        args.insert(args.end(), flags.begin(), flags.end());
        set_everything();
        set("MY_ID", "my-client.apps.googleusercontent.com");
        set("MY_SECRET", "made-up secret 1");
        set("MY_TOKEN", "made-up token 1");
        in.str(text);
    }

    // Each change as "METHOD path [if etag] body".
    std::vector<std::string> changes() const {
        std::vector<std::string> list;
        for (const auto& request : transport.requests()) {
            if (request.method == http::Method::get || request.url.ends_with("/validate")) {
                continue;
            }
            const std::string body = request.body.reveal();
            const std::string etag = tests::header_of(request, "If-Match");
            const auto path = request.url.find('/', request.url.find("/foundation/") + 12) + 1;
            list.push_back(std::string(name_of(request.method)) + " " + request.url.substr(path) +
                           (etag.empty() ? "" : " if " + etag) + (body.empty() ? "" : " " + body));
        }
        return list;
    }

    // "Warehouse updated, Orders failed"
    std::string outcomes() const {
        std::string list;
        const Json document = json::parse_or_null(out.str());
        for (const auto& one : json::array_at(document, "changes")) {
            list += (list.empty() ? "" : ", ") + json::string_at(one, "name") + " " +
                    json::string_at(one, "outcome");
        }
        return list;
    }
    std::string message() const {
        return json::string_at(json::member(json::parse_or_null(err.str()), "error"), "message");
    }
};

using Lines = std::vector<std::string>;

TEST(Apply, SendsNothingIfNothingDiffers) {
    Apply run(mark + connections + orders);
    Scene().answer_reads(run);
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(run.changes(), Lines());
    EXPECT_EQ(run.out.str(), "{\"changes\":[]}\n");
}

const std::string params =
    R"({"clientId":"my-client.apps.googleusercontent.com","clientSecret":"made-up secret 1",)"
    R"("project":"my-project-123","refreshToken":"made-up token 1"})";

struct ConnectionCase {
    std::string what;
    std::string text;
    std::vector<Json> existing;
    std::vector<std::string> flags;
    Lines changes;
};

TEST(Apply, ChangesOfAConnection) {
    const std::string with_description = mark + connections + "    description: Sales\n";
    const std::vector<ConnectionCase> cases{
        {"a new one gets the mark",
         with_description,
         {},
         {},
         {R"(POST connections {"auth":{"params":)" + params +
          R"(,"specName":"Basic Authentication","type":"OAuth2.0"},"connectionSpec":)"
          R"({"id":"3c9b37f8-13a6-43d8-bad3-b863b941fedd","version":"1.0"},)"
          R"("description":"Sales [bqconn:team]","name":"Warehouse"})"}},
        {"without a mark, nothing is added",
         "mark: false\n" + connections,
         {},
         {},
         {R"(POST connections {"auth":{"params":)" + params +
          R"(,"specName":"Basic Authentication","type":"OAuth2.0"},"connectionSpec":)"
          R"({"id":"3c9b37f8-13a6-43d8-bad3-b863b941fedd","version":"1.0"},"name":"Warehouse"})"}},
        {"an existing one does not get it",
         with_description,
         {connection_item("b", "Warehouse")},
         {},
         {R"(PATCH connections/b if "of b" [{"op":"add","path":"/description","value":"Sales"}])"}},
        {"the mark is kept",
         with_description,
         {connection_item("b", "Warehouse", "Old [bqconn:team]")},
         {},
         {R"(PATCH connections/b if "of b" [{"op":"replace","path":"/description",)"
          R"("value":"Sales [bqconn:team]"}])"}},
        {"the mark of another file is kept",
         mark + connections,
         {connection_item("b", "Warehouse", "Old [bqconn:other]")},
         {},
         {R"(PATCH connections/b if "of b" [{"op":"replace","path":"/description",)"
          R"("value":"[bqconn:other]"}])"}},
        {"--rotate sends the credentials",
         mark + connections,
         {connection_item("b", "Warehouse")},
         {"--rotate"},
         {R"(PATCH connections/b if "of b" [{"op":"replace","path":"/auth/params","value":)" +
          params + "}]"}},
        {"a new dataset sends all parameters",
         mark + connections + "    large-results-dataset: tmp\n    description: Sales\n",
         {connection_item("b", "Warehouse")},
         {},
         {R"(PATCH connections/b if "of b" [{"op":"add","path":"/description","value":"Sales"},)"
          R"({"op":"replace","path":"/auth/params","value":)"
          R"({"clientId":"my-client.apps.googleusercontent.com",)"
          R"("clientSecret":"made-up secret 1","largeResultsDataSetId":"tmp",)"
          R"("project":"my-project-123","refreshToken":"made-up token 1"}}])"}},
    };
    for (const auto& one : cases) {
        Apply run(one.text, one.flags);
        Scene scene;
        scene.connections = one.existing;
        scene.answer_lists(run, false);
        run.transport.answer(one.existing.empty() ? 201 : 200, stored("b"));
        EXPECT_EQ(run(), 0) << one.what << run.err.str();
        EXPECT_EQ(run.changes(), one.changes) << one.what;
        EXPECT_EQ(run.outcomes(), one.existing.empty() ? "Warehouse created" : "Warehouse updated");
    }
}

constexpr const char* flow_start =
    R"("flowSpec":{"id":"14518937-270c-4525-bdec-c2ba7cce3860","version":"1.0"},"name":"Orders",)"
    R"("options":{"errorDiagnosticsEnabled":true},"scheduleParams":)"
    R"({"backfill":true,"frequency":"hour","interval":1,"startTime":60},)";
constexpr const char* flow_transformations =
    R"("transformations":[{"name":"Copy","params":{"deltaColumn":{"name":"changed"}}},)"
    R"({"name":"Mapping","params":{"mappingId":"m2","mappingVersion":0}}]})";

// The POSTs that create the dataflow Orders: its source, target and mapping set, then itself.
Lines creation(const std::string& connection_id = "b") {
    const std::string part_mark = R"("description":"[bqconn:team]",)";
    return {
        R"(POST sourceConnections {"baseConnectionId":")" + connection_id +
            R"(","connectionSpec":{"id":"3c9b37f8-13a6-43d8-bad3-b863b941fedd","version":"1.0"},)"
            R"("data":{"format":"tabular"},)" +
            part_mark +
            R"("name":"Orders","params":{"columns":)"
            R"([{"name":"id","xdm":{"type":"string"}},)"
            R"({"name":"changed","xdm":{"format":"date-time","type":"string"}}],)"
            R"("tableName":"shop.orders"}})",
        std::string(
            R"(POST targetConnections {"connectionSpec":{"id":"c604ff05-7f1a-43c0-8e18-33bf874cb11c",)"
            R"("version":"1.0"},"data":{"schema":{"id":"https://ns.adobe.com/acme/schemas/1",)"
            R"("version":"application/vnd.adobe.xed-full+json;version=1"}},)") +
            part_mark + R"("name":"Orders","params":{"dataSetId":"d"}})",
        R"(POST mappingSets {"mappings":[{"destination":"orderId","source":"id",)"
        R"("sourceType":"ATTRIBUTE"}],"name":"Orders","outputSchema":{"schemaRef":)"
        R"({"contentType":"application/vnd.adobe.xed-full+json;version=1",)"
        R"("id":"https://ns.adobe.com/acme/schemas/1"}}})",
        std::string(R"(POST flows {"description":"[bqconn:team]",)") + flow_start +
            R"("sourceConnectionIds":["s2"],"targetConnectionIds":["t2"],)" + flow_transformations};
}

const Lines deletion{"DELETE flows/f", "DELETE targetConnections/t", "DELETE sourceConnections/s",
                     "DELETE mappingSets/m"};

Lines joined(Lines first, const Lines& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

TEST(Apply, CreatesADataflow) {
    Apply run(mark + connections + orders);
    const Scene scene = Scene::without_dataflow();
    scene.answer_reads(run);
    answer_plan(run);
    answer_creation(run);
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(run.changes(), creation());
    EXPECT_EQ(run.out.str(),
              R"({"changes":[{"sandboxName":"prod","type":"dataflow","name":"Orders","id":"f2",)"
              R"("action":"create","outcome":"created"}]})"
              "\n");
}

TEST(Apply, ADataflowDoesNotStartInThePast) {
    Apply run(mark + connections + orders);
    run.time_per_request = std::chrono::minutes(10);
    Scene::without_dataflow().answer_reads(run);
    answer_plan(run);
    answer_creation(run);
    EXPECT_EQ(run(), 0) << run.err.str();
    const std::string flow = run.changes().back();
    const Json body = json::parse(flow.substr(flow.find('{')));
    const auto reads = run.transport.requests().size() - run.changes().size();
    EXPECT_EQ(body["scheduleParams"]["startTime"], reads * 600 + 60);
}

TEST(Apply, CreatesADataflowWithANewConnection) {
    Apply run(mark + connections + orders);
    Scene scene = Scene::without_dataflow();
    scene.connections.clear();
    scene.answer_reads(run);
    run.transport.answer(201, stored("b2"));
    answer_plan(run, "b2");
    answer_creation(run);
    EXPECT_EQ(run(), 0) << run.err.str();
    const Lines changes = run.changes();
    ASSERT_EQ(changes.size(), 5U);
    EXPECT_TRUE(changes.front().starts_with("POST connections ")) << changes.front();
    EXPECT_EQ(Lines(changes.begin() + 1, changes.end()), creation("b2"));
    EXPECT_EQ(run.outcomes(), "Warehouse created, Orders created");
}

TEST(Apply, CompletesAPartlyCreatedDataflow) {
    Apply run(mark + connections + orders);
    Scene scene = Scene::without_dataflow();
    scene.sources =
        R"({"items":[{"id":"s2","name":"Orders","baseConnectionId":"b","params":)"
        R"({"tableName":"shop.orders","columns":[{"name":"id"},{"name":"changed"}]}}]})";
    scene.answer_reads(run);
    answer_plan(run);
    run.transport.answer(200, scene.sources);
    run.transport.answer(200, empty);
    run.transport.answer(200, empty);             // dataflows
    run.transport.answer(200, R"({"data":[]})");  // mapping sets
    run.transport.answer(201, stored("t2"));
    run.transport.answer(200, R"({"id":"m2","version":0})");
    run.transport.answer(201, stored("f2"));
    EXPECT_EQ(run(), 0) << run.err.str();
    const Lines all = creation();
    EXPECT_EQ(run.changes(), Lines(all.begin() + 1, all.end()));
}

struct UpdateCase {
    std::string what;
    std::string from;  // a line of `orders`
    std::string to;
    Json existing;  // changes of the dataflow
    std::string operations;
};

TEST(Apply, UpdatesADataflow) {
    const std::vector<UpdateCase> cases{
        {"every", "every: 1h", "every: 30m", Json::object(),
         R"([{"op":"replace","path":"/scheduleParams/frequency","value":"minute"},)"
         R"({"op":"replace","path":"/scheduleParams/interval","value":30}])"},
        {"a percentage", "", "    partial: 5\n", Json::object(),
         R"([{"op":"add","path":"/options","value":)"
         R"({"errorDiagnosticsEnabled":true,"partialIngestionPercent":5.0}}])"},
        {"no percentage",
         "",
         "",
         {{"options", {{"partialIngestionPercent", 10}, {"other", 1}}}},
         R"([{"op":"replace","path":"/options","value":)"
         R"({"errorDiagnosticsEnabled":true,"other":1}}])"},
        {"a description", "", "    description: Sales\n", Json::object(),
         R"([{"op":"add","path":"/description","value":"Sales"}])"},
        {"a description with a mark",
         "",
         "    description: Sales\n",
         {{"description", "[bqconn:other]"}},
         R"([{"op":"replace","path":"/description","value":"Sales [bqconn:other]"}])"},
    };
    for (const auto& one : cases) {
        std::string text = orders;
        if (one.from.empty()) {
            text += one.to;
        } else {
            text.replace(text.find(one.from), one.from.size(), one.to);
        }
        Apply run(mark + connections + text);
        Scene scene;
        scene.flows = {tests::flow_item("f", one.existing)};
        scene.answer_reads(run);
        run.transport.answer(200, stored("f"));
        EXPECT_EQ(run(), 0) << one.what << run.err.str();
        EXPECT_EQ(run.changes(), Lines{R"(PATCH flows/f if "1" )" + one.operations}) << one.what;
        EXPECT_EQ(run.outcomes(), "Orders updated");
    }
}

const std::string other_mapping =
    "dataflows:\n  - name: Orders\n    connection: Warehouse\n"
    "    table: shop.orders\n    into: Orders\n    map: [id=city]\n"
    "    every: 1h\n    delta: changed\n";

TEST(Apply, UpdatesAMapping) {
    struct Case {
        int status;
        std::string answer;
        int exit_code;
        Lines more;
    };
    for (const auto& one : std::vector<Case>{{200, stored("f"), 0, {}},
                                             {412, refusal, 7, {"DELETE mappingSets/m2"}},
                                             {500, refusal, 10, {}}}) {
        Apply run(mark + connections + other_mapping);
        Scene().answer_reads(run);
        answer_mapping_reads(run);
        run.transport.answer(200, R"({"id":"m2","version":0})");
        run.transport.answer(one.status, one.answer);
        if (!one.more.empty()) {
            run.transport.answer(204, "");
        }
        EXPECT_EQ(run(), one.exit_code) << run.err.str();
        EXPECT_EQ(run.changes(),
                  joined({R"(POST mappingSets {"mappings":[{"destination":"city","source":"id",)"
                          R"("sourceType":"ATTRIBUTE"}],"name":"Orders","outputSchema":)"
                          R"({"schemaRef":{"contentType":)"
                          R"("application/vnd.adobe.xed-full+json;version=1",)"
                          R"("id":"https://ns.adobe.com/acme/schemas/1"}}})",
                          R"(PATCH flows/f if "1" [{"op":"replace","path":"/transformations/1",)"
                          R"("value":{"name":"Mapping","params":)"
                          R"({"mappingId":"m2","mappingVersion":0}}}])"},
                         one.more));
    }
}

TEST(Apply, SendsNoMappingWithoutAnEtag) {
    Apply run(mark + connections + other_mapping);
    Scene scene;
    scene.flows = {tests::flow_item("f", {{"etag", ""}})};
    scene.answer_reads(run);
    answer_mapping_reads(run);
    EXPECT_EQ(run(), 12) << run.err.str();
    EXPECT_EQ(run.changes(), Lines());
}

// --- Replacements

std::string with_other_table() {
    std::string sources = tests::source_document;
    return sources.replace(sources.find("shop.orders"), 11, "shop.old");
}

struct ReplaceCase {
    std::string what;
    std::function<void(OneRun&)> answer;  // after the plan
    int exit_code;
    Lines changes;
    std::string words;
};

TEST(Apply, AReplacementGetsNoNewMark) {
    Apply run(mark + connections + orders, {"--replace"});
    Scene scene;
    scene.sources = with_other_table();
    scene.answer_reads(run);
    answer_plan(run);
    answer_deletion(run);
    answer_creation(run);
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(run.changes().back().find("bqconn:"), std::string::npos) << run.changes().back();
}

TEST(Apply, ReplacesADataflow) {
    const std::vector<ReplaceCase> cases{
        {"all goes well",
         [](OneRun& run) {
             answer_deletion(run);
             answer_creation(run);
         },
         0, joined(deletion, creation()), ""},
        {"the dataflow cannot be deleted",
         [](OneRun& run) {
             run.transport.answer(200, items_of({tests::flow_item()}));
             run.transport.answer(403, refusal);
         },
         4,
         {deletion[0]},
         "sandbox prod: dataflow \"Orders\": "},
        {"someone has changed it meanwhile",
         [](OneRun& run) {
             run.transport.answer(200, items_of({tests::flow_item("f", {{"etag", "\"2\""}})}));
         },
         7,
         {},
         "it was changed after it was compared"},
        {"a part cannot be deleted",
         [](OneRun& run) {
             run.transport.answer(200, items_of({tests::flow_item()}));
             run.transport.answer(204, "");
             run.transport.answer(403, refusal);
         },
         11,
         {deletion[0], deletion[1]},
         "these were deleted:\n  dataflow  f"},
        {"the new one is refused",
         [](OneRun& run) {
             answer_deletion(run);
             run.transport.answer(400, refusal);
         },
         11, joined(deletion, {creation()[0]}), "\nthe old dataflow f was deleted"},
        {"the response for the new one is lost",
         [](OneRun& run) {
             answer_deletion(run);
             run.transport.fail(http::Sent::maybe);
         },
         10, joined(deletion, {creation()[0]}), "\nthe old dataflow f was deleted"},
    };
    for (const auto& one : cases) {
        Apply run(mark + connections + orders, {"--replace"});
        Scene scene;
        scene.flows[0]["description"] = "[bqconn:team]";
        scene.sources = with_other_table();
        scene.answer_reads(run);
        answer_plan(run);
        one.answer(run);
        EXPECT_EQ(run(), one.exit_code) << one.what << run.err.str();
        EXPECT_EQ(run.changes(), one.changes) << one.what;
        EXPECT_EQ(run.outcomes(), one.exit_code == 0    ? "Orders replaced"
                                  : one.exit_code == 11 ? "Orders failed"
                                                        : "")
            << one.what;
        EXPECT_NE(run.message().find(one.words), std::string::npos) << run.message();
    }
}

TEST(Apply, DeletesNothingIfThePlanIsInvalid) {
    Apply run(mark + connections + orders, {"--replace"});
    Scene scene;
    scene.sources = with_other_table();
    scene.answer_reads(run);
    run.transport.answer(200, items_of({connection_item("b", "Warehouse")}));
    run.transport.answer(400, refusal);
    run.transport.answer(400, refusal);  // the list of tables
    run.transport.answer(200, datasets_document);
    run.transport.answer(200, schema_document);
    run.transport.answer(200,
                         items_of({{{"sourceConnectionSpecIds", {connection::bigquery_spec_id}}}}));
    run.transport.answer(200, empty);
    EXPECT_EQ(run(), 7) << run.err.str();
    EXPECT_EQ(run.changes(), Lines());
}

TEST(Apply, ReplacesOnlyWithTheFlag) {
    Apply run(mark + connections + orders);
    Scene scene;
    scene.sources = with_other_table();
    scene.answer_reads(run);
    answer_plan(run);
    EXPECT_EQ(run(), 7) << run.err.str();
    EXPECT_EQ(run.changes(), Lines());
    EXPECT_NE(run.err.str().find("--replace"), std::string::npos) << run.err.str();
}

// --- Removals

TEST(Apply, PrunesDataflowsBeforeTheirConnections) {
    const Json warehouse_item = connection_item("b", "Warehouse", "[bqconn:team]");
    const auto read_flow = [](OneRun& run) {
        run.transport.answer(200, items_of({tests::flow_item()}));
    };
    const auto read_connection = [&](OneRun& run) {
        run.transport.answer(200, items_of({warehouse_item}));
    };
    struct Case {
        std::string what;
        std::function<void(OneRun&)> answer;
        int exit_code;
        Lines changes;
        std::string outcomes;
    };
    const std::vector<Case> cases{
        {"all goes well",
         [&](OneRun& run) {
             answer_deletion(run);
             read_connection(run);
             run.transport.answer(204, "");
         },
         0, joined(deletion, {"DELETE connections/b"}), "Orders deleted, Warehouse deleted"},
        {"the dataflow is refused",
         [&](OneRun& run) {
             read_flow(run);
             run.transport.answer(403, refusal);
         },
         4,
         {deletion[0]},
         ""},
        {"only a part of the dataflow is refused",
         [&](OneRun& run) {
             read_flow(run);
             run.transport.answer(204, "");
             run.transport.answer(403, refusal);
             read_connection(run);
             run.transport.answer(204, "");
         },
         11,
         {deletion[0], deletion[1], "DELETE connections/b"},
         "Orders failed, Warehouse deleted"},
        {"the connection is refused",
         [&](OneRun& run) {
             answer_deletion(run);
             read_connection(run);
             run.transport.answer(400, refusal);
         },
         11, joined(deletion, {"DELETE connections/b"}), "Orders deleted, Warehouse failed"},
        {"someone has changed the connection meanwhile",
         [&](OneRun& run) {
             answer_deletion(run);
             Json changed = warehouse_item;
             changed["etag"] = "\"other\"";
             run.transport.answer(200, items_of({changed}));
         },
         11, deletion, "Orders deleted, Warehouse failed"},
    };
    for (const auto& one : cases) {
        std::string kept = connections;
        kept.replace(kept.find("Warehouse"), 9, "Kept");
        Apply run(mark + kept, {"--prune"});
        Scene scene;
        scene.connections = {warehouse_item, connection_item("c", "Kept", "[bqconn:other]")};
        scene.flows = {tests::flow_item("f", {{"description", "Sales [bqconn:team]"}})};
        scene.answer_lists(run);
        one.answer(run);
        EXPECT_EQ(run(), one.exit_code) << one.what << run.err.str();
        EXPECT_EQ(run.changes(), one.changes) << one.what;
        EXPECT_EQ(run.outcomes(), one.outcomes) << one.what;
    }
}

// Their connections are recognised by the mark: the target connection has none.
Scene with_leftovers() {
    Scene scene = Scene::without_dataflow();
    scene.sources = with_other_table();
    scene.sources.replace(scene.sources.find("\"name\""), 0, R"("description":"[bqconn:team]",)");
    scene.targets = tests::target_document;
    scene.targets.replace(scene.targets.find("\"d\""), 3, "\"other\"");
    return scene;
}

TEST(Apply, PruneDeletesWhatIsLeftOfADataflow) {
    Apply run(mark + connections, {"--prune"});
    with_leftovers().answer_lists(run);
    run.transport.answer(204, "");
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(run.changes(), Lines{"DELETE sourceConnections/s"});
    EXPECT_EQ(run.outcomes(), "Orders deleted");
}

TEST(Apply, ANewDataflowReplacesWhatIsLeftOfTheOldOne) {
    Apply run(mark + connections + orders, {"--prune"});
    const Scene scene = with_leftovers();
    scene.answer_lists(run);
    run.transport.answer(200, datasets_document);
    answer_plan(run);
    run.transport.answer(200, scene.sources);
    run.transport.answer(200, scene.targets);
    run.transport.answer(200, empty);  // dataflows
    run.transport.answer(204, "");
    answer_creation(run);
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(run.changes(), joined({"DELETE sourceConnections/s"}, creation()));
}

TEST(Apply, PruneNeedsAMark) {
    Apply run("mark: false\n" + connections, {"--prune"});
    EXPECT_EQ(run(), 2);
    EXPECT_EQ(run.message(), "--prune needs a mark, but standard input has mark: false");
}

// --- Failures

// Warehouse is new, the description of Other differs, and Orders, which uses Warehouse, is new.
const std::string three_changes = mark + connections + "    description: Sales\n" +
                                  "  - name: Other\n    kind: basic\n    project: p-12345\n" +
                                  credentials + "    description: Other\n" + orders;

struct FailureCase {
    std::string what;
    std::function<void(OneRun&)> answer;  // the first change, then the rest
    int exit_code;
    std::string outcomes;
    std::size_t changes;
};

TEST(Apply, ReportsTheOutcomeOfEachChange) {
    const auto update_other = [](OneRun& run) { run.transport.answer(200, stored("c")); };
    const std::vector<FailureCase> cases{
        {"a refusal prevents only what depends on it",
         [&](OneRun& run) {
             run.transport.answer(400, refusal);
             update_other(run);
         },
         11, "Warehouse failed, Other updated, Orders not_done", 2},
        {"an unknown outcome prevents only what depends on it",
         [&](OneRun& run) {
             run.transport.fail(http::Sent::maybe);
             for (int i = 0; i < 3; ++i) {
                 run.transport.answer(200, empty, {{"Date", "Thu, 01 Jan 1970 00:00:00 GMT"}});
             }
             update_other(run);
         },
         11, "Warehouse unknown, Other updated, Orders not_done", 2},
        {"a connection that is found again",
         [&](OneRun& run) {
             run.transport.fail(http::Sent::maybe);
             Json item = connection_item("b2", "Warehouse");
             item["createdAt"] = 1000;
             run.transport.answer(200, items_of({item}),
                                  {{"Date", "Thu, 01 Jan 1970 00:00:01 GMT"}});
             update_other(run);
             answer_plan(run, "b2");
             answer_creation(run);
         },
         0, "Warehouse recovered, Other updated, Orders created", 6},
        {"nothing more is sent if the token is refused",
         [](OneRun& run) { run.transport.answer(401, refusal); }, 4, "", 1},
        {"nothing more is sent if the service cannot be reached",
         [](OneRun& run) {
             for (int i = 0; i < 4; ++i) {
                 run.transport.fail(http::Sent::no, "network.refused");
             }
         },
         9, "", 4},
        {"nothing more is sent, or looked for, after an interruption",
         [](OneRun& run) { run.transport.fail(http::Sent::maybe, code::interrupted); }, 10, "", 1},
        {"nothing more is sent if interrupted before the request",
         [](OneRun& run) {
             run.transport.answer(201, stored("b2"));
             run.transport.fail(http::Sent::no, code::interrupted);
         },
         11, "Warehouse created, Other failed, Orders not_done", 2},
        {"a later conflict",
         [](OneRun& run) {
             run.transport.answer(201, stored("b2"));
             run.transport.answer(412, refusal);
             answer_plan(run, "b2");
             answer_creation(run);
         },
         11, "Warehouse created, Other failed, Orders created", 6},
        {"a plan that turns out invalid after its connection was created",
         [&](OneRun& run) {
             run.transport.answer(201, stored("b2"));
             update_other(run);
             run.transport.answer(200, items_of({connection_item("b2", "Warehouse")}));
             run.transport.answer(403, refusal);
         },
         11, "Warehouse created, Other updated, Orders failed", 2},
    };
    for (const auto& one : cases) {
        Apply run(three_changes);
        Scene scene = Scene::without_dataflow();
        scene.connections = {connection_item("c", "Other")};
        scene.connections[0]["auth"]["params"]["project"] = "p-12345";
        scene.answer_reads(run);
        one.answer(run);
        EXPECT_EQ(run(), one.exit_code) << one.what << run.err.str();
        EXPECT_EQ(run.outcomes(), one.outcomes) << one.what << run.err.str();
        EXPECT_EQ(run.changes().size(), one.changes) << one.what;
    }
}

TEST(Apply, ASingleFailureHasItsOwnExitCode) {
    for (const auto& [status, exit_code] : std::vector<std::pair<int, int>>{
             {400, 5}, {403, 4}, {404, 6}, {409, 7}, {412, 7}, {500, 10}}) {
        Apply run(mark + connections, {"--rotate"});
        Scene().answer_lists(run, false);
        run.transport.answer(status, refusal);
        EXPECT_EQ(run(), exit_code) << run.err.str();
        EXPECT_EQ(run.out.str(), "");
        EXPECT_TRUE(run.message().starts_with("sandbox prod: connection \"Warehouse\": "))
            << run.message();
    }
}

// --- Refused before anything is sent

TEST(Apply, EveryProblemIsNamedBeforeAnythingIsSent) {
    Apply run(mark + connections + "    description: Sales\n" +
              "  - name: Twice\n    kind: basic\n    project: p-12345\n" + credentials + orders +
              "    backfill: false\n");
    Scene scene;
    scene.connections.push_back(connection_item("c", "Twice"));
    scene.connections.push_back(connection_item("d", "Twice"));
    scene.answer_reads(run);
    EXPECT_EQ(run(), 7) << run.err.str();
    EXPECT_EQ(run.changes(), Lines());
    for (const std::string words :
         {"connection \"Twice\": the sandbox has several connections with this name: c, d",
          "dataflow \"Orders\": standard input:24: backfill cannot be changed",
          "nothing was changed"}) {
        EXPECT_NE(run.message().find(words), std::string::npos) << run.message();
    }
}

// Its connection is new, too, so that only the dataset can be checked.
TEST(Apply, RefusesAReplacementWhoseDatasetWasDeleted) {
    std::string into_id = orders;
    into_id.replace(into_id.find("into: Orders"), 12, "into: d");
    Apply run(mark + connections + into_id, {"--replace"});
    Scene scene;
    scene.connections.clear();
    scene.answer_lists(run);
    run.transport.answer(200, "{}");
    run.transport.answer(200, scene.mapping.dump());
    EXPECT_EQ(run(), 7) << run.err.str();
    EXPECT_EQ(run.changes(), Lines());
    EXPECT_NE(run.message().find("into: the dataset \"d\" was deleted"), std::string::npos)
        << run.message();
}

TEST(Apply, RefusesASecretAnywhereInTheManifest) {
    const std::string secret = "made-up secret 1";  // also the value of MY_SECRET
    std::string named = connections;
    named.replace(named.find("Warehouse"), 9, secret);
    for (const auto& [text, words] : std::vector<std::pair<std::string, std::string>>{
             {mark + named, "standard input:3: name contains a secret"},
             {mark + connections + "    description: see " + secret + "\n",
              "standard input:9: description contains a secret"}}) {
        for (const char* const known_as : {"BQCONN_API_SECRET", "MY_SECRET"}) {
            Apply run(text);
            run.set(known_as, secret.c_str());
            if (known_as == std::string("MY_SECRET")) {
                Scene scene;
                scene.connections.clear();
                scene.answer_lists(run, false);
            }
            EXPECT_EQ(run(), 3) << text << run.err.str();
            EXPECT_EQ(run.changes(), Lines());
            EXPECT_NE(run.err.str().find(words), std::string::npos) << run.err.str();
            EXPECT_EQ((run.out.str() + run.err.str()).find(secret), std::string::npos)
                << run.err.str();
        }
    }
}

TEST(Apply, AllMissingVariablesAreNamed) {
    Apply run(mark + connections +
                  "  - name: Other\n    kind: basic\n    project: p-12345\n"
                  "    client-id: {env: MY_ID}\n    client-secret: {env: THEIR_SECRET}\n"
                  "    refresh-token: {env: THEIR_TOKEN}\n",
              {"--rotate"});
    run.environment.erase("MY_SECRET");
    Scene scene;
    scene.connections.clear();
    scene.answer_lists(run, false);
    EXPECT_EQ(run(), 2) << run.err.str();
    EXPECT_EQ(run.changes(), Lines());
    EXPECT_EQ(run.message(),
              "the credentials of 2 connections cannot be read:\n"
              "  standard input:7: client-secret: the variable MY_SECRET is not set\n"
              "  standard input:13: client-secret: the variable THEIR_SECRET is not set\n"
              "  standard input:14: refresh-token: the variable THEIR_TOKEN is not set");
}

TEST(Apply, OnlyTheSandboxFlagLimitsTheFile) {
    const std::string text = mark + "sandboxes: [dev, prod]\n" + connections;
    for (const bool flag : {false, true}) {
        Apply run(text, flag ? Lines{"--sandbox", "dev"} : Lines());
        Scene().answer_lists(run, false);
        if (!flag) {
            Scene().answer_lists(run, false);
        }
        EXPECT_EQ(run(), 0) << run.err.str();
        EXPECT_EQ(tests::header_of(run.transport.requests().front(), "x-sandbox-name"), "dev");
    }
    Apply run(text, {"--sandbox", "stage"});
    EXPECT_EQ(run(), 2);
    EXPECT_EQ(run.message(), "standard input does not name sandbox stage");
}

TEST(Apply, AsksOnATerminal) {
    const tests::TempFolder folder;
    struct Case {
        std::string typed;
        int exit_code;
    };
    for (const auto& one : std::vector<Case>{{"y\n", 0}, {"n\n", 2}, {"", 2}}) {
        Apply run("");
        run.args = {"apply", folder.write("f.yaml", mark + connections), "--rotate"};
        run.in.str(one.typed);
        run.in_is_terminal = run.err_is_terminal = run.out_is_terminal = true;
        Scene().answer_lists(run, false);
        if (one.exit_code == 0) {
            run.transport.answer(200, stored("b"));
        }
        EXPECT_EQ(run(), one.exit_code) << run.err.str();
        for (const std::string words : {"connection Warehouse", "Make these changes? [y/N]"}) {
            EXPECT_NE(run.err.str().find(words), std::string::npos) << run.err.str();
        }
        EXPECT_EQ(run.out.str().empty(), one.exit_code != 0);
    }
    Apply run("");
    run.args = {"apply", folder.write("f.yaml", mark + connections), "--rotate"};
    Scene().answer_lists(run, false);
    EXPECT_EQ(run(), 2);
    EXPECT_NE(run.err.str().find("--yes"), std::string::npos) << run.err.str();
}

TEST(Apply, NeedsAFile) {
    OneRun run({"apply", "--yes"});
    run.set_everything();
    EXPECT_EQ(run(), 2);
    EXPECT_NE(run.err.str().find("usage.missing_file"), std::string::npos) << run.err.str();
}

// --- diff and export

TEST(Diff, ShowsWhatApplyWouldDo) {
    for (const bool differs : {false, true}) {
        Apply run(mark + connections + orders + (differs ? "    description: Sales\n" : ""));
        run.args = {"diff", "-"};
        Scene().answer_reads(run);
        EXPECT_EQ(run(), differs ? 5 : 0) << run.err.str();
        const Json shown = json::parse(run.out.str());
        EXPECT_EQ(shown["changes"].size(), differs ? 1U : 0U);
        EXPECT_EQ(shown["summary"]["update"], differs ? 1 : 0);
        EXPECT_EQ(run.changes(), Lines());
    }
}

TEST(Diff, ReadsNoCredential) {
    Apply run(mark +
              "connections:\n  - name: Warehouse\n    kind: service\n"
              "    key-file: {file: /does/not/exist}\n");
    run.args = {"diff", "-", "--rotate"};
    Scene scene;
    scene.connections.clear();
    scene.answer_lists(run, false);
    EXPECT_EQ(run(), 5) << run.err.str();
}

TEST(Diff, ASecretInAFilterIsRefused) {
    const tests::TempFolder folder;
    folder.write("filter.json", R"({"type":"PQL","value":"made-up secret 1"})");
    folder.write("f.yaml", mark + connections + orders + "    filter: {file: filter.json}\n");
    Apply run("");
    run.args = {"diff", folder.path("f.yaml")};
    run.set("BQCONN_API_SECRET", "made-up secret 1");
    Scene().answer_reads(run);
    EXPECT_EQ(run(), 3) << run.out.str();
    EXPECT_EQ(run.err.str().find("made-up"), std::string::npos) << run.err.str();
}

TEST(Export, DiffFindsNoDifference) {
    OneRun run({"export"});
    run.set_everything();
    Scene scene;
    const std::string table = "\"tableName\":";
    scene.sources.replace(scene.sources.find(table), 0,
                          R"("filters":{"type":"PQL","value":{"nodeType":"literal"}},)");
    scene.answer_lists(run);
    run.transport.answer(200, scene.mapping.dump());
    run.transport.answer(200, datasets_document);
    EXPECT_EQ(run(), 0) << run.err.str();
    Apply diff(run.out.str());
    diff.args = {"diff", "-"};
    scene.answer_reads(diff);
    EXPECT_EQ(diff(), 0) << run.out.str() << diff.out.str() << diff.err.str();
}

TEST(Export, LeavesOutASecret) {
    OneRun run({"export"});
    run.set_everything();
    const std::string secret = "made-up secret 2";
    run.set("BQCONN_API_SECRET", secret.c_str());
    Scene scene = Scene::without_dataflow();
    scene.connections.push_back(connection_item("c", "Has " + secret));
    scene.answer_lists(run);
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_NE(run.out.str().find("Warehouse"), std::string::npos) << run.out.str();
    EXPECT_EQ(run.out.str().find("Has"), std::string::npos) << run.out.str();
    EXPECT_NE(run.err.str().find("was left out: it may contain a secret"), std::string::npos)
        << run.err.str();
}

}  // namespace
}  // namespace bqconn::commands::apply_tests
