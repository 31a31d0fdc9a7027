// Catalog: datasets and batches, as objects with one member for each.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

// One condition; any of its filters must hold.
using Condition = std::vector<PropertyFilter>;

struct CatalogQuery {
    std::vector<Condition> conditions;  // all must hold
    std::vector<std::string> shown;     // empty: all properties
    std::vector<std::string> order;
    bool descending = false;
};

// "desc:created,name".
void parse_catalog_order(const std::string& text, CatalogQuery& query) {
    const auto parts = split(text, ':');
    query.descending = parts.front() == "desc";
    if (parts.size() != 2 || (!query.descending && parts.front() != "asc")) {
        throw bad_request("The query parameter orderBy must be asc:PROPERTY or desc:PROPERTY");
    }
    query.order = split(parts[1], ',');
}

// name=X,Y or name=!X: the short form of a filter.
Condition short_condition(const std::string& name, const std::string& value) {
    Condition condition;
    for (const auto& one : split(value, ',')) {
        const bool negated = one.starts_with('!');
        condition.push_back({name, one.substr(negated ? 1 : 0), negated});
    }
    return condition;
}

CatalogQuery parse_catalog_query(const Request& request) {
    constexpr auto others =
        std::to_array<std::string_view>({"limit", "start", "createdAfter", "createdBefore"});
    CatalogQuery query;
    for (const auto& [key, value] : request.query) {
        if (key == "properties") {
            query.shown = split(value, ',');
        } else if (key == "orderBy") {
            parse_catalog_order(value, query);
        } else if (key == "property") {
            auto filter = parse_property_filter(value);
            if (!filter || filter->name.find('.') != std::string::npos) {
                throw bad_request("The query parameter property must be PROPERTY==VALUE");
            }
            query.conditions.push_back({std::move(*filter)});
        } else if (std::ranges::find(others, key) == others.end()) {
            query.conditions.push_back(short_condition(key, value));
        }
    }
    return query;
}

bool is_selected(const Json& body, const CatalogQuery& query) {
    return std::ranges::all_of(query.conditions, [&](const Condition& condition) {
        return std::ranges::any_of(condition, [&](const PropertyFilter& filter) {
            return holds(filter, body, matches_wildcard);
        });
    });
}

// A batch refers to its dataset in "relatedObjects", but is found by "dataSet".
Json searchable(const Json& body) {
    Json copy = body;
    for (const Json& related : json::array_at(body, "relatedObjects")) {
        copy[json::string_at(related, "type")] = related.at("id");
    }
    return copy;
}

Json catalog_item(const Json& body, const std::vector<std::string>& properties) {
    Json shown = Json::object();
    for (const auto& name : properties) {
        if (body.contains(name)) {
            shown[name] = body.at(name);
        }
    }
    return properties.empty() ? body : shown;
}

Answer list_catalog(const Call& call, Kind kind) {
    constexpr std::size_t largest = 100;
    const Request& request = call.request;
    const CatalogQuery query = parse_catalog_query(request);
    const std::size_t limit = number_parameter(request, "limit", 20, 1, largest);
    const std::size_t start = number_parameter(request, "start", 0, 0, std::string::npos);
    const std::size_t after = number_parameter(request, "createdAfter", 0, 0, std::string::npos);
    const std::size_t before =
        number_parameter(request, "createdBefore", std::string::npos, 0, std::string::npos);
    ResourceList selected;
    for (const auto& resource : all_documents(call.store, *call.sandbox, kind)) {
        const Json& body = resource->at("body");
        const auto created = body.at("created").get<std::size_t>();
        if ((after == 0 || created > after) && created < before &&
            is_selected(searchable(body), query)) {
            selected.push_back(resource);
        }
    }
    std::ranges::stable_sort(selected, [&](const auto& a, const auto& b) {
        for (const auto& name : query.order) {
            const Json& first = json::member(a->at("body"), name);
            const Json& second = json::member(b->at("body"), name);
            if (first != second) {
                return (first < second) != query.descending;
            }
        }
        return false;
    });
    // Members in the order of the list.
    auto document = json::OrderedJson::object();
    for (const auto& resource : slice(selected, start, limit)) {
        document[resource->at("id").get<std::string>()] =
            json::OrderedJson(catalog_item(resource->at("body"), query.shown));
    }
    return {.headers = {{"Content-Type", "application/json"}}, .body = document.dump()};
}

Answer get_catalog(const Call& call, Kind kind) {
    const std::string& id = call.captures.front();
    const auto found = call.store.find(kind, *call.sandbox, id);
    if (!found) {
        throw not_found("The object " + id + " of " + collection_name(kind) + " was not found");
    }
    const CatalogQuery query = parse_catalog_query(call.request);
    return json_answer(200, {{id, catalog_item(found->at("body"), query.shown)}});
}

// --- Changes of datasets

Json dataset_reference(const std::string& id) {
    return Json::array({"@/dataSets/" + id});
}

Answer post_dataset(const Call& call) {
    constexpr std::size_t id_bytes = 12;
    const Json body = check_json_body(call.request);
    if (json::string_at(body, "name").empty()) {
        throw bad_request("name must be a string that is not empty");
    }
    const std::string schema = json::string_at(json::member(body, "schemaRef"), "id");
    if (find_full_schema(call.store, *call.sandbox, schema).is_null()) {
        throw bad_request("schemaRef.id must be the $id of an existing schema");
    }
    const std::string id = crypto::random_hex(id_bytes);
    add_dataset(call.store, *call.sandbox, call.options, id, body);
    return json_answer(201, dataset_reference(id));
}

Answer delete_dataset(const Call& call) {
    get_catalog(call, Kind::data_set);
    const std::string& id = call.captures.front();
    call.store.remove(Kind::data_set, *call.sandbox, id);
    return json_answer(200, dataset_reference(id));
}

// The name of a dataset's table in Query Service.
std::string query_table(const std::string& name) {
    std::string table = to_lower_ascii(name);
    std::ranges::replace_if(
        table,
        [](char c) {
            return !is_word({&c, 1}, "_");
        },
        '_');
    return table;
}

}  // namespace

void add_dataset(Store& store, const Sandbox& sandbox, const Options& options,
                 const std::string& id, const Json& body) {
    Json dataset = body;
    dataset.emplace("description", "");
    dataset.emplace("fileDescription", Json{{"format", "parquet"}});
    dataset["tags"].emplace("adobe/pqs/table", Json::array({query_table(body.at("name"))}));
    dataset.update({{"created", store.now()},
                    {"updated", store.now()},
                    {"createdClient", options.identity.api_key},
                    {"imsOrg", options.identity.org_id},
                    {"sandboxId", sandbox.id},
                    {"namespace", "ACP"},
                    {"state", "DRAFT"},
                    {"version", "1.0.0"}});
    add_document(store, sandbox, Kind::data_set, id, std::move(dataset));
}

void add_catalog_routes(Routes& routes) {
    const auto add = [&](const std::string& method, const std::string& path, auto handler) {
        routes.push_back({method + " " + catalog_path + path, Access::sandbox, handler});
    };
    for (const Kind kind : {Kind::data_set, Kind::batch}) {
        const std::string collection = "/" + collection_name(kind);
        add("GET", collection, [kind](const Call& call) { return list_catalog(call, kind); });
        add("GET", collection + "/{}",
            [kind](const Call& call) { return get_catalog(call, kind); });
    }
    for (const std::string path : {"/dataSets", "/dataSets/"}) {
        add("POST", path, post_dataset);
    }
    add("DELETE", "/dataSets/{}", delete_dataset);
}

}  // namespace bqconn::emulator
