// The lists of Flow Service (GET /connections, /flows, …): filters, order and pages.
#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include "bqconn/core/text.hpp"
#include "emulator/platform/resource.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::size_t default_limit = 20;
constexpr std::size_t largest_limit = 100;

constexpr std::array<std::string_view, 4> text_fields{"id", "name", "state", "createdClient"};
constexpr std::array<std::string_view, 2> time_fields{"createdAt", "updatedAt"};

template <typename Fields>
bool contains(const Fields& fields, std::string_view name) {
    return std::find(fields.begin(), fields.end(), name) != fields.end();
}

struct Operator {
    std::string_view word;
    bool (*holds)(const Json&, const Json&);
    bool equality = false;  // also for texts
    bool negated = false;
};

constexpr std::array operators{
    Operator{"==", [](const Json& a, const Json& b) { return a == b; }, true, false},
    Operator{"!=", [](const Json& a, const Json& b) { return a == b; }, true, true},
    Operator{"<", [](const Json& a, const Json& b) { return a < b; }},
    Operator{"<=", [](const Json& a, const Json& b) { return a <= b; }},
    Operator{">", [](const Json& a, const Json& b) { return a > b; }},
    Operator{">=", [](const Json& a, const Json& b) { return a >= b; }},
};

struct Filter {
    std::vector<std::string> path;
    bool elements = false;  // those of the array at the path
    const Operator* comparison = nullptr;
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
    filter.comparison = std::find_if(operators.begin(), operators.end(),
                                     [&](const Operator& one) { return one.word == word; });
    if (filter.comparison == operators.end()) {
        throw invalid_request("1450-400", "Invalid operator in filter params.");
    }
    if (!filter.comparison->equality && !is_time) {
        throw invalid_request("1448-400",
                              "Operator " + word + " not supported for field " + name + ".");
    }
    if (!filter.comparison->equality && filter.values.size() > 1) {
        throw invalid_request("1443-400",
                              "Operator '" + word + "' is not allowed for multiple values.");
    }
    filter.elements = name.ends_with("[]");
    filter.path = split(name.substr(0, name.size() - (filter.elements ? 2 : 0)), '.');
    return filter;
}

bool matches(const Filter& filter, const Json& resource) {
    const auto holds = [&](const Json& have) {
        return std::any_of(filter.values.begin(), filter.values.end(), [&](const Json& value) {
            return filter.comparison->holds(have, value);
        });
    };
    const Json* place = &resource;
    for (const auto& key : filter.path) {
        const auto found = place->find(key);
        if (found == place->end()) {
            return filter.comparison->negated;
        }
        place = &*found;
    }
    const bool any =
        filter.elements ? std::any_of(place->begin(), place->end(), holds) : holds(*place);
    return any != filter.comparison->negated;
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

void sort_by(const std::vector<Order>& order, ResourceList& resources) {
    // Stable sorts from the last key to the first give the first key precedence.
    for (auto key = order.rbegin(); key != order.rend(); ++key) {
        std::vector<std::pair<const Json*, ResourcePointer>> places;
        for (auto& resource : resources) {
            places.emplace_back(&resource->at(key->field), resource);
        }
        std::stable_sort(places.begin(), places.end(), [&](const auto& a, const auto& b) {
            return key->descending ? *b.first < *a.first : *a.first < *b.first;
        });
        std::transform(places.begin(), places.end(), resources.begin(),
                       [](const auto& place) { return place.second; });
    }
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
    std::copy_if(all.begin(), all.end(), std::back_inserter(selected), [&](const auto& resource) {
        return std::all_of(query.filters.begin(), query.filters.end(),
                           [&](const Filter& filter) { return matches(filter, *resource); });
    });
    sort_by(query.order, selected);
    return selected;
}

}  // namespace

Json list_document(const Call& call, const ResourceKind& kind) {
    const ListQuery query = parse_list_query(call, kind);
    Selection selection{.key = query.key};
    if (!query.filters.empty() || !query.order.empty()) {
        selection.select = [&](const ResourceList& all) { return select(query, all); };
    }
    const std::size_t limit = query.count ? 0 : query.limit.value_or(default_limit);
    const Page page = call.store.page(kind.kind, *call.sandbox, selection, query.first, limit);
    if (query.count) {
        return {{"count", page.total}};
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
    return document;
}

}  // namespace bqconn::emulator
