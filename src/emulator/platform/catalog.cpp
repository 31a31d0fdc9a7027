// Catalog: datasets and batches, as objects with one member for each.
#include <algorithm>
#include <string>
#include <utility>

#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "emulator/options.hpp"
#include "emulator/platform/lake.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

// --- Lists

// Whether the query selects a dataset or batch: by "property", by NAME=VALUE for a few properties,
// or by creation time in milliseconds.
bool is_selected(const Request& request, const Json& resource) {
    const auto is_equal = [&](const Json& document, const std::string& name) {
        const auto value = query_value(request, name);
        return !value || has_value(document, name, *value);
    };
    const Json& body = resource.at("body");
    // A batch names its dataset among its related objects.
    return holds_properties(request, body) && is_equal(body, "name") && is_equal(body, "status") &&
           is_equal(resource, "dataSet") &&
           body.at("created").get<std::size_t>() >= number_parameter(request, "createdAfter", 0);
}

Json shown_part(const Request& request, const Json& body) {
    const auto properties = query_value(request, "properties");
    return properties ? shown_item(body, split(*properties, ',')) : body;
}

Answer list_catalog(const Call& call, Kind kind) {
    const Request& request = call.request;
    const std::size_t limit = number_parameter(request, "limit", 20, 1, 100);
    const std::size_t start = number_parameter(request, "start", 0);
    auto found = all_documents(call.store, *call.sandbox, kind);
    std::erase_if(
        found, [&](const ResourcePointer& resource) { return !is_selected(request, *resource); });
    if (query_value(request, "orderBy") == "desc:created") {
        std::ranges::reverse(found);
    }
    // Members in the order of the list.
    auto document = json::OrderedJson::object();
    for (const auto& resource : slice(found, start, limit)) {
        document[resource->at("id").get<std::string>()] =
            json::OrderedJson(shown_part(request, resource->at("body")));
    }
    return {.headers = {{"Content-Type", "application/json"}}, .body = document.dump()};
}

Answer get_catalog(const Call& call, Kind kind) {
    const std::string& id = call.captures.front();
    const auto found = call.store.find(kind, *call.sandbox, id);
    if (!found) {
        throw not_found("The object " + id + " of " + collection_name(kind) + " was not found");
    }
    return json_answer(200, {{id, shown_part(call.request, found->at("body"))}});
}

// --- Changes of datasets

Answer post_dataset(const Call& call) {
    constexpr std::size_t id_bytes = 12;
    const Json body = check_json_body(call.request);
    if (json::string_at(body, "name").empty() || !body.value("tags", Json::object()).is_object()) {
        throw bad_request("name must be a string that is not empty, and tags an object");
    }
    const std::string schema = json::string_at(json::member(body, "schemaRef"), "id");
    if (find_full_schema(call.store, *call.sandbox, schema).is_null()) {
        throw bad_request("schemaRef.id must be the $id of an existing schema");
    }
    const std::string id = crypto::random_hex(id_bytes);
    add_dataset(call.store, *call.sandbox, call.options, id, body);
    return json_answer(201, Json::array({"@/dataSets/" + id}));
}

Answer delete_dataset(const Call& call) {
    get_catalog(call, Kind::data_set);
    const std::string& id = call.captures.front();
    call.store.remove(Kind::data_set, *call.sandbox, id);
    return json_answer(200, Json::array({"@/dataSets/" + id}));
}

}  // namespace

void add_dataset(Store& store, const Sandbox& sandbox, const Options& options,
                 const std::string& id, Json body) {
    std::string table = to_lower_ascii(body.at("name").get<std::string>());
    std::ranges::replace(table, ' ', '_');
    body["tags"].emplace("adobe/pqs/table", Json::array({table}));
    body.update({{"created", store.now()},
                 {"updated", store.now()},
                 {"createdClient", options.identity.api_key},
                 {"imsOrg", options.identity.org_id},
                 {"sandboxId", sandbox.id},
                 {"classification", {{"managedBy", "CUSTOMER"}}},
                 {"version", "1.0.0"}});
    add_document(store, sandbox, Kind::data_set, id, std::move(body));
}

void add_catalog_routes(Routes& routes) {
    const std::string datasets = catalog_path + "/dataSets";
    for (const Kind kind : {Kind::data_set, Kind::batch}) {
        const std::string endpoint = "GET " + catalog_path + "/" + collection_name(kind);
        routes.push_back({endpoint, Access::sandbox,
                          [kind](const Call& call) { return list_catalog(call, kind); }});
        routes.push_back({endpoint + "/{}", Access::sandbox,
                          [kind](const Call& call) { return get_catalog(call, kind); }});
    }
    routes.push_back({"POST " + datasets, Access::sandbox, post_dataset});
    routes.push_back({"DELETE " + datasets + "/{}", Access::sandbox, delete_dataset});
}

}  // namespace bqconn::emulator
