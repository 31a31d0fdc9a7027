// Flow Service: the flow spec for copying a table into the data lake.
#include <string>

#include "emulator/platform/dataflows.hpp"

namespace bqconn::emulator {
namespace {

const ResourcePointer& flow_spec() {
    static const auto spec = std::make_shared<const Json>(json::parse(R"({
"id": "14518937-270c-4525-bdec-c2ba7cce3860",
"name": "CRMToAEP",
"version": "1.0",
"sourceConnectionSpecIds": ["3c9b37f8-13a6-43d8-bad3-b863b941fedd"],
"targetConnectionSpecIds": ["c604ff05-7f1a-43c0-8e18-33bf874cb11c"],
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
"attributes": {"isDraftModeSupported": false},
"permissionsInfo": {
  "view": [{"@type": "lowLevel", "name": "EnterpriseSource", "permissions": ["read"]}],
  "manage": [{"@type": "lowLevel", "name": "EnterpriseSource", "permissions": ["write"]}]}
})"));
    return spec;
}

Answer list_flow_specs(const Call& call) {
    const Json items = select_items(call, {.kind = Kind::flow}, {flow_spec()});
    return json_answer(200, {{"items", items}, {"_links", Json::object()}});
}

Answer get_flow_spec(const Call& call) {
    check_flow_spec(call.captures.front(), 404);
    return json_answer(200, {{"items", Json::array({*flow_spec()})}});
}

}  // namespace

void check_flow_spec(const std::string& id, int status) {
    if (flow_spec()->at("id") != id) {
        throw unknown_resource("flowSpecs", id, status);
    }
}

void add_flow_spec_routes(Routes& routes) {
    routes.push_back({"GET " + flow_service_path + "/flowSpecs", Access::sandbox, list_flow_specs});
    routes.push_back(
        {"GET " + flow_service_path + "/flowSpecs/{}", Access::sandbox, get_flow_spec});
}

}  // namespace bqconn::emulator
