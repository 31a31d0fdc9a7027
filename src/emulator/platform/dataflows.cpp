// Flow Service: what leads from a base connection to a dataflow (source connections, target
// connections, flows), and the runs of flows. A flow is stored with one run, which copies nothing.
#include <string>

#include "emulator/platform/connection_spec.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

// What other resources show of a connection.
Json id_and_spec(const Json& connection) {
    return {{"id", connection.at("id")}, {"connectionSpec", connection.at("connectionSpec")}};
}

void complete_source_connection(Json& source, const Call& call) {
    const auto connection =
        find_resource(call, Kind::connection, source.at("baseConnectionId"), 400);
    if (source.at("connectionSpec").at("id") != connection->at("connectionSpec").at("id")) {
        throw invalid_spec_id();
    }
    source["inheritedAttributes"] = {{"baseConnection", id_and_spec(*connection)}};
}

// The connections of that kind whose ids are in `field`.
Json inherited(const Json& flow, const std::string& field, Kind kind, const Call& call) {
    Json connections = Json::array();
    for (const Json& id : json::member(flow, field)) {
        if (!id.is_string()) {
            throw invalid_body(field + " must be an array of ids");
        }
        const auto found = find_resource(call, kind, id, 400);
        connections.push_back(id_and_spec(*found));
        connections.back().update(found->value("inheritedAttributes", Json::object()));
    }
    return connections;
}

// A run that has copied nothing.
Json run_of(const Json& flow, const Call& call) {
    Json run = new_resource(call.client, call.options);
    run.erase("state");
    const Json duration = {{"startedAtUTC", call.store.now()},
                           {"completedAtUTC", call.store.now()}};
    const Json records = {
        {"inputRecordCount", 0}, {"outputRecordCount", 0}, {"failedRecordCount", 0}};
    run.update({{"flowId", flow.at("id")},
                {"flowSpec", flow.at("flowSpec")},
                {"metrics",
                 {{"durationSummary", duration},
                  {"recordSummary", records},
                  {"statusSummary", {{"status", "success"}}}}},
                {"activities", Json::array()}});
    return run;
}

void complete_flow(Json& flow, const Call& call) {
    const Json sources = inherited(flow, "sourceConnectionIds", Kind::source_connection, call);
    if (sources.empty()) {
        throw invalid_body("sourceConnectionIds must be an array of ids");
    }
    flow["inheritedAttributes"] = {{"properties", {{"isSourceFlow", true}}},
                                   {"sourceConnections", sources},
                                   {"targetConnections", inherited(flow, "targetConnectionIds",
                                                                   Kind::target_connection, call)}};
    const bool is_new = !flow.contains("etag");
    flow["lastOperation"] = {{"started", call.store.now()},
                             {"updated", call.store.now()},
                             {"operation", is_new ? "create" : "update"}};
    if (is_new) {
        const auto run = call.store.add(Kind::run, *call.sandbox, run_of(flow, call));
        flow["runs"] = "/runs?property=flowId==" + flow.at("id").get<std::string>();
        flow["lastRunDetails"] = run->at("metrics").at("durationSummary");
        flow["lastRunDetails"].update({{"id", run->at("id")}, {"state", "success"}});
    }
}

}  // namespace

void add_dataflow_routes(Routes& routes) {
    using Type = Json::value_t;
    add_resource_routes(routes,
                        {.kind = Kind::source_connection,
                         .fields = {{"baseConnectionId", Type::string},
                                    {"connectionSpec.id", Type::string},
                                    {"connectionSpec.version", Type::string, Presence::optional},
                                    {"data", Type::object},
                                    {"params", Type::object, Presence::optional}},
                         .complete = complete_source_connection,
                         .patchable = {"/data/", "/params/"},
                         .derived = {"inheritedAttributes"}});
    add_resource_routes(routes,
                        {.kind = Kind::target_connection,
                         .fields = {{"connectionSpec.id", Type::string},
                                    {"connectionSpec.version", Type::string, Presence::optional},
                                    {"data", Type::object},
                                    {"params", Type::object, Presence::optional}},
                         .patchable = {"/data/", "/params/"}});
    add_resource_routes(
        routes, {.kind = Kind::flow,
                 .fields = {{"flowSpec.id", Type::string},
                            {"flowSpec.version", Type::string, Presence::optional},
                            {"sourceConnectionIds", Type::array},
                            {"targetConnectionIds", Type::array, Presence::optional},
                            {"transformations", Type::array, Presence::optional},
                            {"scheduleParams", Type::object, Presence::optional},
                            {"options", Type::object, Presence::optional}},
                 .complete = complete_flow,
                 .patchable = {"/transformations/", "/scheduleParams/", "/options", "/options/"},
                 .derived = {"inheritedAttributes", "lastOperation", "lastRunDetails", "runs"}});
    add_resource_routes(routes, {.kind = Kind::run,
                                 .derived = {"flowId", "flowSpec", "metrics", "activities"},
                                 .read_only = true});
}

}  // namespace bqconn::emulator
