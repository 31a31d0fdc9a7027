// Data Prep: mapping sets, their validation and preview.
#include <string>
#include <utility>

#include "bqconn/crypto/encoding.hpp"
#include "emulator/options.hpp"
#include "emulator/platform/lake.hpp"
#include "emulator/platform/mapping.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

// The schema of a new mapping set. Throws if the set is not one, or the schema does not exist.
Json schema_of_new_set(const Call& call, const Json& mapping_set) {
    const Json& mappings = json::member(mapping_set, "mappings");
    if (!mappings.is_array()) {
        throw bad_request("mappings must be an array");
    }
    for (std::size_t i = 0; i < mappings.size(); ++i) {
        const MappingFields fields = mapping_fields(mappings[i]);
        if (fields.source.empty() || fields.destination.empty()) {
            throw bad_request("mappings[" + std::to_string(i) +
                              "] must have a source and a destination");
        }
    }
    Json schema = find_full_schema(call.store, *call.sandbox, mapped_schema_id(mapping_set));
    if (schema.is_null()) {
        throw bad_request("outputSchema.schemaRef.id must be the $id of an existing schema");
    }
    return schema;
}

// One entry for each mapping.
Json validation_response(const Json& mapping_set, Json schema) {
    const Mapping mapping(mapping_set, std::move(schema));
    Json response = Json::array();
    for (std::size_t i = 0; i < mapping.findings().size(); ++i) {
        const std::string& finding = mapping.findings()[i];
        const MappingFields fields = mapping_fields(mapping_set.at("mappings").at(i));
        response.push_back(
            {{"status", finding.empty() ? "SUCCESS" : "FAILED"}, {"errors", nullptr}});
        if (!finding.empty()) {
            response.back()["errors"] = {{{"source", fields.source},
                                          {"destination", fields.destination},
                                          {"exception", finding}}};
        }
    }
    return response;
}

// The body of a POST or PUT with both sets of fields, as it is returned from then on.
Json stored_set(const Call& call, Json given) {
    constexpr std::size_t id_bytes = 16;
    const Json schema = schema_of_new_set(call, given);
    const auto validate =
        std::ranges::find(call.request.query, "validate", &Pairs::value_type::first);
    if (validate != call.request.query.end() && validate->second == "true") {
        for (const Json& entry : validation_response(given, schema)) {
            if (entry.at("status") == "FAILED") {
                throw bad_request(entry.at("errors").at(0).at("exception"));
            }
        }
    }
    for (Json& mapping : given.at("mappings")) {
        const MappingFields fields = mapping_fields(mapping);
        mapping.update({{"sourceType", fields.type},
                        {"source", fields.source},
                        {"destination", fields.destination},
                        {"sourceAttribute", fields.source},
                        {"destinationXdmPath", fields.destination}});
        for (const char* const key : {"identity", "primaryIdentity"}) {
            mapping.emplace(key, false);
        }
        mapping["id"] = crypto::random_hex(id_bytes);
    }
    const std::string schema_id = schema.at("$id");
    given["outputSchema"]["schemaRef"]["id"] = schema_id;
    given["xdmSchema"] = schema_id;
    given.emplace("xdmVersion", "1.0");
    const char* const user = "emulated@techacct.adobe.com";
    given.update({{"createdDate", call.store.now()},
                  {"modifiedDate", call.store.now()},
                  {"createdBy", user},
                  {"modifiedBy", user}});
    return given;
}

Json mapping_set_summary(const Json& set) {
    Json summary;
    for (const char* const key :
         {"id", "version", "createdDate", "modifiedDate", "createdBy", "modifiedBy"}) {
        summary[key] = set.at(key);
    }
    return summary;
}

Answer post_mapping_set(const Call& call) {
    constexpr std::size_t id_bytes = 16;
    Json set = stored_set(call, check_json_body(call.request));
    const std::string id = crypto::random_hex(id_bytes);
    set.update({{"id", id}, {"version", 0}});
    add_document(call.store, *call.sandbox, Kind::mapping_set, id, set,
                 {{"versions", Json::array({set})}});
    return json_answer(200, mapping_set_summary(set));
}

Refused unknown_mapping_set(const Call& call) {
    return not_found("The mapping set " + call.captures.front() + " was not found");
}

Answer put_mapping_set(const Call& call) {
    Json set = stored_set(call, check_json_body(call.request));
    // Another PUT may be applied in the meantime.
    while (const auto found =
               call.store.find(Kind::mapping_set, *call.sandbox, call.captures.front())) {
        Json changed = *found;
        Json& versions = changed.at("versions");
        set.update({{"id", found->at("id")},
                    {"version", versions.size()},
                    {"createdDate", found->at("body").at("createdDate")}});
        versions.push_back(set);
        changed["body"] = set;
        if (call.store.replace(Kind::mapping_set, *call.sandbox, std::move(changed))) {
            return json_answer(200, mapping_set_summary(set));
        }
    }
    throw unknown_mapping_set(call);
}

Answer get_mapping_set(const Call& call) {
    constexpr std::size_t latest = std::string::npos;
    const std::size_t version = number_parameter(call.request, "version", latest, 0, latest);
    const Json set = find_mapping_set(call.store, *call.sandbox, call.captures.front(),
                                      version == latest ? std::nullopt : std::optional(version));
    if (set.is_null()) {
        throw unknown_mapping_set(call);
    }
    return json_answer(200, set);
}

Answer delete_mapping_set(const Call& call) {
    if (call.store.remove(Kind::mapping_set, *call.sandbox, call.captures.front()) !=
        Removal::removed) {
        throw unknown_mapping_set(call);
    }
    return json_answer(200, Json::object());
}

Answer list_mapping_sets(const Call& call) {
    constexpr std::size_t largest = 1'000;
    const std::size_t limit = number_parameter(call.request, "limit", 10, 1, largest);
    const std::size_t start = number_parameter(call.request, "start", 0, 0, std::string::npos);
    const auto name = std::ranges::find(call.request.query, "name", &Pairs::value_type::first);
    Json all = Json::array();
    for (const auto& resource : all_documents(call.store, *call.sandbox, Kind::mapping_set)) {
        const Json& set = resource->at("body");
        if (name == call.request.query.end() || json::string_at(set, "name") == name->second) {
            all.push_back(set);
        }
    }
    Json data = Json::array();
    Json links = Json::object();
    for (std::size_t i = start; i < all.size() && data.size() < limit; ++i) {
        data.push_back(all[i]);
    }
    if (start + data.size() < all.size()) {
        links["next"]["href"] = "/mappingSets?limit=" + std::to_string(limit) +
                                "&start=" + std::to_string(start + data.size());
    }
    const Json page = {{"count", data.size()}, {"limit", limit}};
    return json_answer(200, {{"data", data}, {"_page", page}, {"_links", links}});
}

Answer validate_mapping_set(const Call& call) {
    const Json set = check_json_body(call.request);
    return json_answer(
        200, {{"validationResponse", validation_response(set, schema_of_new_set(call, set))}});
}

// One row or several; the answer has as many.
Answer preview_mapping_set(const Call& call) {
    const Json body = check_json_body(call.request);
    const Json& set = json::member(body, "mappingSet");
    const Json& given = json::member(body, "data");
    const Mapping mapping(set, schema_of_new_set(call, set));
    Json mapped = Json::array();
    Json errors = Json::array();
    for (const Json& row : given.is_array() ? given : Json::array({given})) {
        if (!row.is_object()) {
            throw bad_request("data must be a row or an array of rows");
        }
        const MappedRow result = mapping.map(row);
        mapped.push_back(result.document);
        const Json rejected = rejected_row({}, result);
        for (const Json& error : rejected.at("_errors")) {
            errors.push_back(error);
        }
    }
    return json_answer(200,
                       {{"data", given.is_array() ? mapped : mapped.front()}, {"errors", errors}});
}

}  // namespace

void add_data_prep_routes(Routes& routes) {
    const std::string sets = data_prep_path + "/mappingSets";
    for (const auto& [endpoint, handler] :
         std::initializer_list<std::pair<std::string, Answer (*)(const Call&)>>{
             {"POST " + sets, post_mapping_set},
             {"GET " + sets, list_mapping_sets},
             {"POST " + sets + "/validate", validate_mapping_set},
             {"POST " + sets + "/preview", preview_mapping_set},
             {"GET " + sets + "/{}", get_mapping_set},
             {"PUT " + sets + "/{}", put_mapping_set},
             {"DELETE " + sets + "/{}", delete_mapping_set}}) {
        routes.push_back({endpoint, Access::sandbox, handler});
    }
}

}  // namespace bqconn::emulator
