// The plan of a new dataflow from the settings of a manifest: what it holds, and that each problem
// names the line of its setting. dataflow_change_test.cpp has the same from flags.
#include "commands/dataflow_plan.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bqconn/core/text.hpp"
#include "support/dataflow_documents.hpp"
#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/samples.hpp"

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

RunReads one_by_one(flow::FlowService& service) {
    return [&service](const std::vector<Session::Read>& reads) {
        for (const auto& read : reads) {
            read(service);
        }
    };
}

Planned planned(FakeTransport& transport, const Values& values, const std::string& filter = {}) {
    const config::Settings settings = manifest_settings(values);
    flow::FlowService service = tests::service_over(transport);
    return plan_dataflow(settings,
                         {.schedule = {.frequency = "hour", .interval = 2}, .filter = filter},
                         service, one_by_one(service), "b");
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
    values[Setting::columns] = "id, changed";
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
    EXPECT_EQ(plan.partial_percent, 2.5);
    ASSERT_EQ(readers.size(), 1U);
    EXPECT_EQ(readers[0].id, "f");
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
    constexpr const char* filter =
        R"({"type":"PQL","value":{"nodeType":"fieldLookup","fieldName":"country"}})";
    Values values = complete;
    values[Setting::map] = "total=city\nname=city";
    values[Setting::delta] = "total";
    values[Setting::columns] = "id,id";
    values[Setting::filter] = "filter.json";
    FakeTransport transport;
    transport.answer(200, base_document);
    transport.answer(200, columns_document);
    answer_other_reads(transport);
    transport.answer(200, tests::items_of({}));
    const auto at = [&](Setting setting) { return "  " + place_in(values, setting); };
    EXPECT_EQ(
        listed(error_of([&] { planned(transport, values, filter); })),
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
                      ": the service reports no columns for shop.orders",
                  "  " + place_in(complete, Setting::into) +
                      ": no dataset in sandbox prod is named \"Orders\" (list the datasets with "
                      "bqconn datasets)"}));
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
