#include "bqconn/dataflow/change.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/samples.hpp"

namespace bqconn::dataflow {
namespace {

using json::Json;
using tests::error_of;
using tests::FakeTransport;

const Clock clock_without_waiting{
    .now = [] { return std::chrono::steady_clock::time_point(); },
    .date = [] { return std::chrono::sys_seconds(); },
    .random = [] { return 0.0; },
    .pause = [](std::chrono::milliseconds) { return true; },
};

Plan plan() {
    return {.name = "Orders",
            .description = "from the shop",
            .base_connection_id = "base",
            .table = "shop.orders",
            .columns = {{{"name", "order_id"}}},
            .filter = nullptr,
            .dataset_id = "dataset",
            .schema_id = "schema",
            .mappings = {{lake::Kind::attribute, "order_id", "_id"}},
            .delta_column = "ordered_at",
            .schedule = {.start = 5, .frequency = "hour", .interval = 1},
            .partial_percent = 2.5};
}

// The answer to the POST of a part: its id is its number.
void answer_post(FakeTransport& transport, Part part) {
    const std::string id = std::to_string(static_cast<int>(part));
    if (part == Part::mapping) {
        transport.answer(200, R"({"id":")" + id + R"(","version":4})");
    } else {
        transport.answer(201, R"({"id":")" + id + R"(","etag":"\"e\""})");
    }
}

// The methods and paths of all requests: "POST /flows DELETE /flows/1".
std::string calls_of(const FakeTransport& transport) {
    std::string calls;
    for (const auto& request : transport.requests()) {
        const std::string path = request.url.substr(request.url.find("/data/foundation/") + 17);
        calls += std::string(http::name_of(request.method)) + path.substr(path.find('/')) + " ";
    }
    return calls;
}

struct Attempt {
    Chain chain;
    std::string made;
};

Attempt create(FakeTransport& transport, Chain chain = {}) {
    flow::FlowService service = tests::service_over(transport);
    Attempt attempt{std::move(chain), ""};
    create_parts(service, plan(), attempt.chain, clock_without_waiting,
                 [&](Part part, const std::string& id) {
                     attempt.made += std::string(name_of(part)) + " " + id + "; ";
                 });
    return attempt;
}

TEST(CreateParts, SendsFourBodiesInOrder) {
    FakeTransport transport;
    for (const Part part : parts) {
        answer_post(transport, part);
    }
    const Attempt attempt = create(transport);
    EXPECT_EQ(attempt.made,
              "source connection 0; target connection 1; mapping set 2; dataflow 3; ");
    EXPECT_EQ(attempt.chain.etag, "\"e\"");
    EXPECT_EQ(calls_of(transport),
              "POST/sourceConnections POST/targetConnections POST/mappingSets POST/flows ");
    const auto body = [&](std::size_t i) {
        return Json::parse(transport.requests()[i].body.reveal());
    };
    EXPECT_EQ(body(0), Json::parse(R"({"name":"Orders","baseConnectionId":"base",
        "data":{"format":"tabular"},"params":{"tableName":"shop.orders",
        "columns":[{"name":"order_id"}]},
        "connectionSpec":{"id":"3c9b37f8-13a6-43d8-bad3-b863b941fedd","version":"1.0"}})"));
    EXPECT_EQ(body(1), Json::parse(R"({"name":"Orders","data":{"schema":{"id":"schema",
        "version":"application/vnd.adobe.xed-full+json;version=1"}},
        "params":{"dataSetId":"dataset"},
        "connectionSpec":{"id":"c604ff05-7f1a-43c0-8e18-33bf874cb11c","version":"1.0"}})"));
    EXPECT_EQ(body(2), Json::parse(R"({"name":"Orders","outputSchema":{"schemaRef":{"id":"schema",
        "contentType":"application/vnd.adobe.xed-full+json;version=1"}},
        "mappings":[{"sourceType":"ATTRIBUTE","source":"order_id","destination":"_id"}]})"));
    EXPECT_EQ(body(3), Json::parse(R"({"name":"Orders","description":"from the shop",
        "flowSpec":{"id":"14518937-270c-4525-bdec-c2ba7cce3860","version":"1.0"},
        "sourceConnectionIds":["0"],"targetConnectionIds":["1"],
        "transformations":[{"name":"Copy","params":{"deltaColumn":{"name":"ordered_at"}}},
            {"name":"Mapping","params":{"mappingId":"2","mappingVersion":4}}],
        "options":{"errorDiagnosticsEnabled":true,"partialIngestionPercent":2.5},
        "scheduleParams":{"startTime":5,"frequency":"hour","interval":1,"backfill":true}})"));
    for (const auto& request : transport.requests()) {
        EXPECT_EQ(request.retry, http::Retry::create);
    }
}

// In reverse: what the parts before the refused one answer to their DELETE.
constexpr std::string_view of_source = "DELETE/sourceConnections/0 ";
constexpr std::string_view of_target_and_source =
    "DELETE/targetConnections/1 DELETE/sourceConnections/0 ";
constexpr std::string_view of_all =
    "DELETE/mappingSets/2 DELETE/targetConnections/1 DELETE/sourceConnections/0 ";
constexpr std::string_view removals[] = {"", of_source, of_target_and_source, of_all};

TEST(CreateParts, ARefusalRemovesWhatThisRunCreated) {
    for (std::size_t refused = 0; refused < parts.size(); ++refused) {
        FakeTransport transport;
        for (std::size_t i = 0; i < refused; ++i) {
            answer_post(transport, parts[i]);
        }
        transport.answer(400, R"({"title":"no such thing"})");
        for (std::size_t i = 0; i < refused; ++i) {
            transport.answer(204, "");
        }
        const Error error = error_of([&] { create(transport); });
        EXPECT_EQ(error.exit_code(), ExitCode::rejected) << error.message();
        EXPECT_NE(error.message().find(std::string(name_of(parts[refused])) + " was not created"),
                  std::string::npos)
            << error.message();
        EXPECT_TRUE(calls_of(transport).ends_with(removals[refused])) << calls_of(transport);
        EXPECT_EQ(transport.requests().size(), 2 * refused + 1);
    }
}

TEST(CreateParts, WhatCannotBeTakenAwayIsListed) {
    FakeTransport transport;
    answer_post(transport, Part::source);
    answer_post(transport, Part::target);
    transport.answer(400, R"({"title":"no such thing"})");
    transport.answer(204, "");
    transport.answer(403, R"({"title":"not allowed"})");
    const Error error = error_of([&] { create(transport); });
    EXPECT_EQ(error.exit_code(), ExitCode::partial);
    EXPECT_NE(error.message().find("source connection  0: not allowed"), std::string::npos)
        << error.message();
    EXPECT_EQ(error.message().find("target connection  1"), std::string::npos);
    EXPECT_NE(error.hint().find("bqconn dataflow delete --leftovers --name 'Orders'"),
              std::string::npos);
}

TEST(CreateParts, AnUnknownOutcomeRemovesNothing) {
    for (std::size_t lost = 0; lost < parts.size(); ++lost) {
        for (const bool answered : {false, true}) {
            FakeTransport transport;
            for (std::size_t i = 0; i < lost; ++i) {
                answer_post(transport, parts[i]);
            }
            if (answered) {
                transport.answer(parts[lost] == Part::mapping ? 200 : 201, R"({"id":"../x"})");
            } else {
                transport.fail(http::Sent::maybe);
            }
            const Error error = error_of([&] { create(transport); });
            EXPECT_EQ(error.exit_code(), ExitCode::unknown);
            EXPECT_EQ(transport.requests().size(), lost + 1) << "nothing is sent after it";
            for (std::size_t i = 0; i < lost; ++i) {
                EXPECT_NE(
                    error.message().find(std::string(name_of(parts[i])) + "  " + std::to_string(i)),
                    std::string::npos)
                    << error.message();
            }
            EXPECT_TRUE(error.hint().starts_with("to continue, run the same command with --resume"))
                << error.hint();
        }
    }
}

TEST(CreateParts, AnInterruptionRemovesNothing) {
    FakeTransport transport;
    answer_post(transport, Part::source);
    transport.fail(http::Sent::no, code::interrupted);
    const Error error = error_of([&] { create(transport); });
    EXPECT_EQ(error.code(), code::interrupted);
    EXPECT_EQ(error.exit_code(), ExitCode::partial) << "an object was created";
    EXPECT_NE(error.message().find("source connection  0"), std::string::npos);
    EXPECT_EQ(transport.requests().size(), 2U);
}

TEST(CreateParts, GoesOnWithWhatExists) {
    Chain chain;
    chain[Part::source] = "s";
    chain[Part::mapping] = "m";
    chain.mapping_version = "7";
    FakeTransport transport;
    answer_post(transport, Part::target);
    transport.answer(400, "{}");
    transport.answer(204, "");
    EXPECT_EQ(error_of([&] { create(transport, chain); }).exit_code(), ExitCode::rejected);
    EXPECT_EQ(calls_of(transport), "POST/targetConnections POST/flows DELETE/targetConnections/1 ")
        << "what was there before stays";
    const Json flow = Json::parse(transport.requests()[1].body.reveal());
    EXPECT_EQ(flow.at("sourceConnectionIds"), Json({"s"}));
    EXPECT_EQ(flow.at("transformations").at(1).at("params").at("mappingVersion"), 7);
}

// --- What is there already

Json source_item(const std::string& id, const Json& params) {
    return {{"id", id}, {"name", "Orders"}, {"baseConnectionId", "base"}, {"params", params}};
}

const Json good_params = {
    {"tableName", "shop.orders"}, {"columns", {{{"name", "order_id"}}}}, {"cdcEnabled", false}};

std::string list(const Json& items) {
    return Json{{"items", items}, {"_links", Json::object()}}.dump();
}

Chain found(const Json& sources, const Json& targets, const Json& flows, const char* sets,
            Unfit unfit = Unfit::refused) {
    FakeTransport transport;
    transport.answer(200, list(sources));
    transport.answer(200, list(targets));
    if (!sources.empty() || !targets.empty()) {
        transport.answer(200, list(flows));
    }
    if (sets != nullptr) {
        transport.answer(200, sets);
    }
    flow::FlowService service = tests::service_over(transport);
    return find_parts(service, plan(), unfit);
}

const Json target = {{"id", "t"}, {"name", "Orders"}, {"params", {{"dataSetId", "dataset"}}}};
const Json other_target = {{"id", "x"}, {"name", "Orders"}, {"params", {{"dataSetId", "other"}}}};
constexpr const char* own_set =
    R"({"data":[{"id":"m","name":"Orders","version":1,"xdmSchema":"schema",)"
    R"("mappings":[{"source":"order_id","destination":"_id"}]}]})";
const Json used_flow = {{"id", "f"},
                        {"name", "another"},
                        {"etag", "\"e\""},
                        {"flowSpec", {{"id", flow_spec_id}}},
                        {"sourceConnectionIds", {"used"}},
                        {"targetConnectionIds", {"t2"}}};

TEST(FindParts, UnusedObjectsOfTheNameAreFound) {
    const Chain chain = found({source_item("used", good_params), source_item("s", good_params)},
                              {target, other_target}, Json::array({used_flow}), own_set);
    EXPECT_EQ(chain[Part::source], "s");
    EXPECT_EQ(chain[Part::target], "t");
    EXPECT_EQ(chain[Part::mapping], "m");
    EXPECT_EQ(chain.mapping_version, "1");
    EXPECT_EQ(chain[Part::flow], "");
    EXPECT_EQ(found(Json::array(), Json::array(), Json::array(), nullptr).ids, Chain().ids);
}

constexpr const char* own_mapping =
    R"({"id":"m","xdmSchema":"schema","mappings":[{"source":"order_id","destination":"_id"}]})";

Json whole_flow(const Json& changes = Json::object()) {
    Json flow = used_flow;
    flow.update({{"name", "Orders"},
                 {"description", "from the shop"},
                 {"targetConnectionIds", {"t"}},
                 {"transformations",
                  {{{"name", "Copy"}, {"params", {{"deltaColumn", {{"name", "ordered_at"}}}}}},
                   {{"name", "Mapping"}, {"params", {{"mappingId", "m"}}}}}},
                 {"options", {{"partialIngestionPercent", 2.5}}},
                 {"scheduleParams", {{"frequency", "hour"}, {"interval", "1"}}}});
    flow.update(changes);
    return flow;
}

TEST(FindParts, AWholeDataflowIsFoundIfItIsAsPlanned) {
    const auto reading = [](const Json& changes) {
        Json params = good_params;
        params.update(changes);
        return Json::array({source_item("used", params)});
    };
    const Json sources = reading(Json::object());
    const Json targets = Json::array({target});
    const Chain chain = found(sources, targets, Json::array({whole_flow()}), own_mapping);
    EXPECT_EQ(chain[Part::flow], "f");
    EXPECT_EQ(chain[Part::source], "used");
    EXPECT_EQ(chain.etag, "\"e\"");
    for (const Json& change :
         {Json{{"scheduleParams", {{"frequency", "once"}}}}, Json{{"description", "another"}},
          Json{{"options", Json::object()}},
          Json{{"scheduleParams",
                {{"frequency", "hour"}, {"interval", "1"}, {"backfill", "false"}}}}}) {
        EXPECT_EQ(error_of([&] {
                      found(sources, targets, Json::array({whole_flow(change)}), nullptr);
                  }).code(),
                  "conflict.dataflow_parts")
            << change;
    }
    for (const Json& change :
         {Json{{"tableName", "shop.others"}}, Json{{"filters", {{"type", "PQL"}}}},
          Json{{"columns", {{{"name", "total"}}}}}}) {
        EXPECT_EQ(error_of([&] {
                      found(reading(change), targets, Json::array({whole_flow()}), nullptr);
                  }).code(),
                  "conflict.dataflow_parts")
            << change;
    }
}

TEST(FindParts, UnusedObjectsComeBeforeAWholeDataflow) {
    const Chain chain = found({source_item("used", good_params), source_item("s", good_params)},
                              Json::array({target}), Json::array({whole_flow()}), R"({"data":[]})");
    EXPECT_EQ(chain[Part::source], "s");
    EXPECT_EQ(chain[Part::flow], "") << "another create was not completed";
}

TEST(FindParts, SeveralOrOtherObjectsAreRefused) {
    Json other_columns = good_params;
    other_columns["columns"] = {{{"name", "total"}}};
    const auto refused = [](const Json& sources, const char* sets) {
        return error_of([&] { found(sources, Json::array({target}), Json::array(), sets); }).code();
    };
    EXPECT_EQ(refused({source_item("a", good_params), source_item("b", good_params)}, nullptr),
              "conflict.dataflow_parts");
    EXPECT_EQ(refused(Json::array({source_item("a", other_columns)}), nullptr),
              "conflict.dataflow_parts");
    Json with_filter = good_params;
    with_filter["filters"] = {{"type", "PQL"}};
    EXPECT_EQ(refused(Json::array({source_item("a", with_filter)}), nullptr),
              "conflict.dataflow_parts");
    EXPECT_EQ(
        refused(Json::array(),
                R"({"data":[{"id":"m","name":"Orders","xdmSchema":"schema","mappings":[]}]})"),
        "conflict.dataflow_parts");
}

TEST(FindParts, WhatDoesNotFitIsIgnoredIfAsked) {
    Json with_filter = good_params;
    with_filter["filters"] = {{"type", "PQL"}};
    Json second_target = target;
    second_target["id"] = "t3";
    const Json sources = {source_item("used", good_params), source_item("other", with_filter),
                          source_item("first", good_params), source_item("second", good_params)};
    constexpr const char* sets =
        R"({"data":[{"id":"x","name":"Orders","version":1,"xdmSchema":"schema","mappings":[]},)"
        R"({"id":"m","name":"Orders","version":2,"xdmSchema":"schema",)"
        R"("mappings":[{"source":"order_id","destination":"_id"}]},)"
        R"({"id":"n","name":"Orders","version":3,"xdmSchema":"schema",)"
        R"("mappings":[{"source":"order_id","destination":"_id"}]}]})";
    const Chain chain = found(sources, {other_target, target, second_target},
                              Json::array({used_flow}), sets, Unfit::ignored);
    EXPECT_EQ(chain.ids, (std::array<std::string, 4>{"first", "t", "m", ""}));
    EXPECT_EQ(chain.mapping_version, "2") << "of the mapping set that is used";
    EXPECT_EQ(
        found(Json::array({source_item("used", good_params)}), Json::array({target}),
              Json::array({whole_flow({{"description", "another"}})}), nullptr, Unfit::ignored)
            .ids,
        Chain().ids)
        << "a whole dataflow";
}

// --- Changes of one dataflow

Dataflow flow_of(const char* id, std::vector<std::string> sources, std::vector<std::string> targets,
                 const char* mapping) {
    Dataflow one;
    one.id = id;
    one.name = "Orders";
    one.source_ids = std::move(sources);
    one.target_ids = std::move(targets);
    one.mapping_id = mapping;
    return one;
}

const Dataflow existing_flow = flow_of("f", {"s"}, {"t"}, "m");

Users users_of(std::initializer_list<Dataflow> flows) {
    Users users;
    for (const auto& one : flows) {
        add_uses(one, users);
    }
    return users;
}

TEST(RemoveChain, DeletesWhatNoOtherDataflowUses) {
    struct Row {
        Dataflow other;
        const char* calls = nullptr;
    };
    for (const Row& row : {
             Row{flow_of("g", {}, {}, ""),
                 "DELETE/flows/f DELETE/targetConnections/t DELETE/sourceConnections/s "
                 "DELETE/mappingSets/m "},
             Row{flow_of("g", {}, {}, "m"),
                 "DELETE/flows/f DELETE/targetConnections/t DELETE/sourceConnections/s "},
             Row{flow_of("g", {"s"}, {"t"}, "n"), "DELETE/flows/f DELETE/mappingSets/m "},
         }) {
        FakeTransport transport;
        for (const char* at = row.calls; (at = std::strstr(at, "DELETE")) != nullptr; ++at) {
            transport.answer(204, "");
        }
        flow::FlowService service = tests::service_over(transport);
        remove_chain(service, existing_flow, users_of({existing_flow, row.other}),
                     clock_without_waiting);
        EXPECT_EQ(calls_of(transport), row.calls);
    }
    FakeTransport transport;
    for (int part = 0; part < 4; ++part) {
        transport.answer(404, "{}");
        transport.answer(404, "{}");  // the read after it
    }
    flow::FlowService service = tests::service_over(transport);
    remove_chain(service, existing_flow, {}, clock_without_waiting);
    EXPECT_EQ(transport.requests().size(), 8U) << "what is absent is passed over";
}

TEST(RemoveChain, AFailureNamesWhatIsLeft) {
    const auto failing = [](FakeTransport& transport) {
        flow::FlowService service = tests::service_over(transport);
        return error_of([&] { remove_chain(service, existing_flow, {}, clock_without_waiting); });
    };
    FakeTransport first;
    first.answer(403, R"({"title":"not allowed"})");
    EXPECT_EQ(failing(first).exit_code(), ExitCode::auth) << "nothing was deleted";

    FakeTransport second;
    second.answer(204, "");
    second.answer(403, R"({"title":"not allowed"})");
    const Error refused = failing(second);
    EXPECT_EQ(refused.exit_code(), ExitCode::partial);
    EXPECT_TRUE(
        refused.message().ends_with("\nthese were deleted:\n  dataflow  f"
                                    "\nthese are left:\n  target connection  t"
                                    "\n  source connection  s\n  mapping set  m"))
        << refused.message();
    EXPECT_EQ(refused.hint(),
              "fix the cause, then remove what is left: bqconn dataflow delete --leftovers --name "
              "'Orders'");

    FakeTransport lost;
    lost.answer(204, "");
    lost.answer(204, "");
    lost.answer(502, "");
    for (int looks = 0; looks < 3; ++looks) {
        lost.answer(200, R"({"items":[{"id":"s"}]})");
    }
    const Error unknown = failing(lost);
    EXPECT_EQ(unknown.exit_code(), ExitCode::unknown);
    EXPECT_TRUE(unknown.message().starts_with("the source connection may or may not have been "))
        << unknown.message();
    EXPECT_TRUE(unknown.message().ends_with("\nthese are left:\n  mapping set  m"))
        << unknown.message();
}

TEST(Operations, OptionsKeepWhatIsNotTheirs) {
    Dataflow one = existing_flow;
    EXPECT_EQ(options_operation(one, 2.5), Json::parse(R"({"op":"add","path":"/options","value":
                  {"errorDiagnosticsEnabled":true,"partialIngestionPercent":2.5}})"));
    one.options = {{"partialIngestionPercent", 5}, {"another", 1}};
    EXPECT_EQ(options_operation(one, std::nullopt),
              Json::parse(R"({"op":"replace","path":"/options","value":
                  {"errorDiagnosticsEnabled":true,"another":1}})"));
}

TEST(RemovePart, OutcomesOfEveryAnswer) {
    struct Row {
        int status;
        int looked;  // the status of the read after it; 0: none
        flow::Outcome outcome;
    };
    for (const Row& row :
         {Row{204, 0, flow::Outcome::deleted}, Row{200, 0, flow::Outcome::deleted},
          Row{202, 404, flow::Outcome::deleted}, Row{404, 404, flow::Outcome::absent},
          Row{400, 404, flow::Outcome::absent}, Row{502, 404, flow::Outcome::recovered}}) {
        for (const Part part : parts) {
            FakeTransport transport;
            transport.answer(row.status, "");
            if (row.looked != 0) {
                transport.answer(row.looked, "{}");
            }
            flow::FlowService service = tests::service_over(transport);
            EXPECT_EQ(remove_part(service, part, "0", clock_without_waiting), row.outcome)
                << row.status << name_of(part);
        }
    }
    FakeTransport slow;
    slow.answer(202, "");
    for (int looks = 0; looks < 3; ++looks) {
        slow.answer(200, R"({"items":[{"id":"0"}]})");
    }
    flow::FlowService slow_service = tests::service_over(slow);
    EXPECT_EQ(
        error_of([&] {
            remove_part(slow_service, Part::source, "0", clock_without_waiting);
        }).message(),
        "the source connection may or may not have been deleted: the request was sent, but the "
        "service has only accepted it (HTTP 202); it still existed when last checked");
    FakeTransport refused;
    refused.answer(400, R"({"type":"https://ns.adobe.com/aep/errors/FLOW-1447-400"})");
    refused.answer(200, R"({"items":[{"id":"0"}]})");
    flow::FlowService service = tests::service_over(refused);
    EXPECT_EQ(
        error_of([&] { remove_part(service, Part::source, "0", clock_without_waiting); }).code(),
        "rejected.in_use");
}

TEST(Runs, BeginWithABareIdOrAList) {
    for (const char* const body : {R"({"id":"r","etag":"e"})", R"({"items":[{"id":"r"}]})"}) {
        FakeTransport transport;
        transport.answer(200, body);
        flow::FlowService service = tests::service_over(transport);
        EXPECT_EQ(retry_run(service, "old", "f"), "r") << body;
        EXPECT_EQ(calls_of(transport), "POST/runs/old/action?op=re-trigger ");
    }
    FakeTransport transport;
    transport.answer(200, "{}");
    flow::FlowService service = tests::service_over(transport);
    EXPECT_EQ(error_of([&] {
                  start_run(service, {{"flowId", "f"}});
              }).exit_code(),
              ExitCode::unknown)
        << "it may have started";
}

}  // namespace
}  // namespace bqconn::dataflow
