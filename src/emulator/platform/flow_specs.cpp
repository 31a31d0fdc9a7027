// Flow Service: the flow specs, from a table and from files to the data lake.
#include <string>

#include "emulator/platform/connection_spec.hpp"
#include "emulator/platform/dataflows.hpp"

namespace bqconn::emulator {
namespace {

// What both flow specs have.
const Json& common_spec() {
    static const Json spec = json::parse(R"({
"version": "1.0",
"transformationSpec": [
  {"name": "Copy", "spec": {"type": "object", "properties": {"deltaColumn": {
    "type": "object", "properties": {"name": {"type": "string"}, "dateFormat": {"type": "string"},
                                     "timezone": {"type": "string"}},
    "required": ["name"]}}}},
  {"name": "Mapping", "spec": {"type": "object", "properties": {
    "mappingId": {"type": "string"}, "mappingVersion": {"type": "string"}}}}],
"scheduleSpec": {"name": "PeriodicSchedule", "type": "Periodic", "spec": {
  "type": "object",
  "properties": {
    "startTime": {"type": "integer", "description": "Epoch time in seconds"},
    "frequency": {"type": "string", "enum": ["once", "minute", "hour", "day", "week"]},
    "interval": {"type": "integer"},
    "backfill": {"type": "boolean", "default": true}},
  "required": ["startTime", "frequency"],
  "if": {"properties": {"frequency": {"const": "once"}}},
  "then": {"not": {"anyOf": [{"required": ["interval"]}, {"required": ["backfill"]}]}},
  "else": {
    "required": ["interval"],
    "if": {"properties": {"frequency": {"const": "minute"}}},
    "then": {"properties": {"interval": {"minimum": 15}}},
    "else": {"properties": {"interval": {"minimum": 1}}}}}},
"optionSpec": {"name": "OptionSpec", "spec": {"type": "object", "properties": {
  "errorDiagnosticsEnabled": {"type": "boolean", "default": false},
  "partialIngestionPercent": {"type": "number", "exclusiveMinimum": 0}}}},
"runSpec": {"name": "ProviderParams", "spec": {
  "type": "object",
  "properties": {
    "startTime": {"type": "integer"}, "windowStartTime": {"type": "integer"},
    "windowEndTime": {"type": "integer"},
    "deltaColumn": {"type": "object", "properties": {"name": {"type": "string"}}}},
  "required": ["startTime", "windowStartTime", "windowEndTime"]}},
"attributes": {"isDraftModeSupported": false},
"permissionsInfo": {
  "view": [{"@type": "lowLevel", "name": "EnterpriseSource", "permissions": ["read"]}],
  "manage": [{"@type": "lowLevel", "name": "EnterpriseSource", "permissions": ["write"]}]}
})");
    return spec;
}

ResourceList all_flow_specs() {
    const auto spec = [](std::string_view id, const char* name, std::string_view source) {
        Json whole = common_spec();
        whole.update({{"id", id},
                      {"name", name},
                      {"sourceConnectionSpecIds", Json::array({source})},
                      {"targetConnectionSpecIds", Json::array({data_lake_spec_id})}});
        return std::make_shared<const Json>(std::move(whole));
    };
    return {spec(table_flow_spec_id, "CRMToAEP", bigquery_spec_id),
            spec("9753525b-82c7-4dce-8a9b-5ccfce2b9876", "CloudStorageToAEP", other_spec_id)};
}

Answer list_flow_specs(const Call& call) {
    ResourceKind kind{.kind = Kind::flow};
    const ResourceList specs = all_flow_specs();
    for (const auto& item : specs.front()->items()) {
        kind.derived.push_back(item.key());
    }
    return json_answer(200,
                       {{"items", select_items(call, kind, specs)}, {"_links", Json::object()}});
}

Answer get_flow_spec(const Call& call) {
    const Json spec = find_flow_spec(call.captures.front(), 404);
    return json_answer(200, {{"items", Json::array({spec})}});
}

}  // namespace

Json find_flow_spec(const std::string& id, int status) {
    for (const auto& spec : all_flow_specs()) {
        if (spec->at("id") == id) {
            return *spec;
        }
    }
    throw unknown_resource("flowSpecs", id, status);
}

void add_flow_spec_routes(Routes& routes) {
    routes.push_back({"GET " + flow_service_path + "/flowSpecs", Access::sandbox, list_flow_specs});
    routes.push_back(
        {"GET " + flow_service_path + "/flowSpecs/{}", Access::sandbox, get_flow_spec});
}

}  // namespace bqconn::emulator
