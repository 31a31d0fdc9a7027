// Catalog: datasets and batches, as objects with one member for each.
#include <algorithm>
#include <array>
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

// "*" matches any text, "**" a star.
bool matches_wildcard(std::string_view pattern, std::string_view text) {
    if (pattern.empty()) {
        return text.empty();
    }
    const bool is_wildcard = pattern.front() == '*' && !pattern.starts_with("**");
    const auto rest = pattern.substr(pattern.starts_with("**") ? 2 : 1);
    if (!is_wildcard) {
        return text.starts_with(pattern.front()) && matches_wildcard(rest, text.substr(1));
    }
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (matches_wildcard(rest, text.substr(i))) {
            return true;
        }
    }
    return false;
}

// Whether `body` is selected by property=name==X and by the short form, name=X,Y or name=!X, in
// which a comma means OR.
bool is_selected_by(const Pairs& query, const Json& body) {
    constexpr auto others = std::to_array<std::string_view>(
        {"limit", "start", "properties", "orderBy", "createdAfter", "createdBefore"});
    return std::ranges::all_of(query, [&](const auto& parameter) {
        const auto& [key, value] = parameter;
        if (key == "property") {
            return holds(property_filter(value), body, matches_wildcard);
        }
        const auto words = split(value, ',');
        return std::ranges::find(others, key) != others.end() ||
               std::ranges::any_of(words, [&, &name = key](const std::string& word) {
                   const bool negated = word.starts_with('!');
                   return holds({name, word.substr(negated ? 1 : 0), negated}, body,
                                matches_wildcard);
               });
    });
}

// Exclusive, both in milliseconds.
bool is_created_between(const Request& request, const Json& body) {
    constexpr std::size_t most = std::string::npos;
    const auto created = body.at("created").get<std::size_t>();
    return (!query_value(request, "createdAfter") ||
            created > number_parameter(request, "createdAfter", 0, 0, most)) &&
           (!query_value(request, "createdBefore") ||
            created < number_parameter(request, "createdBefore", most, 0, most));
}

// A batch names its dataset in "relatedObjects", but is found by "dataSet".
Json searchable(const Json& body) {
    Json copy = body;
    for (const Json& related : json::array_at(body, "relatedObjects")) {
        copy[json::string_at(related, "type")] = related.at("id");
    }
    return copy;
}

// The members that the query's "properties" names, or all.
Json shown_part(const Request& request, const Json& body) {
    const auto properties = query_value(request, "properties");
    if (!properties) {
        return body;
    }
    Json part = Json::object();
    for (const auto& name : split(*properties, ',')) {
        if (body.contains(name)) {
            part[name] = body.at(name);
        }
    }
    return part;
}

Answer list_catalog(const Call& call, Kind kind) {
    const Request& request = call.request;
    const std::size_t limit = number_parameter(request, "limit", 20, 1, 100);
    const std::size_t start = number_parameter(request, "start", 0, 0, std::string::npos);
    auto found = all_documents(call.store, *call.sandbox, kind);
    std::erase_if(found, [&](const ResourcePointer& resource) {
        const Json& body = resource->at("body");
        return !is_selected_by(request.query, searchable(body)) ||
               !is_created_between(request, body);
    });
    const std::string order = query_value(request, "orderBy").value_or("asc:created");
    if (order == "desc:created") {
        std::ranges::reverse(found);
    } else if (order != "asc:created") {
        throw bad_request("The emulator supports only orderBy=asc:created and desc:created");
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
