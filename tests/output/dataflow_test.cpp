#include "bqconn/output/dataflow.hpp"

#include <gtest/gtest.h>

namespace bqconn::output {
namespace {

using dataflow::RunState;

dataflow::Run run(RunState state) {
    dataflow::Run one;
    one.id = "r1";
    one.flow_id = "f1";
    one.status = "success";
    one.state = state;
    one.started_at = 1'700'000'000'000;
    one.completed_at = 1'700'000'252'000;
    one.read = 100;
    one.written = 99;
    one.failed = 1;
    one.batch_id = "b1";
    return one;
}

Diagnosis diagnosis(RunState state) {
    Diagnosis one;
    one.dataflow.id = "f1";
    one.dataflow.name = "Orders";
    one.run = run(state);
    one.cause = dataflow::Cause{.code = "MAPPER-3700-400",
                                .activity = "promotion",
                                .message = "Mapper Transform Error",
                                .hint = "convert it"};
    return one;
}

TEST(OutputOfRuns, WhatIsUnknownIsNotZero) {
    dataflow::Run bare;
    bare.id = "r1";
    const std::string text = render(std::vector{bare}, Format::text, {});
    EXPECT_NE(text.find("\nr1  -        -         -     -        -       running\n"),
              std::string::npos)
        << text;
    const json::Json document = json::parse(render(std::vector{bare}, Format::json, {}))[0];
    for (const char* const key : {"createdAt", "startedAt", "completedAt", "durationSeconds",
                                  "read", "written", "failed"}) {
        EXPECT_TRUE(document.at(key).is_null()) << key;
    }
    EXPECT_EQ(document.at("errors"), json::Json::array());
}

TEST(OutputOfRuns, DurationIsThatOfAnEndedRun) {
    const std::pair<RunState, json::Json> cases[]{{RunState::succeeded, 252},
                                                  {RunState::running, nullptr}};
    for (const auto& [state, seconds] : cases) {
        const auto document = json::parse(render(std::vector{run(state)}, Format::json, {}))[0];
        EXPECT_EQ(document.at("durationSeconds"), seconds);
    }
    dataflow::Run backwards = run(RunState::failed);
    backwards.completed_at = 1;
    EXPECT_TRUE(json::parse(render(std::vector{backwards}, Format::ndjson, {}))
                    .at("durationSeconds")
                    .is_null());
    EXPECT_NE(render(std::vector{run(RunState::partly)}, Format::text, {}).find("4 min 12 s"),
              std::string::npos);
}

TEST(OutputOfDataflows, ScheduleAndMissingParts) {
    dataflow::Dataflow one;
    one.id = "f1";
    one.schedule = {.start = 1'700'000'000, .frequency = "minute", .interval = 15};
    EXPECT_NE(text_of(one, "prod").find("every 15 minutes, from 2023-11-14"), std::string::npos);
    one.schedule.backfill = false;
    EXPECT_NE(text_of(one, "prod").find(", without earlier rows\n"), std::string::npos);
    one.schedule.start = INT64_MAX;
    EXPECT_NE(text_of(one, "prod").find("every 15 minutes, without"), std::string::npos);
    const json::OrderedJson document = to_json(one);
    EXPECT_EQ(document.at("deltaColumn"), "");
    EXPECT_TRUE(document.at("lastRun").is_null());
    EXPECT_TRUE(document.at("options").is_null());
    EXPECT_EQ(document.at("schedule").at("interval"), 15);
}

TEST(OutputOfWhy, TheFirstLineSaysHowTheRunEnded) {
    const std::pair<RunState, std::string> cases[]{
        {RunState::failed, "Run r1 of dataflow \"Orders\" failed: Mapper Transform Error\n"},
        {RunState::partly,
         "Run r1 of dataflow \"Orders\" rejected 1 record: Mapper Transform Error\n"},
        {RunState::succeeded,
         "Run r1 of dataflow \"Orders\" succeeded, with a warning: Mapper Transform Error\n"},
        {RunState::running,
         "Run r1 of dataflow \"Orders\" has not ended yet: Mapper Transform Error\n"}};
    for (const auto& [state, line] : cases) {
        const std::string text = render(diagnosis(state), Format::text, {});
        EXPECT_TRUE(text.starts_with(line)) << text;
    }
    Diagnosis warned = diagnosis(RunState::partly);
    warned.run->failed = 0;
    EXPECT_TRUE(render(warned, Format::text, {})
                    .starts_with("Run r1 of dataflow \"Orders\" succeeded with errors: Mapper"));
    Diagnosis silent = diagnosis(RunState::failed);
    silent.cause.reset();
    EXPECT_TRUE(render(silent, Format::text, {})
                    .starts_with("Run r1 of dataflow \"Orders\" failed; the service gives no "
                                 "reason\n"));
    silent.run.reset();
    EXPECT_EQ(render(silent, Format::text, {}),
              "No run of dataflow \"Orders\" has failed, and none of the latest has errors.\n");
    EXPECT_EQ(render(silent, Format::id, {}), "");
}

TEST(OutputOfWhy, OneScreen) {
    EXPECT_EQ(render(diagnosis(RunState::failed), Format::text, {.columns = 60}),
              "Run r1 of dataflow \"Orders\" failed: Mapper Transform Error\n"
              "\n"
              "  code      MAPPER-3700-400\n"
              "  activity  promotion\n"
              "  started   " +
                  local_time(1'700'000'000'000) +
                  "\n"
                  "  duration  4 min 12 s\n"
                  "  read      100\n"
                  "  written   99\n"
                  "  failed    1\n"
                  "  dataflow  f1\n"
                  "\n"
                  "What to do: convert it\n");
}

TEST(OutputOfWhy, RejectedRowsAreThereOnlyIfAskedFor) {
    Diagnosis one = diagnosis(RunState::partly);
    EXPECT_FALSE(json::parse(render(one, Format::json, {})).contains("rejectedRows"));
    one.rejected_rows.emplace();
    EXPECT_NE(render(one, Format::text, {}).find("\nThe service has no rejected rows"),
              std::string::npos);
    EXPECT_EQ(json::parse(render(one, Format::json, {})).at("rejectedRows"), json::Json::array());
    one.rejected_rows->push_back(
        json::OrderedJson::parse(R"({"id":7,"name":"\u001b[31m","_errors":)"
                                 R"([{"code":"MAPPER-3700-400","message":"no date"}]})"));
    one.rejected_rows->emplace_back("not an object");
    const std::string text = render(one, Format::text, {});
    EXPECT_TRUE(
        text.ends_with("\nRejected rows:\n  MAPPER-3700-400: no date\n"
                       "    {\"id\":7,\"name\":\"\\u001b[31m\"}\n    \"not an object\"\n"))
        << text;
    const std::string narrow = render(one, Format::text, {.columns = 20, .ascii = true});
    EXPECT_NE(narrow.find("  MAPPER-3700-400:\n  no date\n"), std::string::npos) << narrow;
    EXPECT_TRUE(
        render(one, Format::text, {.columns = 14, .ascii = true}).ends_with("    \"not an o~\n"));
    EXPECT_EQ(json::parse(render(one, Format::json, {})).at("rejectedRows")[0].at("id"), 7);
}

TEST(OutputOfSchemas, FieldsWithTypes) {
    const lake::SchemaFields schema{
        {.id = "https://ns.adobe.com/acme/schemas/1",
         .alt_id = "",
         .title = "Orders",
         .version = "1.2"},
        {{.path = "_acme", .type = lake::Type::object},
         {.path = "_acme.at", .type = lake::Type::date_time, .required = true}}};
    EXPECT_EQ(render(schema, Format::text, {}),
              "PATH      TYPE       REQUIRED\n_acme     object\n_acme.at  date-time  required\n");
    EXPECT_EQ(render(schema, Format::id, {}), "_acme\n_acme.at\n");
    const json::Json document = json::parse(render(schema, Format::json, {}));
    EXPECT_EQ(document.at("title"), "Orders");
    EXPECT_EQ(document.at("altId"), "");
    EXPECT_EQ(document.at("fields")[1],
              (json::Json{{"path", "_acme.at"}, {"type", "date-time"}, {"required", true}}));
}

}  // namespace
}  // namespace bqconn::output
