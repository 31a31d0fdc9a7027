// The life of a flow: its states, and runs that copy the rows of the emulated table or fail.
#include <numeric>

#include "emulator/dataflows_test.hpp"

namespace bqconn::emulator {
namespace {

class RunsTest : public DataflowsTest {
  protected:
    using DataflowsTest::DataflowsTest;

    // Newest first.
    Json runs(const std::string& flow, const std::string& more = {}) {
        return items("/runs?property=flowId==" + flow + more + "&orderby=-createdAt");
    }
    Json last_run(const std::string& flow) { return runs(flow).at(0); }

    static Json status(const Json& run) { return run.at("metrics").at("statusSummary"); }
    static Json records(const Json& run) { return run.at("metrics").at("recordSummary"); }

    // The first run of that flow, which copies everything.
    Json first_run(const Json& body) {
        const std::string flow = made("/flows", body);
        pass(2 * one_minute);
        const Json all = runs(flow);
        EXPECT_EQ(all.size(), 1U);
        return all.at(0);
    }

    Json batch_of(const Json& run) {
        const Json& target = run.at("activities").back().at("targetInfo").at(0);
        EXPECT_EQ(target.at("reference").at("type"), "Batch");
        const std::string id = target.at("reference").at("ids").at(0);
        return *store().find(Kind::batch, *store().find_sandbox("dev"), id);
    }

    // What Google says of a copy that failed.
    std::string words(const Json& run) {
        EXPECT_EQ(status(run).at("status"), "failed");
        EXPECT_EQ(status(run).at("errors").at(0).at("code"), "CONNECTOR-1001-500");
        EXPECT_EQ(run.at("activities").size(), 1U);
        const Json failed = records(run).at("failedInfo").at(0);
        EXPECT_EQ(failed.at("code"), "2200");
        const Json& extensions = run.at("activities").at(0).at("statusSummary").at("extensions");
        EXPECT_EQ(extensions.at("errors").at(0), failed);
        const std::string message = failed.at("message");
        EXPECT_NE(extensions.at("errorDetail").get<std::string>().find(message), std::string::npos);
        return message;
    }

    std::string state(const std::string& flow) { return item("/flows/" + flow).at("state"); }
    std::string action(const std::string& path, const std::string& op) {
        return code("POST", path + "/action?op=" + op);
    }
};

TEST_F(RunsTest, StatesOfAFlow) {
    const std::string flow = made("/flows", flow_body());
    const std::string path = "/flows/" + flow;
    EXPECT_EQ(state(flow), "enabling");
    EXPECT_EQ(action(path, "disable"), "1422-400");
    pass(2);
    EXPECT_EQ(state(flow), "enabled");
    EXPECT_EQ(ids("/flows?property=state==enabled"), (Ids{flow}));
    EXPECT_EQ(action(path, "enable"), "1420-400");
    const std::string etag = item(path).at("etag");
    const Reply reply = emulator_.flow("POST", path + "/action?op=disable");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.json().at("id"), flow);
    EXPECT_NE(reply.json().at("etag"), etag);
    EXPECT_EQ(item(path).at("etag"), reply.json().at("etag"));
    EXPECT_EQ(state(flow), "disabling");
    pass(2);
    EXPECT_EQ(state(flow), "disabled");
    EXPECT_EQ(action(path, "disable"), "1421-400");
    pass(60 * one_minute);
    EXPECT_EQ(runs(flow), Json::array());
    EXPECT_EQ(action(path, "ENABLE"), "200");
    EXPECT_EQ(state(flow), "enabling");
    pass(2);
    EXPECT_EQ(runs(flow).size(), 1U);
    EXPECT_EQ(action(path, "x"), "1453-400");
    EXPECT_EQ(action("/flows/nope", "enable"), "1439-404");
}

TEST_F(RunsTest, ARunInProgress) {
    const std::string flow = made("/flows", flow_body());
    pass(one_minute);
    const Json run = last_run(flow);
    EXPECT_EQ(status(run), (Json{{"status", "inProgress"}}));
    EXPECT_FALSE(run.contains("state"));
    EXPECT_FALSE(run.at("metrics").at("durationSummary").contains("completedAtUTC"));
    const std::string in_progress = "/runs?property=metrics.statusSummary.status==inProgress";
    EXPECT_EQ(ids(in_progress), (Ids{run.at("id")}));
    EXPECT_EQ(item("/flows/" + flow).at("lastRunDetails").at("state"), "inProgress");
    EXPECT_EQ(action("/runs/" + run.at("id").get<std::string>(), "re-trigger"), "1387-400");
    pass(2);
    EXPECT_EQ(ids(in_progress), Ids{});
    const Json details = item("/flows/" + flow).at("lastRunDetails");
    EXPECT_EQ(details.at("id"), run.at("id"));
    EXPECT_EQ(details.at("state"), "success");
    EXPECT_EQ(details.at("startedAtUTC"), (start_of_test + one_minute) * 1000);
    EXPECT_EQ(details.at("completedAtUTC"), (start_of_test + one_minute + 2) * 1000);
}

TEST_F(RunsTest, ARunThatCopies) {
    const Json run = first_run(flow_body());
    EXPECT_EQ(run.at("createdAt"), (start_of_test + one_minute) * 1000);
    EXPECT_EQ(status(run).at("status"), "success");
    EXPECT_FALSE(status(run).contains("errors"));
    EXPECT_EQ(records(run),
              (Json{{"inputRecordCount", 1}, {"outputRecordCount", 1}, {"failedRecordCount", 0}}));
    const Json& copy = run.at("activities").at(0);
    EXPECT_EQ(copy.at("durationSummary").at("extensions"),
              (Json{{"windowStart", 0}, {"windowEnd", (start_of_test + one_minute) * 1000}}));
    EXPECT_EQ(copy.at("sourceInfo").at(0).at("type"), "SourceConnection");
    const Json batch = batch_of(run);
    EXPECT_EQ(batch.at("body").at("status"), "success");
    EXPECT_EQ(batch.at("documents"), Json::array({{{"_acme", {{"id", 1}, {"name", "tea"}}}}}));
}

// Each run copies the rows of its own window.
TEST_F(RunsTest, Windows) {
    tables(R"({"id": 1, "name": "a", "changed_at": "2020-01-01T00:00:00Z"},
              {"id": 2, "name": "b", "changed_at": "2024-06-01T00:00:59.999Z"},
              {"id": 3, "name": "c", "changed_at": "2024-06-01 00:01:00 UTC"},
              {"id": 4, "name": "d", "changed_at": "2024-06-01T00:15:59"},
              {"id": 5, "name": "e", "changed_at": "2024-06-01T00:16:00"},
              {"id": 6, "name": "f", "changed_at": null})");
    Json recent = flow_body();
    recent["scheduleParams"]["backfill"] = "false";
    const std::string all = made("/flows", flow_body());
    const std::string new_only = made("/flows", recent);
    pass(31 * one_minute + 2);
    const auto counts = [&](const std::string& flow) {
        std::vector<int> found;
        for (const Json& run : runs(flow)) {
            found.push_back(records(run).at("inputRecordCount"));
        }
        return found;
    };
    EXPECT_EQ(counts(all), (std::vector<int>{1, 2, 2}));
    EXPECT_EQ(counts(new_only), (std::vector<int>{1, 2, 0}));
    // A run that finds nothing only has the copy activity.
    const Json empty = runs(new_only).at(2);
    EXPECT_EQ(status(empty).at("status"), "success");
    EXPECT_EQ(empty.at("activities").size(), 1U);
}

TEST_F(RunsTest, OnceCopiesEverything) {
    tables(R"({"id": 1, "name": "a"}, {"id": 2, "name": "b", "changed_at": "2099-01-01"})");
    const std::string flow = made("/flows", once_body());
    pass(24 * 60 * one_minute);
    EXPECT_EQ(runs(flow).size(), 1U);
    EXPECT_EQ(records(last_run(flow)).at("outputRecordCount"), 2);
}

TEST_F(RunsTest, CopiesThatFail) {
    const std::string row = R"({"id": 1, "name": "tea"})";
    struct Case {
        const char* columns;  // empty: the usual ones; "-": no table
        const char* rows;
        const char* words;
    };
    for (const Case& one : std::initializer_list<Case>{
             {"-", "", "Not found: Table my-project:shop.orders was not found"},
             {R"({"name": "id", "type": "INT64"}, {"name": "changed_at", "type": "DATE"})",
              R"({"id": 1})", "Unrecognized name: name"},
             {R"({"name": "id", "type": "INT64"}, {"name": "name", "type": "STRING"})",
              R"({"id": 1})", "Unrecognized name: changed_at"},
             {R"({"name": "id", "type": "INT64"}, {"name": "name", "type": "STRING"},
                 {"name": "changed_at", "type": "INT64"})",
              R"({"id": 1})",
              "No matching signature for operator >= for argument types: column changed_at, "
              "TIMESTAMP"},
             {"", R"({"id": 1, "changed_at": "yesterday"})",
              "Invalid timestamp in column changed_at"}}) {
        if (std::string(one.columns) == "-") {
            text_of_tables(R"({"datasets": []})");
        } else {
            tables(one.rows, one.columns);
        }
        Json body = flow_body();
        body["scheduleParams"]["startTime"] = store().now() / 1000 + one_minute;
        EXPECT_EQ(words(first_run(body)), one.words);
    }
}

TEST_F(RunsTest, RevokedCredentialsAndARetry) {
    const std::string flow = made("/flows", flow_body());
    std::ofstream(bad_credentials_file()) << "canary-refresh-token\n";
    pass(2 * one_minute);
    const Json failed = last_run(flow);
    EXPECT_EQ(words(failed), "invalid_grant: Token has been expired or revoked.");
    EXPECT_EQ(item("/flows/" + flow).at("lastRunDetails").at("state"), "failed");
    EXPECT_EQ(ids("/runs?property=metrics.statusSummary.status==failed"), (Ids{failed.at("id")}));
    std::ofstream(bad_credentials_file()) << "";
    const std::string path = "/runs/" + failed.at("id").get<std::string>();
    EXPECT_EQ(action(path, "x"), "1453-400");
    const Reply reply = emulator_.flow("POST", path + "/action?op=RE-TRIGGER");
    EXPECT_EQ(reply.status, 200) << reply.body;
    pass(2);
    const Json retried = last_run(flow);
    EXPECT_EQ(retried.at("id"), reply.json().at("id"));
    EXPECT_EQ(status(retried).at("status"), "success");
    EXPECT_EQ(retried.at("activities").at(0).at("durationSummary").at("extensions"),
              failed.at("activities").at(0).at("durationSummary").at("extensions"));
    // A successful run with records is not repeated, nor one of a flow that is not enabled.
    EXPECT_EQ(action("/runs/" + retried.at("id").get<std::string>(), "re-trigger"), "1387-400");
    EXPECT_EQ(action("/flows/" + flow, "disable"), "200");
    EXPECT_EQ(action(path, "re-trigger"), "1388-400");
    EXPECT_EQ(action("/runs/nope", "re-trigger"), "1439-404");
}

// Three rows, one of them without the required name.
TEST_F(RunsTest, RejectedRows) {
    tables(R"({"id": 1, "name": "a", "changed_at": "2024-01-01"},
              {"id": 2, "name": null, "changed_at": "2024-01-01"},
              {"id": 3, "name": "c", "changed_at": "2024-01-01"})");
    struct Case {
        const char* options;
        const char* status;
        int output;
    };
    for (const Case& one : std::initializer_list<Case>{
             {R"({"errorDiagnosticsEnabled": true, "partialIngestionPercent": 34})", "success", 2},
             {R"({"errorDiagnosticsEnabled": true, "partialIngestionPercent": 33})", "failed", 0},
             {R"({"errorDiagnosticsEnabled": true})", "failed", 0},
             {"{}", "failed", 0}}) {
        Json body = flow_body();
        body["options"] = Json::parse(one.options);
        body["scheduleParams"]["startTime"] = store().now() / 1000 + one_minute;
        const Json run = first_run(body);
        EXPECT_EQ(status(run).at("status"), one.status) << one.options;
        EXPECT_EQ(status(run).at("errors").at(0).at("code"), "CONNECTOR-2001-500");
        EXPECT_EQ(status(run).at("activityRefs"),
                  Json::array({run.at("activities").at(1).at("id")}));
        EXPECT_EQ(records(run), (Json{{"inputRecordCount", 3},
                                      {"outputRecordCount", one.output},
                                      {"failedRecordCount", 1}}));
        const Json extensions = run.at("activities").at(1).at("statusSummary").at("extensions");
        const Json batch = batch_of(run);
        EXPECT_EQ(extensions.at("manifest").at("failedRecords"),
                  "https://platform.adobe.io/data/foundation/export/batches/" +
                      batch.at("id").get<std::string>() + "/meta?path=row_errors");
        const bool diagnostics = std::string(one.options) != "{}";
        EXPECT_EQ(extensions.at("errors").back().at("code"),
                  diagnostics ? "INGEST-1555-400" : "INGEST-1211-400");
        EXPECT_EQ(batch.at("rejected").size(), diagnostics ? 1U : 0U);
        EXPECT_EQ(batch.at("body").at("status"), one.status);
    }
}

TEST_F(RunsTest, AllRowsRejected) {
    tables(R"({"id": 1, "changed_at": "2024-01-01"})");
    Json body = flow_body();
    body["options"]["partialIngestionPercent"] = 100;
    EXPECT_EQ(status(first_run(body)).at("status"), "failed");
}

TEST_F(RunsTest, RowFilterAndColumns) {
    tables(R"({"id": 1, "name": "a", "city": "DDN", "changed_at": "2024-01-01"},
              {"id": 2, "name": "b", "city": "Bonn", "changed_at": "2024-02-01T10:00:00Z"},
              {"id": 30, "name": "c", "city": null, "changed_at": "2024-03-01"})");
    const std::string field = R"({"nodeType": "fieldLookup", "fieldName": ")";
    const auto compare = [&](const std::string& name, const std::string& column,
                             const std::string& value) {
        return R"({"nodeType": "fnApply", "fnName": ")" + name + R"(", "params": [)" + field +
               column + R"("}, {"nodeType": "literal", "value": )" + value + "}]}";
    };
    const auto join = [&](const std::string& name, const std::string& parts) {
        return R"({"nodeType": "fnApply", "fnName": ")" + name + R"(", "params": [)" + parts + "]}";
    };
    const std::string is_null = join("isNull", field + R"(city"})");
    for (const auto& [filter, expected] : std::initializer_list<std::pair<std::string, Ids>>{
             {compare("=", "city", R"("DDN")"), {"1"}},
             {compare("!=", "city", R"("DDN")"), {"2"}},  // a comparison with null is false
             {join("NOT", compare("=", "city", R"("DDN")")), {"2", "30"}},
             {compare("<", "id", "3"), {"1", "2"}},
             {compare("<=", "id", "\"2\""), {"1", "2"}},
             {compare(">", "id", "2"), {"30"}},
             {compare(">=", "changed_at", R"("2024-02-01T10:00:00Z")"), {"2", "30"}},
             {compare("like", "city", R"("B_n%")"), {"2"}},
             {compare("in", "id", "[1, 30]"), {"1", "30"}},
             {is_null, {"30"}},
             {join("or", is_null + "," + compare("=", "id", "1")), {"1", "30"}},
             {join("and", compare(">", "id", "1") + "," + compare("=", "city", R"("Bonn")")),
              {"2"}}}) {
        Json source = source_body();
        source["params"]["filters"] = {
            {"type", "PQL"}, {"format", "pql/json"}, {"value", Json::parse(filter)}};
        Json body = flow_body();
        body["sourceConnectionIds"][0] = made("/sourceConnections", source);
        body["scheduleParams"]["startTime"] = store().now() / 1000 + one_minute;
        Ids found;
        const Json batch = batch_of(first_run(body));
        for (const Json& document : batch.at("documents")) {
            found.push_back(document.at("_acme").at("id").dump());
        }
        EXPECT_EQ(found, expected) << filter;
    }
    // A subset of the columns limits the copy: here the required name is missing.
    Json source = source_body();
    source["params"]["columns"] = {{{"name", "id"}}, {{"name", "changed_at"}}};
    Json body = flow_body();
    body["sourceConnectionIds"][0] = made("/sourceConnections", source);
    body["scheduleParams"]["startTime"] = store().now() / 1000 + one_minute;
    EXPECT_EQ(records(first_run(body)).at("failedRecordCount"), 3);
}

TEST_F(RunsTest, OnDemand) {
    tables(R"({"id": 1, "name": "a", "changed_at": "2024-01-01"},
              {"id": 2, "name": "b", "changed_at": "2024-01-02"})");
    const std::string flow = made("/flows", once_body());
    constexpr int first_of_january = 1'704'067'200;
    const Json body = {{"flowId", flow},
                       {"params",
                        {{"startTime", start_of_test},
                         {"windowStartTime", first_of_january},
                         {"windowEndTime", first_of_january + 60 * one_minute},
                         {"deltaColumn", {{"name", "changed_at"}}}}}};
    EXPECT_EQ(code("POST", "/runs", body), "1422-400");  // not yet enabled
    pass(2 * one_minute);
    for (const auto& [pointer, value, code_of] :
         std::initializer_list<std::tuple<const char*, Json, const char*>>{
             {"/flowId", nullptr, "400"},
             {"/flowId", "nope", "1439-400"},
             {"/params", nullptr, "1380-400"},
             {"/params/windowEndTime", first_of_january, "1381-400"},
             {"/params/deltaColumn", nullptr, "1383-400"}}) {
        Json wrong = body;
        wrong[Json::json_pointer(pointer)] = value;
        EXPECT_EQ(code("POST", "/runs", wrong), code_of) << pointer;
    }
    const Reply reply = emulator_.flow("POST", "/runs", body.dump());
    EXPECT_EQ(reply.status, 201) << reply.body;
    const std::string id = reply.json().at("items").at(0).at("id");
    Json later = body;
    later["params"].erase("deltaColumn");
    EXPECT_EQ(code("POST", "/runs", later), "201");
    later["params"]["deltaColumn"] = {{"name", "id"}};
    EXPECT_EQ(code("POST", "/runs", later), "1382-400");
    pass(2);
    EXPECT_EQ(records(item("/runs/" + id)).at("outputRecordCount"), 1);
    Json recurring = body;
    recurring["flowId"] = made("/flows", [&] {
        Json of = flow_body();
        of["scheduleParams"]["startTime"] = store().now() / 1000;
        return of;
    }());
    pass(2);
    EXPECT_EQ(code("POST", "/runs", recurring), "1386-400");
}

// Overdue runs are made a limited number at a time.
TEST_F(RunsTest, CatchingUp) {
    const std::string flow = made("/flows", flow_body());
    pass(1 * one_minute + 149 * 15 * one_minute + 2);
    const std::string count = "/runs?count=true&property=flowId==" + flow;
    EXPECT_EQ(emulator_.flow("GET", count).json().at("count"), 100);
    EXPECT_EQ(emulator_.flow("GET", count).json().at("count"), 150);
    EXPECT_EQ(emulator_.flow("GET", count).json().at("count"), 150);
    const Json newest = runs(flow, "&limit=2");
    EXPECT_EQ(newest.at(0).at("createdAt").get<std::int64_t>() -
                  newest.at(1).at("createdAt").get<std::int64_t>(),
              15 * one_minute * 1000);
    const Json since = items("/runs?property=metrics.durationSummary.startedAtUTC%3E" +
                             newest.at(1).at("createdAt").dump());
    EXPECT_EQ(since.size(), 1U);
}

// A new schedule counts from the next run on; none is lost while the flow is disabled.
TEST_F(RunsTest, ChangesOfTheSchedule) {
    const std::string flow = made("/flows", flow_body());
    pass(2 * one_minute);
    EXPECT_EQ(patch("/flows/" + flow, "/scheduleParams/interval", 60).status, 200);
    pass(58 * one_minute);
    EXPECT_EQ(runs(flow).size(), 1U);
    EXPECT_EQ(action("/flows/" + flow, "disable"), "200");
    pass(60 * one_minute);
    EXPECT_EQ(action("/flows/" + flow, "enable"), "200");
    pass(61 * one_minute);
    const Json all = runs(flow);
    ASSERT_EQ(all.size(), 3U);
    const auto window = [](const Json& run) {
        return run.at("activities").at(0).at("durationSummary").at("extensions");
    };
    EXPECT_EQ(window(all.at(1)).at("windowStart"), window(all.at(2)).at("windowEnd"));
    EXPECT_EQ(window(all.at(0)).at("windowStart"), window(all.at(1)).at("windowEnd"));
}

class FastRunsTest : public RunsTest {
  protected:
    static Options options() {
        Options options;
        options.speed = 60;
        options.run_time = std::chrono::seconds(0);
        options.runs = 250;
        return options;
    }
    FastRunsTest() : RunsTest(options()) {}
};

TEST_F(FastRunsTest, ManyRunsAndPassingTime) {
    const std::string flow = made("/flows", flow_body());
    Json all = Json::array();
    std::string path = "/runs?property=flowId==" + flow + "&orderby=-createdAt&limit=100";
    std::string token;
    do {
        const Json page = emulator_.flow("GET", path + token).json();
        all.insert(all.end(), page.at("items").begin(), page.at("items").end());
        const std::string href = json::string_at(json::member(page.at("_links"), "next"), "href");
        token = href.empty() ? "" : "&" + href.substr(href.find('?') + 1);
    } while (!token.empty());
    ASSERT_EQ(all.size(), 250U);
    EXPECT_EQ(item("/flows/" + flow).at("lastRunDetails").at("id"), all.at(0).at("id"));
    EXPECT_TRUE(std::ranges::is_sorted(
        all, [](const Json& a, const Json& b) { return a.at("createdAt") > b.at("createdAt"); }));
    const std::string failed = "/runs?property=metrics.statusSummary.status==failed&count=true";
    EXPECT_EQ(emulator_.flow("GET", failed).json().at("count"), 25);
    // Fifteen minutes later, of which 15 seconds have passed.
    pass(1);
    EXPECT_EQ(last_run(flow).at("createdAt"), (start_of_test + one_minute) * 1000);
    pass(15);
    EXPECT_EQ(last_run(flow).at("createdAt"), (start_of_test + 16 * one_minute) * 1000);
    // Only the first flow has made-up runs.
    EXPECT_EQ(runs(made("/flows",
                        [&] {
                            Json body = flow_body();
                            body["scheduleParams"]["startTime"] = start_of_test + 60 * one_minute;
                            return body;
                        }())),
              Json::array());
}

}  // namespace
}  // namespace bqconn::emulator
