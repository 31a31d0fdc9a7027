// Data Prep: mapping sets, their validation and preview.
#include <string>

#include "bqconn/crypto/encoding.hpp"
#include "emulator/platform/lake.hpp"
#include "emulator/platform/mapping.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

// The full schema that a given mapping set maps to. Also checks the set's form.
Json check_mapping_set(const Call& call, const Json& set) {
    if (!json::member(set, "mappings").is_array()) {
        throw bad_request("mappings must be an array");
    }
    for (const Json& mapping : set.at("mappings")) {
        const MappingFields fields = mapping_fields(mapping);
        if (fields.source.empty() || fields.destination.empty()) {
            throw bad_request("every mapping must have a source and a destination");
        }
    }
    Json schema = find_full_schema(call.store, *call.sandbox, mapped_schema_id(set));
    if (schema.is_null()) {
        throw bad_request("outputSchema.schemaRef.id must be the $id of an existing schema");
    }
    return schema;
}

ResourcePointer mapping_set_in_path(const Call& call) {
    const std::string& id = call.captures.front();
    auto found = call.store.find(Kind::mapping_set, *call.sandbox, id);
    if (!found) {
        throw not_found("The mapping set " + id + " was not found");
    }
    return found;
}

// Replaces the set `old`, if there is one: its version increases, and dataflows that name an
// earlier version use the new one too.
Answer store_mapping_set(const Call& call, const ResourcePointer& old) {
    constexpr std::size_t id_bytes = 16;
    constexpr std::string_view user = "emulated@techacct.adobe.com";
    Json set = check_json_body(call.request);
    const Json schema_id = check_mapping_set(call, set).at("$id");
    // The fields of both formats.
    for (Json& mapping : set.at("mappings")) {
        const MappingFields fields = mapping_fields(mapping);
        mapping.update({{"id", crypto::random_hex(id_bytes)},
                        {"sourceType", fields.type},
                        {"source", fields.source},
                        {"sourceAttribute", fields.source},
                        {"destination", fields.destination},
                        {"destinationXdmPath", fields.destination}});
    }
    const std::string id = old ? old->at("id") : Json(crypto::random_hex(id_bytes));
    const Json summary = {
        {"id", id},
        {"version", old ? old->at("body").at("version").get<int>() + 1 : 0},
        {"createdDate", old ? old->at("body").at("createdDate") : Json(call.store.now())},
        {"modifiedDate", call.store.now()},
        {"createdBy", user},
        {"modifiedBy", user}};
    set.update(summary);
    set.update({{"outputSchema",
                 {{"schemaRef",
                   {{"id", schema_id},
                    {"contentType", "application/vnd.adobe.xed-full+json;version=1"}}}}},
                {"xdmSchema", schema_id},
                {"xdmVersion", "1.0"}});
    if (old) {
        call.store.amend(Kind::mapping_set, *call.sandbox, id, {{"body", set}});
    } else {
        add_document(call.store, *call.sandbox, Kind::mapping_set, id, set);
    }
    return json_answer(200, summary);
}

Answer post_mapping_set(const Call& call) {
    return store_mapping_set(call, nullptr);
}

Answer put_mapping_set(const Call& call) {
    return store_mapping_set(call, mapping_set_in_path(call));
}

Answer get_mapping_set(const Call& call) {
    return json_answer(200, mapping_set_in_path(call)->at("body"));
}

Answer delete_mapping_set(const Call& call) {
    call.store.remove(Kind::mapping_set, *call.sandbox, mapping_set_in_path(call)->at("id"));
    return json_answer(200, Json::object());
}

Answer list_mapping_sets(const Call& call) {
    const std::size_t limit = number_parameter(call.request, "limit", 10, 1, 1'000);
    const std::size_t start = number_parameter(call.request, "start", 0);
    const auto name = query_value(call.request, "name");
    auto found = all_documents(call.store, *call.sandbox, Kind::mapping_set);
    std::erase_if(found, [&](const ResourcePointer& resource) {
        return name && json::string_at(resource->at("body"), "name") != *name;
    });
    Json data = Json::array();
    for (const auto& resource : slice(found, start, limit)) {
        data.push_back(resource->at("body"));
    }
    const Json page = {{"count", data.size()}, {"limit", limit}};
    return json_answer(200, {{"data", data}, {"_page", page}, {"_links", Json::object()}});
}

// One entry for each mapping; changes nothing.
Answer validate_mapping_set(const Call& call) {
    const Json set = check_json_body(call.request);
    const Mapping mapping(set, check_mapping_set(call, set));
    Json response = Json::array();
    for (std::size_t i = 0; i < mapping.findings().size(); ++i) {
        const std::string& finding = mapping.findings()[i];
        const MappingFields fields = mapping_fields(set.at("mappings").at(i));
        const Json error = {
            {"source", fields.source}, {"destination", fields.destination}, {"exception", finding}};
        response.push_back({{"status", finding.empty() ? "SUCCESS" : "FAILED"},
                            {"errors", finding.empty() ? Json() : Json::array({error})}});
    }
    return json_answer(200, {{"validationResponse", response}});
}

Answer preview_mapping_set(const Call& call) {
    const Json body = check_json_body(call.request);
    const Json& set = json::member(body, "mappingSet");
    const Json& row = json::member(body, "data");
    const Mapping mapping(set, check_mapping_set(call, set));
    if (!row.is_object()) {
        throw bad_request("data must be a row");
    }
    const MappedRow mapped = mapping.map(row);
    const Json errors = rejected_row(Json::object(), mapped).value("_errors", Json::array());
    return json_answer(200, {{"data", mapped.document}, {"errors", errors}});
}

}  // namespace

void add_data_prep_routes(Routes& routes) {
    const std::string sets = data_prep_path + "/mappingSets";
    routes.push_back({"POST " + sets, Access::sandbox, post_mapping_set});
    routes.push_back({"GET " + sets, Access::sandbox, list_mapping_sets});
    routes.push_back({"POST " + sets + "/validate", Access::sandbox, validate_mapping_set});
    routes.push_back({"POST " + sets + "/preview", Access::sandbox, preview_mapping_set});
    routes.push_back({"GET " + sets + "/{}", Access::sandbox, get_mapping_set});
    routes.push_back({"PUT " + sets + "/{}", Access::sandbox, put_mapping_set});
    routes.push_back({"DELETE " + sets + "/{}", Access::sandbox, delete_mapping_set});
}

}  // namespace bqconn::emulator
