#include "bqconn/dataflow/runs.hpp"

#include <gtest/gtest.h>

#include "bqconn/dataflow/dataflows.hpp"
#include "bqconn/dataflow/schedule.hpp"
#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/samples.hpp"

namespace bqconn::dataflow {
namespace {

using json::Json;
using tests::error_of;
using tests::FakeTransport;

Json error(const std::string& code, const std::string& message) {
    return {{"code", code}, {"message", message}};
}

// A run with this summary and activities.
Json run_document(const std::string& status, const Json& errors = Json::array(),
                  const Json& activities = Json::array()) {
    return {{"id", "run1"},
            {"flowId", "flow1"},
            {"metrics",
             {{"durationSummary", {{"startedAtUTC", 1000}, {"completedAtUTC", 3000}}},
              {"recordSummary", {{"inputRecordCount", 10}, {"outputRecordCount", -1}}},
              {"statusSummary", {{"status", status}, {"errors", errors}}}}},
            {"activities", activities}};
}

Run read(const Json& document) {
    FakeTransport transport;
    transport.answer(200, Json{{"items", Json::array({document})}}.dump());
    flow::FlowService service = tests::service_over(transport);
    return read_run(service, "run1");
}

TEST(Runs, StatesAreAnOpenSetOfWords) {
    const Json errors = Json::array({error("CONNECTOR-2001-500", "x")});
    for (const auto& [word, with_errors, state] :
         std::vector<std::tuple<std::string, bool, RunState>>{
             {"success", false, RunState::succeeded},
             {"success", true, RunState::partly},
             {"COMPLETED", false, RunState::succeeded},
             {"PARTIAL_SUCCESS", false, RunState::partly},
             {"failed", true, RunState::failed},
             {"Failed", false, RunState::failed},
             {"PARTIAL_FAILURE", false, RunState::failed},
             {"inProgress", false, RunState::running},
             {"QUEUED", false, RunState::running},
             {"a new word", true, RunState::running}}) {
        EXPECT_EQ(read(run_document(word, with_errors ? errors : Json::array())).state, state)
            << word;
    }
}

TEST(Runs, AnyPartMayBeMissing) {
    const auto run = read({{"id", "run1"}});
    EXPECT_EQ(run.state, RunState::running);
    EXPECT_EQ(run.read, std::nullopt);
    EXPECT_EQ(cause_of(run, ""), std::nullopt);
    const auto other = read(run_document("success"));
    EXPECT_EQ(other.read, 10);
    EXPECT_EQ(other.written, std::nullopt) << "-1 is unknown";
    EXPECT_EQ(other.started_at, 1000);
}

Json activity(const std::string& id, const Json& extensions, const std::string& code) {
    return {{"id", id},
            {"statusSummary",
             {{"status", "failed"},
              {"errors", Json::array({error(code, "top line")})},
              {"extensions", extensions}}}};
}

TEST(Runs, TheCauseIsTheMostSpecificWordOfTheService) {
    struct Row {
        const char* id;
        Json extensions;
        const char* code;
        const char* wanted_code;
        const char* message;
        const char* hint;
    };
    for (const Row& row :
         {Row{"copyActivity",
              {{"errorDetail", "ErrorCode=X,'Type=Y,Message=Not found: Table p:d.t,Source=Z"},
               {"errors", Json::array({error("2200", "could not copy")})}},
              "CONNECTOR-1001-500",
              "2200",
              "Not found: Table p:d.t",
              "the table is gone"},
          Row{"4f008a00-3a04-11eb-adc1-0242ac120002",
              {{"errors", Json::array({error("2200", "A connection attempt failed")})}},
              "CONNECTOR-1001-500",
              "2200",
              "A connection attempt failed",
              "could not reach"},
          Row{"promotionActivity",
              {{"errors",
                {error("INGEST-1212-400", "Encountered 1 errors"),
                 error("INGEST-1555-400", "A required field is missing")}}},
              "CONNECTOR-2001-500",
              "INGEST-1555-400",
              "A required field is missing",
              "a required field was empty"},
          Row{"promotionActivity",
              {{"errors", Json::array({error("INGEST-1555-400", "access denied is missing")})}},
              "CONNECTOR-2001-500",
              "INGEST-1555-400",
              "access denied is missing",
              "update flow1 --partial"},
          Row{"copyActivity",
              {{"errorDetail", "Message=invalid_grant: Token has been revoked."},
               {"errors", Json::array({error("2200", "could not copy")})}},
              "CONNECTOR-1001-500",
              "2200",
              "invalid_grant: Token has been revoked.",
              "bqconn test base1, "},
          Row{"copyActivity",
              {{"errors", Json::array({error("2200", "could not copy")})}},
              "CONNECTOR-1001-500",
              "2200",
              "could not copy",
              "still works; then copy its rows with bqconn dataflow retry run1"},
          Row{"promotionActivity",
              {{"errors", Json::array({error("INGEST-9999-400", "a new error")})}},
              "CONNECTOR-2001-500",
              "INGEST-9999-400",
              "a new error",
              "could not be written"},
          Row{"promotionActivity", Json::object(), "CONNECTOR-2001-500", "CONNECTOR-2001-500",
              "top line", "could not be written"},
          Row{"promotionActivity", Json::object(), "NEW-1-500", "NEW-1-500", "top line",
              "tell Adobe support"}}) {
        const Json document =
            run_document("failed", Json::array({error(row.code, "top line")}),
                         Json::array({activity(row.id, row.extensions, row.code)}));
        const auto cause = cause_of(read(document), "base1");
        ASSERT_TRUE(cause) << row.wanted_code;
        EXPECT_EQ(cause->code, row.wanted_code);
        EXPECT_EQ(cause->message, row.message);
        EXPECT_NE(cause->hint.find(row.hint), std::string::npos) << cause->hint;
        EXPECT_EQ(cause->activity, std::string(row.id).starts_with("prom") ? "promotion" : "copy");
    }
}

TEST(Runs, AreFilteredAgainAndNewestFirst) {
    FakeTransport transport;
    Json other = run_document("failed");
    other["flowId"] = "another";
    transport.answer(200, Json{{"items", {run_document("success"), other, run_document("failed")}},
                               {"_links", Json::object()}}
                              .dump());
    flow::FlowService service = tests::service_over(transport);
    std::size_t count = 0;
    visit_runs(service, {.flow_id = "flow1", .failed = true, .since = 500, .page_size = 7},
               [&](const auto& runs) {
                   count += runs.size();
                   return true;
               });
    EXPECT_EQ(count, 1U);
    EXPECT_TRUE(transport.requests()[0].url.ends_with(
        "/runs?property=flowId%3D%3Dflow1&property=metrics.statusSummary.status%3D%3Dfailed"
        "&property=metrics.durationSummary.startedAtUTC%3E499&limit=7&orderby=-createdAt"))
        << transport.requests()[0].url;
}

TEST(Runs, RejectedRowsAreReadByNameNotByLink) {
    FakeTransport transport;
    transport.answer(200, R"({"data":[{"name":"e 0.json","_links":{"self":{"href":)"
                          R"("https://elsewhere.test/x"}}},{"name":"e1.json"}]})");
    transport.answer(200, "{\"a\":1}\n\n{\"a\":2}\n");
    transport.answer(200, "{\"a\":3}\n{\"a\":4}\n");
    flow::FlowService service = tests::service_over(transport);
    std::string rows;
    visit_rejected_rows(service, "01EF", 3, [&](const Json& row) { rows += row.dump(); });
    EXPECT_EQ(rows, R"({"a":1}{"a":2}{"a":3})");
    const std::string batch =
        "https://platform.test/data/foundation/export/batches/01EF/meta?path=";
    EXPECT_EQ(transport.requests()[0].url, batch + "row_errors");
    EXPECT_EQ(transport.requests()[1].url, batch + "row_errors%2Fe%200.json");
}

TEST(Dataflows, AreReadWithStringsAndNumbers) {
    FakeTransport transport;
    transport.answer(
        200,
        R"({"items":[{"id":"f","etag":"\"e\"","name":"n","state":"enabled",)"
        R"("flowSpec":{"id":"14518937-270c-4525-bdec-c2ba7cce3860"},)"
        R"("sourceConnectionIds":["s"],"targetConnectionIds":["t"],)"
        R"("inheritedAttributes":{"sourceConnections":[{"baseConnection":{"id":"b"}}]},)"
        R"("scheduleParams":{"startTime":"1612310466","frequency":"minute","interval":"15",)"
        R"("backfill":"false"},"transformations":[{"name":"Copy","params":{"deltaColumn":)"
        R"({"name":"d"}}},{"name":"Mapping","params":{"mappingId":"m","mappingVersion":3}}]}]})");
    flow::FlowService service = tests::service_over(transport);
    const Dataflow one = read_dataflow(service, "f");
    EXPECT_EQ(one.base_connection_id, "b");
    EXPECT_EQ(one.mapping_id, "m");
    EXPECT_EQ(one.mapping_version, "3");
    EXPECT_EQ(one.delta_column, "d");
    EXPECT_EQ(one.schedule.start, 1612310466);
    EXPECT_EQ(one.schedule.interval, 15);
    EXPECT_FALSE(one.schedule.backfill);
    EXPECT_EQ(words_of(one.schedule), "every 15 minutes");
    EXPECT_EQ(one.last_run.has_value(), false);
}

TEST(Dataflows, OfOtherSpecsAndSourcesAreNotListed) {
    const std::string tables = R"("flowSpec":{"id":"14518937-270c-4525-bdec-c2ba7cce3860"})";
    FakeTransport transport;
    transport.answer(
        200,
        R"({"items":[{"id":"a",)" + tables + R"(},{"id":"b","flowSpec":{"id":"x"}},{"id":"c",)" +
            tables +
            R"(,"inheritedAttributes":{"sourceConnections":[{"connectionSpec":{"id":"x"}}]}}]})");
    flow::FlowService service = tests::service_over(transport);
    const auto found = find_dataflows(service, {});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].id, "a");
}

TEST(Schedule, IntervalsAsPeopleWriteThem) {
    for (const auto& [text, frequency, interval] :
         std::vector<std::tuple<const char*, const char*, int>>{
             {"15m", "minute", 15}, {"1h", "hour", 1}, {"2d", "day", 2}, {"1w", "week", 1}}) {
        const auto schedule = parse_every(text);
        ASSERT_TRUE(schedule) << text;
        EXPECT_EQ(schedule->frequency, frequency);
        EXPECT_EQ(schedule->interval, interval);
    }
    for (const char* const wrong : {"", "m", "15", "0m", "-1h", "1y", "1.5h", "15mm"}) {
        EXPECT_FALSE(parse_every(wrong)) << wrong;
    }
    EXPECT_EQ(to_json({.start = 5, .frequency = "once"}).dump(),
              R"({"frequency":"once","startTime":5})")
        << "once takes neither interval nor backfill";
}

}  // namespace
}  // namespace bqconn::dataflow
