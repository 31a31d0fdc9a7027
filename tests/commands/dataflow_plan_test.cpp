// The plan of a new dataflow from the settings of a manifest: what it holds, and that each problem
// names the line of its setting. dataflow_change_test.cpp has the same from flags.
#include "commands/dataflow_plan.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bqconn/core/text.hpp"
#include "support/dataflow_documents.hpp"
#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/samples.hpp"
#include "support/temporary_file.hpp"

namespace bqconn::commands {
namespace {

using json::Json;
using tests::error_of;
using tests::FakeTransport;

using Values = std::map<Setting, std::string>;

// Each value is on a line of its own, from line 10.
config::Settings manifest_settings(const Values& values) {
    config::Settings settings;
    std::size_t line = 10;
    for (const auto& [setting, value] : values) {
        settings.set(setting, value,
                     config::Source{.kind = config::Source::Kind::manifest,
                                    .name = std::string(config::spec_of(setting).flag.substr(2)),
                                    .file = "bqconn.yaml",
                                    .line = line++});
    }
    return settings;
}

Draft drafted(const config::Settings& settings, const Flags& flags = {}) {
    const Clock clock{.now = [] { return std::chrono::steady_clock::time_point(); },
                      .date = [] { return std::chrono::sys_seconds(std::chrono::seconds(1000)); },
                      .random = [] { return 0.0; },
                      .pause = [](std::chrono::milliseconds) { return true; }};
    const std::vector<std::string> operands;
    return draft_of(clock, Task{settings, flags, operands, Format::text});
}

RunReads one_by_one(flow::FlowService& service) {
    return [&service](const std::vector<Session::Read>& reads) {
        for (const auto& read : reads) {
            read(service);
        }
    };
}

Planned planned(FakeTransport& transport, const Values& values) {
    const config::Settings settings = manifest_settings(values);
    flow::FlowService service = tests::service_over(transport);
    return plan_dataflow(settings, drafted(settings), service, one_by_one(service), "b");
}

constexpr const char* base_document = R"({"items":[{"id":"b","etag":"\"1\"","name":"n"}]})";
constexpr const char* columns_document =
    R"({"format":"flat","schema":{"columns":[{"name":"id","xdm":{"type":"string"}},)"
    R"({"name":"changed","xdm":{"type":"string","format":"date-time"}},)"
    R"({"name":"total","xdm":{"type":"number"}}]}})";
constexpr const char* fields_document =
    R"({"$id":"https://ns.adobe.com/acme/schemas/1","title":"Orders","version":"1.0",)"
    R"("type":"object","required":["orderId"],)"
    R"("properties":{"orderId":{"type":"string"},"city":{"type":"string"}}})";

// Of the dataset "Orders", its schema and the flow spec.
void answer_other_reads(FakeTransport& transport) {
    transport.answer(
        200,
        Json{{"0123456789abcdef01234567",
              {{"name", "Orders"}, {"schemaRef", {{"id", "https://ns.adobe.com/acme/schemas/1"}}}}}}
            .dump());
    transport.answer(200, fields_document);
    transport.answer(
        200, tests::items_of({{{"sourceConnectionSpecIds", {connection::bigquery_spec_id}}}}));
}

const Values complete{{Setting::table, "shop.orders"}, {Setting::into, "Orders"},
                      {Setting::map, "id=orderId"},    {Setting::every, "2h"},
                      {Setting::delta, "changed"},     {Setting::partial, "2.5"}};

TEST(DataflowPlan, HoldsWhatTheSettingsAndTheServiceSay) {
    FakeTransport transport;
    transport.answer(200, base_document);
    transport.answer(200, columns_document);
    answer_other_reads(transport);
    transport.answer(200, tests::source_document);
    transport.answer(200, tests::flow_document());
    transport.answer(200, R"({"validationResponse":[{"status":"SUCCESS"}]})");
    Values values = complete;
    values.insert({{Setting::columns, "id, changed"}, {Setting::start, "+2h"}});
    const auto [plan, readers] = planned(transport, values);
    EXPECT_EQ(plan.name, "shop.orders to Orders");
    EXPECT_EQ(plan.base_connection_id, "b");
    EXPECT_EQ(plan.dataset_id, "0123456789abcdef01234567");
    EXPECT_EQ(plan.schema_id, "https://ns.adobe.com/acme/schemas/1");
    EXPECT_EQ(plan.columns, Json::parse(R"([{"name":"id","xdm":{"type":"string"}},
                  {"name":"changed","xdm":{"type":"string","format":"date-time"}}])"));
    EXPECT_EQ(plan.mappings, (lake::Mappings{{lake::Kind::attribute, "id", "orderId"}}));
    EXPECT_EQ(plan.delta_column, "changed");
    EXPECT_EQ(plan.schedule.frequency, "hour");
    EXPECT_EQ(plan.schedule.interval, 2);
    EXPECT_EQ(plan.schedule.start, 8200);
    EXPECT_EQ(plan.partial_percent, 2.5);
    ASSERT_EQ(readers.size(), 1U);
    EXPECT_EQ(readers[0].id, "f");
}

TEST(DataflowPlan, ScheduleProblemsNameTheirLine) {
    struct Row {
        Values values;  // besides the table, which is on line 10
        Flags flags;
        const char* problem;
    };
    for (const Row& row : std::vector<Row>{
             {{{Setting::every, "1h"}},
              {Flag::once},
              "bqconn.yaml:11: every and once cannot be combined"},
             {{{Setting::every, "1h"}},
              {},
              "delta is missing: name the column by which each run finds new rows"},
             {{}, {}, "every or once is missing: set how often it runs"},
             {{{Setting::delta, "changed"}},
              {Flag::once},
              "bqconn.yaml:11: delta cannot be combined with once, which copies all rows"},
             {{},
              {Flag::once, Flag::no_backfill},
              "backfill cannot be combined with once, which copies all rows"},
             {{{Setting::start, "1970-01-01T00:00:00Z"}},
              {Flag::once},
              "bqconn.yaml:11: start: 1970-01-01T00:00:00Z is in the past"}}) {
        Values values = row.values;
        values[Setting::table] = "shop.orders";
        const Error error = error_of([&] { drafted(manifest_settings(values), row.flags); });
        EXPECT_EQ(error.message(), std::string("the dataflow cannot be created: ") + row.problem);
        EXPECT_EQ(error.exit_code(), ExitCode::config);
    }
}

// The problems that an Error lists, each on a line.
std::vector<std::string> listed(const Error& error) {
    EXPECT_EQ(error.code(), "config.dataflow") << error.message();
    auto lines = split(error.message(), '\n');
    lines.erase(lines.begin());
    return lines;
}

// "bqconn.yaml:12: delta", as manifest_settings() numbers the lines.
std::string place_in(const Values& values, Setting setting) {
    return describe(manifest_settings(values).source(setting));
}

TEST(DataflowPlan, ProblemsNameTheirLine) {
    const test::TemporaryFile filter(
        R"({"type":"PQL","value":{"nodeType":"fieldLookup","fieldName":"country"}})");
    Values values = complete;
    values[Setting::map] = "total=city\nname=city";
    values[Setting::delta] = "total";
    values[Setting::columns] = "id,id";
    values[Setting::filter] = filter.path();
    FakeTransport transport;
    transport.answer(200, base_document);
    transport.answer(200, columns_document);
    answer_other_reads(transport);
    transport.answer(200, tests::items_of({}));
    const auto at = [&](Setting setting) { return "  " + place_in(values, setting); };
    EXPECT_EQ(
        listed(error_of([&] { planned(transport, values); })),
        (std::vector<std::string>{
            at(Setting::delta) + ": the column \"total\" is of type number, not a date or "
                                 "time; use one of: changed",
            at(Setting::columns) + ": \"id\" is named twice",
            at(Setting::columns) + ": the delta column \"total\" is missing: each run reads it",
            at(Setting::filter) + ": the table has no column \"country\"",
            at(Setting::map) + " 1: " + place_in(values, Setting::columns) +
                " has no column \"total\"",
            at(Setting::map) + " 2: " + place_in(values, Setting::columns) +
                " has no column \"name\"",
            at(Setting::map) + ": the required field \"orderId\" has no mapping"}));
}

TEST(DataflowPlan, ProblemsOfTableAndDatasetNameTheirLine) {
    FakeTransport transport;
    transport.answer(200, base_document);
    transport.answer(200, R"({"format":"flat","schema":{"columns":[]}})");
    transport.answer(200, "{}");
    transport.answer(200, "{}");
    transport.answer(
        200, tests::items_of({{{"sourceConnectionSpecIds", {connection::bigquery_spec_id}}}}));
    transport.answer(200, tests::items_of({}));
    EXPECT_EQ(listed(error_of([&] { planned(transport, complete); })),
              (std::vector<std::string>{
                  "  " + place_in(complete, Setting::table) +
                      ": the service reports no columns of shop.orders",
                  "  " + place_in(complete, Setting::into) +
                      ": no dataset in sandbox prod is named \"Orders\" (bqconn datasets lists "
                      "them)"}));
}

TEST(DataflowPlan, ANewMappingNamesItsLine) {
    const dataflow::Dataflow one = [] {
        dataflow::Dataflow flow;
        flow.id = "f";
        flow.source_ids = {"s"};
        flow.target_ids = {"t"};
        return flow;
    }();
    Values values = complete;
    values[Setting::map] = "unread=city";
    FakeTransport transport;
    transport.answer(200, tests::source_document);
    transport.answer(200, columns_document);
    transport.answer(200, tests::target_document);
    transport.answer(200, fields_document);
    flow::FlowService service = tests::service_over(transport);
    const Error error = error_of(
        [&] { checked_mapping(manifest_settings(values), "", service, one_by_one(service), one); });
    EXPECT_EQ(listed(error),
              (std::vector<std::string>{"  " + place_in(values, Setting::map) +
                                            " 1: the dataflow reads no column \"unread\"",
                                        "  " + place_in(values, Setting::map) +
                                            ": the required field \"orderId\" has no mapping"}));
}

}  // namespace
}  // namespace bqconn::commands
