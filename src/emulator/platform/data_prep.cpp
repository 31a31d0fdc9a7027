// Data Prep: mapping sets, their validation and preview.
#include <string>
#include <utility>

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

// The body of a POST or PUT, with the fields of both formats.
Json read_mapping_set(const Call& call) {
    constexpr std::size_t id_bytes = 16;
    constexpr std::string_view user = "emulated@techacct.adobe.com";
    Json set = check_json_body(call.request);
    const Json schema_id = check_mapping_set(call, set).at("$id");
    for (Json& mapping : set.at("mappings")) {
        const MappingFields fields = mapping_fields(mapping);
        mapping.update({{"id", crypto::random_hex(id_bytes)},
                        {"sourceType", fields.type},
                        {"source", fields.source},
                        {"sourceAttribute", fields.source},
                        {"destination", fields.destination},
                        {"destinationXdmPath", fields.destination}});
    }
    set["outputSchema"] = {
        {"schemaRef",
         {{"id", schema_id}, {"contentType", "application/vnd.adobe.xed-full+json;version=1"}}}};
    set.update({{"xdmSchema", schema_id},
                {"xdmVersion", "1.0"},
                {"createdDate", call.store.now()},
                {"modifiedDate", call.store.now()},
                {"createdBy", user},
                {"modifiedBy", user}});
    return set;
}

Answer summary_answer(const Json& set) {
    Json summary = set;
    for (const char* const key : {"mappings", "outputSchema", "xdmSchema", "xdmVersion"}) {
        summary.erase(key);
    }
    return json_answer(200, summary);
}

Answer post_mapping_set(const Call& call) {
    constexpr std::size_t id_bytes = 16;
    Json set = read_mapping_set(call);
    const std::string id = crypto::random_hex(id_bytes);
    set.update({{"id", id}, {"version", 0}});
    add_document(call.store, *call.sandbox, Kind::mapping_set, id, set,
                 {{"versions", Json::array({set})}});
    return summary_answer(set);
}

Refused unknown_mapping_set(const Call& call) {
    return not_found("The mapping set " + call.captures.front() + " was not found");
}

// Adds a version; dataflows that use another keep it.
Answer put_mapping_set(const Call& call) {
    Json set = read_mapping_set(call);
    const auto found = call.store.find(Kind::mapping_set, *call.sandbox, call.captures.front());
    if (!found) {
        throw unknown_mapping_set(call);
    }
    Json changed = *found;
    set.update({{"id", changed.at("id")},
                {"version", changed.at("versions").size()},
                {"createdDate", changed.at("body").at("createdDate")}});
    changed["versions"].push_back(set);
    changed["body"] = set;
    if (!call.store.replace(Kind::mapping_set, *call.sandbox, std::move(changed))) {
        throw placeholder_problem(409, "ConflictError", "The mapping set has just been changed");
    }
    return summary_answer(set);
}

Answer get_mapping_set(const Call& call) {
    const auto version = query_value(call.request, "version");
    const std::size_t wanted = number_parameter(call.request, "version", 0, 0, std::string::npos);
    const Json set = find_mapping_set(call.store, *call.sandbox, call.captures.front(),
                                      version ? std::optional(wanted) : std::nullopt);
    if (set.is_null()) {
        throw unknown_mapping_set(call);
    }
    return json_answer(200, set);
}

Answer delete_mapping_set(const Call& call) {
    if (call.store.remove(Kind::mapping_set, *call.sandbox, call.captures.front()) ==
        Removal::unknown) {
        throw unknown_mapping_set(call);
    }
    return json_answer(200, Json::object());
}

Answer list_mapping_sets(const Call& call) {
    const std::size_t limit = number_parameter(call.request, "limit", 10, 1, 1'000);
    const std::size_t start = number_parameter(call.request, "start", 0, 0, std::string::npos);
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

// Of one row or several.
Answer preview_mapping_set(const Call& call) {
    const Json body = check_json_body(call.request);
    const Json& set = json::member(body, "mappingSet");
    const Json& given = json::member(body, "data");
    const Mapping mapping(set, check_mapping_set(call, set));
    Json mapped = Json::array();
    Json errors = Json::array();
    for (const Json& row : given.is_array() ? given : Json::array({given})) {
        if (!row.is_object()) {
            throw bad_request("data must be a row or an array of rows");
        }
        const MappedRow result = mapping.map(row);
        const Json rejected = rejected_row(row, result);
        errors.insert(errors.end(), rejected.at("_errors").begin(), rejected.at("_errors").end());
        mapped.push_back(result.document);
    }
    return json_answer(200,
                       {{"data", given.is_array() ? mapped : mapped.at(0)}, {"errors", errors}});
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
