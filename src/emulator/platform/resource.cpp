// The resources of Flow Service, of any kind: POST, GET and DELETE by id, and lists.
#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
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

void check_field(const Json& document, const FieldRule& rule, const std::string& place) {
    const std::string path = place.empty() ? rule.path : place + ": " + rule.path;
    const Json* value = &document;
    for (const auto& key : split(rule.path, '.')) {
        const auto found = value->find(key);
        if (found == value->end() && rule.presence != Presence::required) {
            return;
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
}

// --- POST

Answer post_resource(const Call& call, const ResourceKind& kind) {
    const Json document = check_json_body(call.request);
    Json resource = new_resource(call.client, call.options);
    for (const auto& rules : {common_fields, kind.fields}) {
        check_fields(document, rules);
        for (const auto& rule : rules) {
            if (rule.path.find('.') == std::string::npos && document.contains(rule.path)) {
                resource[rule.path] = document.at(rule.path);
            }
        }
    }
    kind.check(resource, call);
    const auto added = call.store.add(kind.kind, *call.sandbox, std::move(resource));
    const std::string id = added->at("id");
    return json_answer(
        201, {{"id", id}, {"etag", added->at("etag")}},
        {{"Location", flow_service_path + "/" + collection_name(kind.kind) + "/" + id}});
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
            throw invalid_request("1418-400",
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

constexpr std::array<std::string_view, 4> text_fields{"id", "name", "state", "createdClient"};
constexpr std::array<std::string_view, 2> time_fields{"createdAt", "updatedAt"};

template <typename Fields>
bool contains(const Fields& fields, std::string_view name) {
    return std::ranges::find(fields, name) != fields.end();
}

struct Operator {
    std::string_view word;
    bool (*holds)(const Json&, const Json&);
};

// Texts can only be equal or not. "!=" negates the result for all values.
constexpr std::array operators{
    Operator{"==", [](const Json& a, const Json& b) { return a == b; }},
    Operator{"!=", [](const Json& a, const Json& b) { return a == b; }},
    Operator{"<", [](const Json& a, const Json& b) { return a < b; }},
    Operator{"<=", [](const Json& a, const Json& b) { return a <= b; }},
    Operator{">", [](const Json& a, const Json& b) { return a > b; }},
    Operator{">=", [](const Json& a, const Json& b) { return a >= b; }},
};

struct Filter {
    std::vector<std::string> path;
    bool elements = false;  // those of the array at the path
    bool (*holds)(const Json&, const Json&) = nullptr;
    bool negated = false;
    std::vector<Json> values = {};
};

// name==X, id==a,b, createdAt>=1700000000000. A comma means OR.
Filter parse_filter(const ResourceKind& kind, std::string_view text) {
    constexpr std::string_view operator_characters = "=!<>~";
    const auto begin = text.find_first_of(operator_characters);
    if (begin == std::string_view::npos) {
        throw invalid_request("1450-400", "Invalid operator in filter params.");
    }
    const auto end = std::min(text.find_first_not_of(operator_characters, begin), text.size());
    const std::string word(text.substr(begin, end - begin));
    std::string name(text.substr(0, begin));
    const bool is_time = contains(time_fields, name);
    if (!is_time && !contains(text_fields, name) && !contains(kind.filters, name)) {
        throw invalid_request("1449-400", "Invalid field in filter params.");
    }
    if (end == text.size()) {
        throw invalid_request("1453-400",
                              "Invalid query value " + name + word + " provided in query param.");
    }
    Filter filter;
    for (const auto& value : split(text.substr(end), ',')) {
        const auto time = whole_number<std::int64_t>(value);
        if (is_time && !time) {
            throw invalid_request("1452-400", "Invalid value for field " + name + ".");
        }
        filter.values.push_back(is_time ? Json(*time) : Json(value));
    }
    const auto found = std::ranges::find(operators, word, &Operator::word);
    if (found == operators.end()) {
        throw invalid_request("1450-400", "Invalid operator in filter params.");
    }
    const bool is_equality = word == "==" || word == "!=";
    if (!is_equality && !is_time) {
        throw invalid_request("1448-400",
                              "Operator " + word + " not supported for field " + name + ".");
    }
    if (!is_equality && filter.values.size() > 1) {
        throw invalid_request("1443-400",
                              "Operator '" + word + "' is not allowed for multiple values.");
    }
    filter.holds = found->holds;
    filter.negated = word == "!=";
    filter.elements = name.ends_with("[]");
    filter.path = split(name.substr(0, name.size() - (filter.elements ? 2 : 0)), '.');
    return filter;
}

bool matches(const Filter& filter, const Json& resource) {
    const auto holds = [&](const Json& have) {
        return std::ranges::any_of(filter.values,
                                   [&](const Json& value) { return filter.holds(have, value); });
    };
    const Json* place = &resource;
    for (const auto& key : filter.path) {
        const auto found = place->find(key);
        if (found == place->end()) {
            return filter.negated;
        }
        place = &*found;
    }
    const bool any = filter.elements ? std::ranges::any_of(*place, holds) : holds(*place);
    return any != filter.negated;
}

struct Order {
    std::string field;
    bool descending = false;
};

// "name", "-name", "+createdAt,-name", …
std::vector<Order> parse_order(const std::string& text) {
    std::vector<Order> order;
    for (const auto& key : split(text, ',')) {
        // An unencoded '+' arrives as a space.
        const std::string field = key.substr(key.find_first_of("-+ ") == 0 ? 1 : 0);
        if (field != "name" && !contains(time_fields, field)) {
            throw invalid_request(
                "1433-400", "Incorrect field passed in orderBy, example are +name, -name, name.");
        }
        order.push_back({field, key.starts_with('-')});
    }
    return order;
}

bool is_before(const std::vector<Order>& order, const Json& a, const Json& b) {
    for (const auto& [field, descending] : order) {
        const Json& first = a.at(field);
        const Json& second = b.at(field);
        if (first != second) {
            return (first < second) != descending;
        }
    }
    return false;
}

struct ListQuery {
    std::vector<Filter> filters;
    std::vector<Order> order;
    std::string key;  // what decides the selection
    std::optional<std::size_t> limit;
    std::size_t first = 0;
    bool count = false;
};

// A token of another list, or of another run, is refused.
std::string list_key(const Call& call, const ResourceKind& kind) {
    return call.store.page_key() + "-" + collection_name(kind.kind);
}

// Contains reserved characters on purpose, to expose a client that does not re-encode it.
std::string page_token(const std::string& key, std::size_t first) {
    return "+" + key + "#" + std::to_string(first) + "&=";
}

std::size_t parse_page_token(std::string_view token, const std::string& key) {
    const auto number_at = std::min(token.find('#') + 1, token.size());
    const auto first =
        whole_number<std::size_t>(token.substr(number_at, token.substr(number_at).find('&')));
    if (!first || token != page_token(key, *first)) {
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

ListQuery parse_list_query(const Call& call, const ResourceKind& kind) {
    ListQuery parsed;
    std::vector<std::string> filters;
    std::string order;
    for (const auto& [key, value] : call.request.query) {
        if (key == "property") {
            filters.push_back(value);
        } else if (key == "orderby") {
            order = value;
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
    for (const auto& filter : filters) {
        parsed.filters.push_back(parse_filter(kind, filter));
        parsed.key += std::to_string(filter.size()) + ":" + filter;
    }
    if (!parsed.count && !order.empty()) {
        parsed.order = parse_order(order);
        parsed.key += order;
    }
    return parsed;
}

ResourceList select(const ListQuery& query, const ResourceList& all) {
    ResourceList selected;
    std::ranges::copy_if(all, std::back_inserter(selected), [&](const auto& resource) {
        return std::ranges::all_of(
            query.filters, [&](const Filter& filter) { return matches(filter, *resource); });
    });
    std::ranges::stable_sort(
        selected, [&](const auto& a, const auto& b) { return is_before(query.order, *a, *b); });
    return selected;
}

Answer list_resources(const Call& call, const ResourceKind& kind) {
    const ListQuery query = parse_list_query(call, kind);
    Selection selection{.key = query.key};
    if (!query.filters.empty() || !query.order.empty()) {
        selection.select = [&](const ResourceList& all) { return select(query, all); };
    }
    const std::size_t limit = query.count ? 0 : query.limit.value_or(default_limit);
    const Page page = call.store.page(kind.kind, *call.sandbox, selection, query.first, limit);
    if (query.count) {
        return json_answer(200, {{"count", page.total}});
    }
    Json document = {{"items", Json::array()}, {"_links", Json::object()}};
    for (const auto& resource : page.resources) {
        document["items"].push_back(*resource);
    }
    const std::size_t end = query.first + page.resources.size();
    if (end < page.total) {
        document["_links"]["next"]["href"] =
            "/" + collection_name(kind.kind) +
            "?continuationToken=" + percent_encode(page_token(list_key(call, kind), end));
    }
    return json_answer(200, document);
}

}  // namespace

void check_fields(const Json& document, const std::vector<FieldRule>& rules,
                  const std::string& place) {
    if (!document.is_object()) {
        throw invalid_body((place.empty() ? "it" : place) + " must be an object");
    }
    for (const auto& rule : rules) {
        check_field(document, rule, place);
    }
}

void add_resource_routes(Routes& routes, const ResourceKind& kind) {
    const std::string collection = flow_service_path + "/" + collection_name(kind.kind);
    const auto add = [&](const std::string& endpoint, const auto& handler) {
        routes.push_back({endpoint, Access::sandbox,
                          [kind, handler](const Call& call) { return handler(call, kind); }});
    };
    add("POST " + collection, post_resource);
    add("GET " + collection, list_resources);
    add("GET " + collection + "/{}", get_resource);
    add("DELETE " + collection + "/{}", delete_resource);
}

Json new_resource(const std::string& client, const Options& options) {
    constexpr std::string_view user = "emulated@techacct.adobe.com";
    return {{"state", "enabled"},      {"createdBy", user},
            {"updatedBy", user},       {"createdClient", client},
            {"updatedClient", client}, {"imsOrgId", options.identity.org_id}};
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
