#include "bqconn/emulator/flow_dependants.hpp"

#include <string>
#include <utility>

#include "bqconn/emulator/flow_resources.hpp"
#include "bqconn/emulator/gateway.hpp"

namespace bqconn::emulator {
namespace {

enum class Type { object, array };

// Copies an optional field without looking into it. Throws Refused if it has another type.
void copy_optional(const Json& document, Json& members, const std::string& key, Type type) {
    const auto found = document.find(key);
    if (found == document.end()) {
        return;
    }
    if (type == Type::object && !found->is_object()) {
        throw invalid_body(key + " must be an object");
    }
    if (type == Type::array && !found->is_array()) {
        throw invalid_body(key + " must be an array");
    }
    members[key] = *found;
}

// {"id"[,"version"]}
Json read_spec(const Json& document, const std::string& key) {
    const Json& spec = object_at(document, key, key);
    text_at(spec, "id", key + ".id");
    if (spec.contains("version")) {
        text_at(spec, "version", key + ".version");
    }
    return spec;
}

ResourcePointer named_resource(const Call& call, const Store& store, Kind kind,
                               const std::string& collection, const std::string& id) {
    auto found = store.find(kind, *call.sandbox, id);
    if (!found) {
        throw unknown_resource(collection, id, 400);
    }
    return found;
}

Answer post_source_connection(const Call& call, Store& store, const std::string& org_id) {
    const Json document = check_json_body(call.request);
    Resource source = read_resource(document, call, org_id);
    const std::string base = text_at(document, "baseConnectionId", "baseConnectionId");
    source.members["baseConnectionId"] = base;
    source.members["connectionSpec"] = read_spec(document, "connectionSpec");
    copy_optional(document, source.members, "data", Type::object);
    copy_optional(document, source.members, "params", Type::object);
    const auto connection = named_resource(call, store, Kind::connection, "connections", base);
    if (source.members.at("connectionSpec").at("id") !=
        connection->members.at("connectionSpec").at("id")) {
        throw flow_problem(
            "1413-400", "Invalid request",
            "The spec ID provided is invalid. Please provide a valid spec ID and try again.");
    }
    return create(store, Kind::source_connection, std::move(source));
}

Json read_ids(const Json& document, const std::string& key) {
    const auto found = document.find(key);
    if (found == document.end()) {
        throw invalid_body(key + " is missing");
    }
    if (!found->is_array() || found->empty()) {
        throw invalid_body(key + " must be an array of ids");
    }
    for (const Json& id : *found) {
        if (!id.is_string()) {
            throw invalid_body(key + " must be an array of ids");
        }
    }
    return *found;
}

Answer post_flow(const Call& call, Store& store, const std::string& org_id) {
    const Json document = check_json_body(call.request);
    Resource flow = read_resource(document, call, org_id);
    flow.members["flowSpec"] = read_spec(document, "flowSpec");
    flow.members["sourceConnectionIds"] = read_ids(document, "sourceConnectionIds");
    copy_optional(document, flow.members, "targetConnectionIds", Type::array);
    copy_optional(document, flow.members, "transformations", Type::array);
    copy_optional(document, flow.members, "scheduleParams", Type::object);
    for (const Json& id : flow.members.at("sourceConnectionIds")) {
        named_resource(call, store, Kind::source_connection, "sourceConnections",
                       id.get<std::string>());
    }
    return create(store, Kind::flow, std::move(flow));
}

}  // namespace

void add_dependant_routes(Router& router, Store& store, const Identity& identity) {
    router.add({"POST", flow_service_path + "/sourceConnections", Access::sandbox,
                [&store, org = identity.org_id](const Call& call) {
                    return post_source_connection(call, store, org);
                }});
    add_resource_routes(router, store, Kind::source_connection);
    router.add({"POST", flow_service_path + "/flows", Access::sandbox,
                [&store, org = identity.org_id](const Call& call) {
                    return post_flow(call, store, org);
                }});
    add_resource_routes(router, store, Kind::flow);
}

}  // namespace bqconn::emulator
