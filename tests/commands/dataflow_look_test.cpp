// datasets, schemas and the verbs that look at dataflows and their runs, in each output format.
#include <gtest/gtest.h>

#include "bqconn/json/parse.hpp"
#include "support/one_run.hpp"

namespace bqconn::commands {
namespace {

using tests::OneRun;
using Words = std::vector<std::string>;

constexpr const char* orders_schema = "https://ns.adobe.com/acme/schemas/orders";

// A flow of Google BigQuery as the service shows it.
std::string flow_json(const std::string& id, const std::string& last_run_state,
                      const std::string& ends = "1") {
    const std::string last_run = last_run_state.empty()
                                     ? "null"
                                     : R"({"id":"run-of-)" + id + R"(","state":")" +
                                           last_run_state + R"(","startedAtUTC":1700000000000})";
    return R"({"id":")" + id + R"(","etag":"\"e\"","name":"Flow )" + id +
           R"(","state":"enabled","flowSpec":{"id":"14518937-270c-4525-bdec-c2ba7cce3860"},)"
           R"("sourceConnectionIds":["source)" +
           ends + R"("],"targetConnectionIds":["target)" + ends +
           R"("],"transformations":[{"name":"Copy","params":{"deltaColumn":{"name":"at"}}},)"
           R"({"name":"Mapping","params":{"mappingId":"m1","mappingVersion":"2"}}],)"
           R"("scheduleParams":{"startTime":"1700000000","frequency":"hour","interval":"1"},)"
           R"("options":{"errorDiagnosticsEnabled":true},"lastRunDetails":)" +
           last_run + "}";
}

std::string items(const std::string& text, const std::string& next = "") {
    const std::string links =
        next.empty() ? "" : R"(,"_links":{"next":{"href":"/x?continuationToken=)" + next + R"("}})";
    return R"({"items":[)" + text + "]" + links + "}";
}

constexpr const char* source_json =
    R"({"id":"source1","baseConnectionId":"base1","params":{"tableName":"shop.orders"}})";
constexpr const char* target_json = R"({"id":"target1","params":{"dataSetId":"d1"}})";
constexpr const char* datasets_json =
    R"({"d1":{"name":"Orders","schemaRef":{"id":"https://ns.adobe.com/acme/schemas/orders"}},)"
    R"("d2":{"name":"Old","schemaRef":{"id":"https://ns.adobe.com/acme/schemas/gone"}}})";
constexpr const char* schemas_json =
    R"({"results":[{"$id":"https://ns.adobe.com/acme/schemas/orders","meta:altId":)"
    R"("_acme.schemas.orders","title":"Orders schema","version":"1.0"},)"
    R"({"$id":"https://ns.adobe.com/acme/schemas/two","title":"Twice"},)"
    R"({"$id":"https://ns.adobe.com/acme/schemas/three","title":"Twice"}],"_page":{"next":null}})";
constexpr const char* schema_json =
    R"({"$id":"https://ns.adobe.com/acme/schemas/orders","title":"Orders schema","properties":)"
    R"({"_acme":{"type":"object","required":["id"],"properties":{"id":{"type":"string"},)"
    R"("lines":{"type":"array","items":{"properties":{"sku":{"type":"integer"}}}}}}}})";

struct RunDocument {
    std::string id;
    std::string status = "success";
    std::int64_t created_at = 1'700'000'000'000;
    std::string more = "";        // after the status, such as errors
    std::string activities = "";  // of the run
};

std::string run_json(const RunDocument& one) {
    return R"({"id":")" + one.id + R"(","flowId":"f1","createdAt":)" +
           std::to_string(one.created_at) + R"(,"metrics":{"durationSummary":{"startedAtUTC":)" +
           std::to_string(one.created_at) + R"(,"completedAtUTC":)" +
           std::to_string(one.created_at + 65'000) +
           R"(},"recordSummary":{"inputRecordCount":3,"outputRecordCount":2},)"
           R"("statusSummary":{"status":")" +
           one.status + "\"" + one.more + R"(}},"activities":[)" + one.activities + "]}";
}

// A run whose batch has rejected rows.
RunDocument rejecting_run() {
    return {.id = "bad",
            .status = "failed",
            .activities =
                R"({"id":"promotionActivity","statusSummary":{"status":"failed","extensions":)"
                R"({"errors":[{"code":"MAPPER-3700-400","message":"Mapper Transform Error"}]}},)"
                R"("targetInfo":[{"reference":{"type":"Batch","ids":["b1"]}}]})"};
}

OneRun& prepared(OneRun& run, const std::vector<std::string>& answers) {
    run.set_everything();
    for (const auto& one : answers) {
        run.transport.answer(200, one);
    }
    return run;
}

// stdout of a run that succeeds.
std::string output_of(const Words& words, const std::vector<std::string>& answers) {
    OneRun run(words);
    EXPECT_EQ(prepared(run, answers)(), 0) << run.err.str();
    EXPECT_EQ(run.err.str(), "");
    return run.out.str();
}

bool has_part(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(Datasets, WithTheirSchemas) {
    const json::Json list = json::parse(output_of({"datasets"}, {datasets_json, schemas_json}));
    EXPECT_EQ(list, json::Json::parse(R"([{"id":"d1","name":"Orders","schemaId":)"
                                      R"("https://ns.adobe.com/acme/schemas/orders",)"
                                      R"("schemaTitle":"Orders schema"},{"id":"d2","name":"Old",)"
                                      R"("schemaId":"https://ns.adobe.com/acme/schemas/gone",)"
                                      R"("schemaTitle":""}])"));
    EXPECT_EQ(output_of({"datasets", "-o", "id"}, {datasets_json}), "d1\nd2\n");
    EXPECT_TRUE(has_part(output_of({"datasets", "-o", "text"}, {datasets_json, schemas_json}),
                         "d1  Orders  Orders schema  https://"));
    EXPECT_EQ(output_of({"datasets", "-o", "text"}, {"{}"}), "No datasets.\n");
}

TEST(Schemas, AllOrTheFieldsOfOne) {
    EXPECT_TRUE(output_of({"schemas", "-o", "id"}, {schemas_json}).starts_with(orders_schema));
    EXPECT_EQ(json::parse(output_of({"schemas"}, {schemas_json}))[0].at("altId"),
              "_acme.schemas.orders");
    const std::string paths = "_acme\n_acme.id\n_acme.lines\n_acme.lines[*].sku\n";
    EXPECT_EQ(output_of({"schemas", "Orders schema", "-o", "id"}, {schemas_json, schema_json}),
              paths);
    for (const auto& [id, path] : std::vector<std::pair<std::string, std::string>>{
             {orders_schema, "/schemas/https%3A%2F%2Fns.adobe.com%2Facme%2Fschemas%2Forders"},
             {"_acme.schemas.orders", "/schemas/_acme.schemas.orders"}}) {
        OneRun run({"schemas", id, "-o", "text"});
        EXPECT_EQ(prepared(run, {schema_json})(), 0) << run.err.str();
        EXPECT_TRUE(has_part(run.out.str(), "_acme.id            string   required\n"))
            << run.out.str();
        EXPECT_TRUE(run.transport.requests()[0].url.ends_with(path));
    }
}

TEST(Schemas, ATitleMustNameOne) {
    OneRun none({"schemas", "Order schema", "-o", "text"});
    EXPECT_EQ(prepared(none, {schemas_json})(), 6);
    EXPECT_TRUE(has_part(none.err.str(), "similar: Orders schema")) << none.err.str();
    OneRun two({"schemas", "Twice", "-o", "text"});
    EXPECT_EQ(prepared(two, {schemas_json})(), 7);
    EXPECT_TRUE(has_part(two.err.str(), "\n  https://ns.adobe.com/acme/schemas/three"))
        << two.err.str();
    OneRun gone({"schemas", "_acme.schemas.gone", "-o", "text"});
    prepared(gone, {}).transport.answer(404, R"({"title":"Not found"})");
    EXPECT_EQ(gone(), 6);
    EXPECT_TRUE(has_part(gone.err.str(), "hint: list all of them: bqconn schemas"));
}

TEST(DataflowList, JoinsTheirEndsFromThreeLists) {
    OneRun run({"dataflow", "list"});
    prepared(run,
             {items(flow_json("f1", "success"), "t"), items(source_json), items(target_json),
              datasets_json, items(flow_json("f2", "failed") + "," + flow_json("f3", "", "9"))});
    EXPECT_EQ(run(), 0) << run.err.str();
    const json::Json list = json::parse(run.out.str());
    ASSERT_EQ(list.size(), 3U);
    const json::Json& one = list[0];
    EXPECT_EQ(one.at("table"), "shop.orders");
    EXPECT_EQ(one.at("connectionId"), "base1");
    EXPECT_EQ(one.at("datasetId"), "d1");
    EXPECT_EQ(one.at("datasetName"), "Orders");
    EXPECT_EQ(one.at("schedule").at("startTime"), 1700000000);
    EXPECT_EQ(one.at("lastRun").at("startedAt"), 1700000000000);
    EXPECT_EQ(one.at("lastRun").at("state"), "succeeded") << "as in dataflow runs";
    EXPECT_EQ(one.at("lastRun").at("status"), "success");
    EXPECT_EQ(one.at("mappingSetVersion"), "2");
    EXPECT_EQ(list[1].at("table"), "shop.orders");
    EXPECT_EQ(list[2].at("table"), "") << "its ends are gone";
    EXPECT_TRUE(list[2].at("lastRun").is_null());
}

TEST(DataflowList, Forms) {
    const std::vector<std::string> answers{items(flow_json("f1", "success")), items(source_json),
                                           items(target_json), datasets_json};
    EXPECT_TRUE(
        has_part(output_of({"dataflow", "list", "-o", "text"}, answers),
                 "f1  Flow f1  shop.orders  Orders   every hour  enabled  succeeded  2023-"));
    EXPECT_TRUE(output_of({"dataflow", "list", "-o", "ndjson"}, answers).ends_with("}\n"));
    EXPECT_EQ(output_of({"dataflow", "list", "-o", "id"}, {items(flow_json("f1", ""))}), "f1\n")
        << "one call: the ends are not shown";
    EXPECT_EQ(output_of({"dataflow", "list", "-o", "text"}, {items("")}), "No dataflows.\n");
}

TEST(DataflowList, Filters) {
    const std::string all = items(flow_json("f1", "success") + "," + flow_json("f2", "Failed") +
                                  "," + flow_json("f3", "") + "," + flow_json("f4", "failed"));
    EXPECT_EQ(output_of({"dataflow", "list", "--failed", "-o", "id"}, {all}), "f2\nf4\n");
    EXPECT_EQ(output_of({"dataflow", "list", "--failed", "--limit", "1", "-o", "id"}, {all}),
              "f2\n");
    OneRun named({"dataflow", "list", "--name", "Flow f3", "-o", "id"});
    EXPECT_EQ(prepared(named, {all})(), 0);
    EXPECT_EQ(named.out.str(), "f3\n");
    EXPECT_TRUE(has_part(named.transport.requests()[0].url, "name%3D%3DFlow%20f3"))
        << named.transport.requests()[0].url;
}

TEST(DataflowList, ARoleThatMayNotSeeDatasetsGetsTheirIds) {
    OneRun run({"dataflow", "list"});
    prepared(run, {items(flow_json("f1", "")), items(source_json), items(target_json)})
        .transport.answer(403, "");
    EXPECT_EQ(run(), 0) << run.err.str();
    const json::Json one = json::parse(run.out.str())[0];
    EXPECT_EQ(one.at("datasetId"), "d1");
    EXPECT_EQ(one.at("datasetName"), "");
    EXPECT_TRUE(has_part(run.err.str(), "dataset names are not shown")) << run.err.str();
    EXPECT_TRUE(has_part(run.err.str(), "View Datasets")) << run.err.str();
}

TEST(DataflowGet, Forms) {
    const std::string dataset = R"({"d1":{"name":"Orders"}})";
    const std::vector<std::string> answers{items(flow_json("f1", "failed")), items(source_json),
                                           items(target_json), dataset};
    const std::string text = output_of({"dataflow", "get", "f1", "-o", "text"}, answers);
    for (const char* const line :
         {"table              shop.orders\n", "dataset            Orders (d1)\n",
          "schedule           every hour, from 2023-", "delta column       at\n",
          "last run           failed, started 2023-", "base connection    base1\n",
          "mapping set        m1, version 2\n",
          "options            {\"errorDiagnosticsEnabled\":true}\n"}) {
        EXPECT_TRUE(has_part(text, line)) << line << text;
    }
    const json::Json one = json::parse(output_of({"dataflow", "get", "f1"}, answers));
    EXPECT_EQ(one.at("datasetName"), "Orders");
    EXPECT_EQ(one.at("sandboxName"), "prod");
    EXPECT_EQ(output_of({"dataflow", "get", "f1", "-o", "etag"}, {items(flow_json("f1", ""))}),
              "\"e\"\n");
    EXPECT_EQ(output_of({"dataflow", "get", "f1", "-o", "id"}, {items(flow_json("f1", ""))}),
              "f1\n");
}

TEST(DataflowRuns, Forms) {
    const std::string runs =
        items(run_json({.id = "r2", .status = "inProgress"}) + "," + run_json({.id = "r1"}));
    OneRun run({"dataflow", "runs", "f1", "-o", "text"});
    EXPECT_EQ(prepared(run, {runs})(), 0) << run.err.str();
    EXPECT_TRUE(has_part(run.out.str(), "1 min 5 s  3     2        -       succeeded\n"))
        << run.out.str();
    EXPECT_TRUE(has_part(run.transport.requests()[0].url, "orderby=-createdAt"));
    EXPECT_EQ(output_of({"dataflow", "runs", "f1", "-o", "id"}, {runs}), "r2\nr1\n");
    EXPECT_EQ(json::parse(output_of({"dataflow", "runs", "f1"}, {runs}))[0].at("state"), "running");
    EXPECT_EQ(output_of({"dataflow", "runs", "f1", "--limit", "1", "-o", "id"}, {runs}), "r2\n");
}

TEST(DataflowRuns, FailedAndSince) {
    OneRun run(
        {"dataflow", "runs", "f1", "--failed", "--since", "2023-11-14T22:13:20Z", "-o", "id"});
    prepared(run, {items(run_json({.id = "r3", .status = "failed"}) + "," + run_json({.id = "r2"}) +
                         "," + run_json({.id = "r1", .status = "failed", .created_at = 5}))});
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(run.out.str(), "r3\n") << "filtered here as well";
    const std::string& url = run.transport.requests()[0].url;
    EXPECT_TRUE(has_part(url, "status%3D%3Dfailed")) << url;
    EXPECT_TRUE(has_part(url, "startedAtUTC%3E1699999999999")) << url;
    OneRun week({"dataflow", "runs", "f1", "--since", "7d", "-o", "id"});
    EXPECT_EQ(prepared(week, {items(run_json({.id = "r1"}))})(), 0);
    EXPECT_TRUE(has_part(week.transport.requests()[0].url, "-6048000")) << "the clock shows 1970";
}

TEST(DataflowRuns, LinesAreWrittenAsPagesArrive) {
    OneRun run({"dataflow", "runs", "f1", "-o", "ndjson"});
    prepared(run, {items(run_json({.id = "r1"}), "t")}).transport.answer(403, "");
    EXPECT_EQ(run(), 4);
    EXPECT_EQ(json::parse(run.out.str()).at("id"), "r1");
}

TEST(DataflowRuns, NoRunsOfADataflowThatDoesNotExist) {
    OneRun none({"dataflow", "runs", "f1", "-o", "text"});
    EXPECT_EQ(prepared(none, {items(""), items(flow_json("f1", ""))})(), 0);
    EXPECT_EQ(none.out.str(), "No runs.\n");
    OneRun gone({"dataflow", "runs", "f1", "-o", "text"});
    prepared(gone, {items("")})
        .transport.answer(404, R"({"type":"x/FLOW-1439-404","title":"Resource not found"})");
    EXPECT_EQ(gone(), 6);
    EXPECT_TRUE(has_part(gone.err.str(), "no dataflow f1 in sandbox prod")) << gone.err.str();
}

// What each look sees. The first is at the runs that have not ended, the second is the list.
TEST(DataflowRuns, FollowPrintsEachRunOnceWhenItEnds) {
    const auto at = [](const char* id, const char* status, std::int64_t created_at) {
        return run_json({.id = id, .status = status, .created_at = created_at});
    };
    OneRun run({"dataflow", "runs", "f1", "--follow"});
    prepared(run, {
                      items(at("b", "inProgress", 20) + "," + at("a", "success", 10)),
                      // c ends before the list is read.
                      items(at("c", "success", 30) + "," + at("b", "inProgress", 20) + "," +
                            at("a", "success", 10)),
                      items(at("c", "success", 30) + "," + at("b", "inProgress", 20) + "," +
                            at("a", "success", 10)),
                      items(at("e", "failed", 50) + "," + at("d", "success", 40) + "," +
                            at("c", "success", 30) + "," + at("b", "success", 20) + "," +
                            at("a", "success", 10)),
                      items(at("e", "failed", 50)),
                      items(at("f", "success", 50) + "," + at("e", "failed", 50)),
                  });
    run.transport.answer(403, "");
    EXPECT_EQ(run(), 4);
    std::string ids;
    std::istringstream lines(run.out.str());
    for (std::string line; std::getline(lines, line);) {
        ids += json::parse(line).at("id").get<std::string>();
    }
    EXPECT_EQ(ids, "cbabdef") << "the list, then b, d, e and f when they ended";
    EXPECT_EQ(run.pauses, 5);
}

TEST(DataflowRuns, FollowAsTextAddsLinesToTheTable) {
    OneRun run({"dataflow", "runs", "f1", "--follow", "--failed", "-o", "text"});
    run.set("PAGER", "less");
    run.out_is_terminal = true;
    prepared(run, {items(""), items(run_json({.id = "r1", .status = "failed"})),
                   items(run_json({.id = "r3", .status = "failed", .created_at = 40}) + "," +
                         run_json({.id = "r2", .created_at = 30}))});
    run.transport.answer(403, "");
    EXPECT_EQ(run(), 4);
    EXPECT_EQ(run.pager, "");
    const std::string& out = run.out.str();
    EXPECT_TRUE(out.starts_with("ID  STARTED")) << out;
    EXPECT_EQ(out.find("STARTED"), out.rfind("STARTED"));
    EXPECT_EQ(out.find("r2"), std::string::npos) << "it did not fail";
    EXPECT_NE(out.find("\nr3  1970-"), std::string::npos) << out;
}

TEST(DataflowRuns, FollowEndsWithTheSignal) {
    OneRun run({"dataflow", "runs", "f1", "--follow", "-o", "id"});
    prepared(run, {items(run_json({.id = "r1"})), items(run_json({.id = "r1"}))});
    run.signal = 2;
    EXPECT_EQ(run(), 130);
    EXPECT_EQ(run.out.str(), "r1\n");
}

TEST(DataflowWhy, TheLastFailedRun) {
    const std::string failed = run_json(
        {.id = "bad",
         .status = "failed",
         .more = R"(,"errors":[{"code":"CONNECTOR-1001-500","message":"Error in copying."}])",
         .activities =
             R"({"id":"4f008a00-3a04-11eb-adc1-0242ac120002","statusSummary":{"status":"failed",)"
             R"("extensions":{"errorDetail":"ErrorCode=X,Message=Not found: Table p:shop.orders",)"
             R"("errors":[{"code":"2200","message":"no"}]}}})"});
    OneRun run({"dataflow", "why", "f1", "-o", "text"});
    EXPECT_EQ(prepared(run, {items(flow_json("f1", "failed")), items(failed)})(), 0)
        << run.err.str();
    EXPECT_TRUE(run.out.str().starts_with(
        "Run bad of dataflow \"Flow f1\" failed: Not found: Table p:shop.orders\n"))
        << run.out.str();
    EXPECT_TRUE(has_part(run.out.str(), "  activity  copy\n"));
    EXPECT_TRUE(has_part(run.out.str(), "\nWhat to do: the table is gone")) << run.out.str();
    const json::Json document = json::parse(
        output_of({"dataflow", "why", "f1"}, {items(flow_json("f1", "")), items(failed)}));
    EXPECT_EQ(document.at("dataflowId"), "f1");
    EXPECT_EQ(document.at("run").at("id"), "bad");
    EXPECT_EQ(document.at("run").at("activities")[0].at("errors")[0].at("code"), "2200");
    EXPECT_EQ(document.at("cause").at("activity"), "copy");
    EXPECT_EQ(document.at("cause").at("message"), "Not found: Table p:shop.orders");
    EXPECT_FALSE(document.contains("rejectedRows"));
}

TEST(DataflowWhy, TheLastRunThatFailedOrRejectedRecords) {
    const std::string fine = run_json({.id = "fine"});
    const std::string partly = run_json({.id = "partly", .more = R"(,"errors":[{"code":"X"}])"});
    const std::string failed = run_json({.id = "failed", .status = "failed"});
    const std::string dataflow = items(flow_json("f1", "success"));
    for (const auto& [runs, wanted] : std::vector<std::pair<std::string, std::string>>{
             {fine + "," + partly + "," + failed, "partly\n"},
             {fine + "," + failed + "," + partly, "failed\n"},
             {fine, ""}}) {
        EXPECT_EQ(output_of({"dataflow", "why", "f1", "-o", "id"}, {dataflow, items(runs)}),
                  wanted);
    }
    // Of older runs, only the failed ones are requested.
    std::string latest = fine;
    for (int run = 1; run < 100; ++run) {
        latest += "," + fine;
    }
    OneRun run({"dataflow", "why", "f1", "-o", "id"});
    EXPECT_EQ(prepared(run, {dataflow, items(latest, "more"), items(failed)})(), 0);
    EXPECT_EQ(run.out.str(), "failed\n");
    EXPECT_TRUE(has_part(run.transport.requests()[2].url, "status%3D%3Dfailed"));
}

TEST(DataflowWhy, NoRunHasFailed) {
    const std::vector<std::string> answers{items(flow_json("f1", "success")), items("")};
    EXPECT_EQ(output_of({"dataflow", "why", "f1", "-o", "text"}, answers),
              "No run of dataflow \"Flow f1\" has failed, and none of the latest has errors.\n");
    const json::Json document = json::parse(output_of({"dataflow", "why", "f1"}, answers));
    EXPECT_TRUE(document.at("run").is_null());
    EXPECT_TRUE(document.at("cause").is_null());
}

TEST(DataflowWhy, AGivenRun) {
    const std::string rejecting = items(run_json(rejecting_run()));
    // By name, the run is the only operand.
    OneRun named({"dataflow", "why", "--name", "Flow f1", "bad"});
    prepared(named, {items(flow_json("f1", "")), items(flow_json("f1", "")), rejecting});
    EXPECT_EQ(named(), 0) << named.err.str();
    EXPECT_EQ(json::parse(named.out.str()).at("cause").at("code"), "MAPPER-3700-400");
    OneRun other({"dataflow", "why", "f2", "bad", "-o", "text"});
    EXPECT_EQ(prepared(other, {items(flow_json("f2", "")), rejecting})(), 6);
    EXPECT_TRUE(has_part(other.err.str(), "run bad does not belong to dataflow f2"))
        << other.err.str();
    OneRun gone({"dataflow", "why", "f1", "bad", "-o", "text"});
    prepared(gone, {items(flow_json("f1", ""))}).transport.answer(404, R"({"title":"Not found"})");
    EXPECT_EQ(gone(), 6);
    EXPECT_TRUE(has_part(gone.err.str(), "hint: list its runs: bqconn dataflow runs f1"))
        << gone.err.str();
    const std::vector<std::pair<Words, const char*>> mistakes{
        {{"dataflow", "why"}, "usage.missing_id"},
        {{"dataflow", "why", "f1", "../r"}, "not a valid run ID"},
        {{"dataflow", "why", "../f1"}, "not a valid dataflow ID"},
        {{"dataflow", "delete", "../f1"}, "not a valid dataflow ID"},
        {{"dataflow", "retry", "../r"}, "not a valid run ID"},
        {{"dataflow", "why", "--name", "n", "r1", "r2"}, "usage.unexpected_argument"}};
    for (const auto& [words, code] : mistakes) {
        OneRun run(words);
        EXPECT_EQ(prepared(run, {})(), 2);
        EXPECT_TRUE(has_part(run.err.str(), code)) << run.err.str();
    }
}

TEST(DataflowWhy, RejectedRowsOnlyOnRequest) {
    const std::string rejecting = items(run_json(rejecting_run()));
    OneRun run({"dataflow", "why", "f1", "--rows"});
    std::string rows;
    for (int row = 0; row < 30; ++row) {
        rows += R"({"id":)" + std::to_string(row) + R"(,"_errors":[]})" + "\n";
    }
    prepared(run, {items(flow_json("f1", "")), rejecting,
                   R"({"data":[{"name":"conversion_errors_0.json","_links":{"self":{"href":)"
                   R"("https://elsewhere.example/x"}}}]})",
                   rows});
    EXPECT_EQ(run(), 0) << run.err.str();
    EXPECT_EQ(json::parse(run.out.str()).at("rejectedRows").size(), 20U);
    OneRun none({"dataflow", "why", "f1", "--rows"});
    prepared(none, {items(flow_json("f1", "")), rejecting}).transport.answer(404, "");
    EXPECT_EQ(none(), 0) << none.err.str();
    EXPECT_EQ(json::parse(none.out.str()).at("rejectedRows"), json::Json::array());
    RunDocument without_batch{.id = "r1", .status = "failed"};
    EXPECT_EQ(json::parse(output_of({"dataflow", "why", "f1", "--rows"},
                                    {items(flow_json("f1", "")), items(run_json(without_batch))}))
                  .at("rejectedRows"),
              json::Json::array());
}

}  // namespace
}  // namespace bqconn::commands
