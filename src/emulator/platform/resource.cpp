// The resources of Flow Service, of any kind: POST, lists, and GET, PATCH and DELETE by id.
#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "bqconn/core/text.hpp"
#include "emulator/options.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

const std::vector<FieldRule> common_fields{
    {"name", Json::value_t::string},
    {"description", Json::value_t::string, Presence::may_be_empty},
};

// The field's value; null if it is missing and optional.
const Json* check_field(const Json& document, const FieldRule& rule, const std::string& place) {
    const Json* value = &document;
    std::string path = place;
    for (const auto& key : split(rule.path, '.')) {
        if (!value->is_object()) {
            throw invalid_body((path.empty() ? "it" : path) + " must be an object");
        }
        path += (path.empty() ? "" : path == place ? ": " : ".") + key;
        const auto found = value->find(key);
        if (found == value->end() && rule.presence != Presence::required) {
            return nullptr;
        }
        if (found == value->end()) {
            throw invalid_body(path + " is missing");
        }
        value = &*found;
    }
    if (value->type() != rule.type) {
        throw invalid_body(path +
                           (rule.type == Json::value_t::string ? " must be a " : " must be an ") +
                           Json(rule.type).type_name());
    }
    if (*value == "" && rule.presence != Presence::may_be_empty) {
        throw invalid_body(path + " must not be empty");
    }
    return value;
}

Json::json_pointer pointer_to(std::string path) {
    std::ranges::replace(path, '.', '/');
    return Json::json_pointer("/" + path);
}

// --- POST

Answer post_resource(const Call& call, const ResourceKind& kind) {
    const Json document = check_json_body(call.request);
    Json resource = new_resource(call.client, call.options);
    for (const auto& rules : {common_fields, kind.fields}) {
        for (const auto& rule : rules) {
            if (const Json* const value = check_field(document, rule, {})) {
                resource[pointer_to(rule.path)] = *value;
            }
        }
    }
    kind.complete(resource, call);
    const auto added = call.store.add(kind.kind, *call.sandbox, std::move(resource));
    const std::string id = added->at("id");
    return json_answer(
        201, {{"id", id}, {"etag", added->at("etag")}},
        {{"Location", flow_service_path + "/" + collection_name(kind.kind) + "/" + id}});
}

// --- PATCH (RFC 6902). Messages give the operation's number and the field, and no values.

// "/name" itself; "/options/" is anything below it.
bool is_patchable(std::string_view path, const ResourceKind& kind) {
    return path == "/name" || path == "/description" ||
           std::ranges::any_of(kind.patchable, [&](const std::string& allowed) {
               return path == allowed || (allowed.ends_with('/') && path.starts_with(allowed));
           });
}

// `place` is "operation 1".
void apply(Json& resource, const Json& operation, const std::string& place,
           const ResourceKind& kind) {
    const auto text_of = [&](const char* field) {
        return check_field(operation, {field, Json::value_t::string}, place)->get<std::string>();
    };
    const std::string op = to_lower_ascii(text_of("op"));
    const std::string path = text_of("path");
    if (op != "add" && op != "replace" && op != "remove") {
        throw kind.invalid_patch(place + ": op must be add, replace or remove");
    }
    if (!is_patchable(path, kind)) {
        throw kind.invalid_path(place +
                                ": the path cannot be changed; these can: /name, /description, " +
                                join(kind.patchable, ", "));
    }
    if (op != "remove" && !operation.contains("value")) {
        throw kind.invalid_patch(place + ": value is missing");
    }
    try {
        resource = resource.patch(Json::array(
            {{{"op", op}, {"path", path}, {"value", operation.value("value", Json())}}}));
    } catch (const Json::exception&) {
        throw kind.invalid_patch(place + ": the resource has no such path");
    }
}

Refused stale(const std::string& id, const ResourceKind& kind) {
    return flow_problem("1404-412", "Version not matching",
                        "The supplied version does not match the current version of the " +
                            collection_name(kind.kind) + " resource " + id + ".",
                        {{"id", id}});
}

Answer patch_resource(const Call& call, const ResourceKind& kind) {
    if (!call.options.patch) {
        throw invalid_request("1445-400", "The PATCH operation is not enabled for this resource.");
    }
    const std::string etag = required_header(call.request, "If-Match", "1403-400");
    const Json operations = check_json_body(call.request);
    Json changed = *resource_in_path(call, kind.kind);
    const std::string id = changed.at("id");
    if (changed.at("etag") != etag) {
        throw stale(id, kind);
    }
    if (!operations.is_array() || operations.empty()) {
        throw kind.invalid_patch("it must be an array of operations");
    }
    for (std::size_t i = 0; i < operations.size(); ++i) {
        apply(changed, operations[i], "operation " + std::to_string(i + 1), kind);
    }
    for (const auto& rules : {common_fields, kind.fields}) {
        for (const auto& rule : rules) {
            check_field(changed, rule, {});
        }
    }
    kind.complete(changed, call);
    changed["updatedClient"] = call.client;
    // Another PATCH may have been applied in the meantime.
    const auto stored = call.store.replace(kind.kind, *call.sandbox, std::move(changed));
    if (!stored) {
        throw stale(id, kind);
    }
    return json_answer(200, {{"id", id}, {"etag", stored->at("etag")}});
}

// --- GET and DELETE by id

Answer get_resource(const Call& call, const ResourceKind& kind) {
    const auto found = resource_in_path(call, kind.kind);
    return json_answer(200, {{"items", Json::array({*found})}});
}

Answer delete_resource(const Call& call, const ResourceKind& kind) {
    const std::string& id = call.captures.front();
    switch (call.store.remove(kind.kind, *call.sandbox, id)) {
        case Removal::unknown:
            throw unknown_resource(collection_name(kind.kind), id, 404);
        case Removal::in_use:
            throw invalid_request(kind.kind == Kind::connection ? "1418-400" : "1447-400",
                                  "The resource " + id +
                                      " is used in one or more flows. Please delete the flows that "
                                      "use it and try again.",
                                  {{"id", id}});
        case Removal::removed:
            break;
    }
    return {.status = 204};
}

// --- Lists: filters, order and pages

constexpr std::size_t default_limit = 20;
constexpr std::size_t largest_limit = 100;

constexpr std::string_view operator_characters = "=!<>~";

struct Operator {
    std::string_view word;
    bool (*holds)(const Json&, const Json&);
};

// "!=" negates the result for all values.
constexpr std::array operators{
    Operator{"==", [](const Json& a, const Json& b) { return a == b; }},
    Operator{"!=", [](const Json& a, const Json& b) { return a == b; }},
    Operator{"<", [](const Json& a, const Json& b) { return a < b; }},
    Operator{"<=", [](const Json& a, const Json& b) { return a <= b; }},
    Operator{">", [](const Json& a, const Json& b) { return a > b; }},
    Operator{">=", [](const Json& a, const Json& b) { return a >= b; }},
};

struct Filter {
    std::vector<std::string> path;  // "connectionSpec", "id"; "sourceConnectionIds[]"
    bool (*holds)(const Json&, const Json&) = nullptr;
    bool negated = false;
    std::vector<std::string> values = {};
};

// name==X, id==a,b, params.tableName==X, createdAt>=1700000000000. A comma means OR. `operator_at`
// is where the operator begins.
Filter parse_filter(const std::string& text, std::size_t operator_at) {
    const auto end =
        std::min(text.find_first_not_of(operator_characters, operator_at), text.size());
    const std::string word = text.substr(operator_at, end - operator_at);
    const std::string name = text.substr(0, operator_at);
    const auto found = std::ranges::find(operators, word, &Operator::word);
    if (found == operators.end()) {
        throw invalid_request("1450-400", "Invalid operator in filter params.");
    }
    if (end == text.size()) {
        throw invalid_request("1453-400",
                              "Invalid query value " + name + word + " provided in query param.");
    }
    Filter filter{.path = split(name, '.'), .holds = found->holds, .negated = word == "!="};
    for (const auto& value : split(std::string_view(text).substr(end), ',')) {
        filter.values.push_back(value);
        // Adobe's examples have both name==X and name=="X".
        if (value.size() > 2 && value.starts_with('"') && value.ends_with('"')) {
            filter.values.push_back(value.substr(1, value.size() - 2));
        }
    }
    return filter;
}

// Whether the filter holds for any value at `path` below `place`; `key[]` is every element of key.
bool holds_at(const Filter& filter, const Json& place, std::span<const std::string> path) {
    if (path.empty()) {
        return std::ranges::any_of(filter.values, [&](const std::string& wanted) {
            // Numbers and booleans are written as they are in JSON.
            return filter.holds(place,
                                place.is_string() ? Json(wanted) : json::parse_or_null(wanted));
        });
    }
    const std::string& key = path.front();
    const bool each = key.ends_with("[]");
    const Json& found = json::member(place, each ? key.substr(0, key.size() - 2) : key);
    const auto below = [&](const Json& value) { return holds_at(filter, value, path.subspan(1)); };
    return each ? std::ranges::any_of(found, below) : !found.is_null() && below(found);
}

// "name", "-name", "+createdAt", …
struct Order {
    std::string field = {};  // empty: oldest first
    bool descending = false;
};

Order parse_order(const std::string& text) {
    // An unencoded '+' arrives as a space.
    const std::string field = text.substr(text.find_first_of("-+ ") == 0 ? 1 : 0);
    if (field != "name" && field != "createdAt" && field != "updatedAt") {
        throw invalid_request("1433-400",
                              "Incorrect field passed in orderBy, example are +name, -name, name.");
    }
    return {field, text.starts_with('-')};
}

struct ListQuery {
    std::vector<Filter> filters;
    std::vector<std::string> shown;  // the properties of an item; empty: all
    Order order;
    std::string key;  // what decides the selection
    std::optional<std::size_t> limit;
    std::size_t first = 0;
    bool count = false;
};

// A token of another list, or of another run, is refused.
std::string list_key(const Call& call, const ResourceKind& kind) {
    return call.store.page_key() + collection_name(kind.kind);
}

std::size_t parse_page_token(std::string_view token, const std::string& key) {
    const auto first =
        token.starts_with(key) ? whole_number<std::size_t>(token.substr(key.size())) : std::nullopt;
    if (!first) {
        throw invalid_request("1453-400",
                              "Invalid query value continuationToken provided in query param.");
    }
    return *first;
}

std::size_t parse_limit(std::string_view text) {
    const auto limit = whole_number<std::size_t>(text).value_or(0);
    if (limit == 0) {
        throw invalid_request("1453-400", "Invalid query value limit provided in query param.");
    }
    return std::min(limit, largest_limit);
}

// A filter, or the names of properties to show.
void add_property(ListQuery& query, const std::string& property) {
    const auto operator_at = property.find_first_of(operator_characters);
    if (operator_at != std::string::npos) {
        query.filters.push_back(parse_filter(property, operator_at));
        query.key += std::to_string(property.size()) + ":" + property;
        return;
    }
    for (const auto& name : split(property, ',')) {
        query.shown.push_back(name);
    }
}

ListQuery parse_list_query(const Call& call, const ResourceKind& kind) {
    ListQuery parsed;
    for (const auto& [key, value] : call.request.query) {
        if (key == "property") {
            add_property(parsed, value);
        } else if (key == "orderby") {
            parsed.order = parse_order(value);
            parsed.key += value;
        } else if (key == "limit") {
            parsed.limit = parse_limit(value);
        } else if (key == "continuationToken") {
            parsed.first = parse_page_token(value, list_key(call, kind));
        } else if (key == "count") {
            parsed.count = to_lower_ascii(value) == "true";
        } else {
            throw invalid_request("1451-400",
                                  "Invalid params " + key + " provided in query params.");
        }
    }
    if (parsed.count && parsed.limit) {
        throw invalid_request(
            "1401-400",
            "The limit and count parameters cannot be given together in the same "
            "request. Please provide either only the limit or the count parameter and "
            "try again.");
    }
    return parsed;
}

ResourceList select(const ListQuery& query, const ResourceList& all) {
    ResourceList selected;
    std::ranges::copy_if(all, std::back_inserter(selected), [&](const auto& resource) {
        return std::ranges::all_of(query.filters, [&](const Filter& filter) {
            return holds_at(filter, *resource, filter.path) != filter.negated;
        });
    });
    const auto& [field, descending] = query.order;
    if (!field.empty()) {
        std::ranges::stable_sort(
            selected, [&, &key = field, reverse = descending](const auto& a, const auto& b) {
                const Json& first = json::member(*a, key);
                const Json& second = json::member(*b, key);
                return reverse ? second < first : first < second;
            });
    }
    return selected;
}

Answer list_resources(const Call& call, const ResourceKind& kind) {
    const ListQuery query = parse_list_query(call, kind);
    Selection selection{.key = query.key};
    if (!query.filters.empty() || !query.order.field.empty()) {
        selection.select = [&](const ResourceList& all) { return select(query, all); };
    }
    const std::size_t limit = query.count ? 0 : query.limit.value_or(default_limit);
    const Page page = call.store.page(kind.kind, *call.sandbox, selection, query.first, limit);
    if (query.count) {
        return json_answer(200, {{"count", page.total}});
    }
    Json document = {{"items", Json::array()}, {"_links", Json::object()}};
    for (const auto& resource : page.resources) {
        document["items"].push_back(shown_item(*resource, query.shown));
    }
    const std::size_t end = query.first + page.resources.size();
    if (end < page.total) {
        // The token has letters and digits only: Adobe's Python SDK takes what follows the only '='
        // and does not decode it.
        document["_links"]["next"]["href"] = "/" + collection_name(kind.kind) +
                                             "?continuationToken=" + list_key(call, kind) +
                                             std::to_string(end);
    }
    return json_answer(200, document);
}

}  // namespace

void add_resource_routes(Routes& routes, const ResourceKind& kind) {
    const std::string collection = flow_service_path + "/" + collection_name(kind.kind);
    const auto add = [&](const std::string& endpoint, const auto& handler) {
        routes.push_back({endpoint, Access::sandbox,
                          [kind, handler](const Call& call) { return handler(call, kind); }});
    };
    add("GET " + collection, list_resources);
    add("GET " + collection + "/{}", get_resource);
    if (kind.read_only) {
        return;
    }
    add("POST " + collection, post_resource);
    // Adobe's specification of connections has the slash; its examples do not.
    for (const std::string end : {"/{}", "/{}/"}) {
        add("PATCH " + collection + end, patch_resource);
        add("DELETE " + collection + end, delete_resource);
    }
}

Json select_items(const Call& call, const ResourceKind& kind, const ResourceList& all) {
    const ListQuery query = parse_list_query(call, kind);
    Json items = Json::array();
    for (const auto& resource : select(query, all)) {
        items.push_back(shown_item(*resource, query.shown));
    }
    return items;
}

Json shown_item(const Json& resource, const std::vector<std::string>& properties) {
    if (properties.empty()) {
        return resource;
    }
    Json shown = Json::object();
    for (const auto& name : properties) {
        if (resource.contains(name)) {
            shown[name] = resource.at(name);
        }
    }
    return shown;
}

Json new_resource(const std::string& client, const Options& options) {
    constexpr std::string_view user = "emulated@techacct.adobe.com";
    return {{"id", random_uuid()},
            {"state", "enabled"},
            {"createdBy", user},
            {"updatedBy", user},
            {"createdClient", client},
            {"updatedClient", client},
            {"imsOrgId", options.identity.org_id}};
}

ResourcePointer find_resource(const Call& call, Kind kind, const std::string& id, int status) {
    auto found = call.store.find(kind, *call.sandbox, id);
    if (!found) {
        throw unknown_resource(collection_name(kind), id, status);
    }
    return found;
}

ResourcePointer resource_in_path(const Call& call, Kind kind) {
    return find_resource(call, kind, call.captures.front(), 404);
}

Refused unknown_resource(const std::string& collection, const std::string& id, int status) {
    return flow_problem("1439-" + std::to_string(status), "Resource not found",
                        "The requested " + collection + " resource " + id +
                            " is not found. Verify the resource ID before trying again.",
                        {{"id", id}, {"type", collection}});
}

Refused invalid_body(const std::string& message) {
    return older_problem(400, "Invalid request body: " + message);
}

}  // namespace bqconn::emulator
