#include "bqconn/emulator/list_filter.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "bqconn/core/text.hpp"
#include "bqconn/emulator/problem.hpp"

namespace bqconn::emulator {
namespace {

using Texts = std::vector<std::string_view>;

// A list may have ten thousand resources, so filtering copies no text.
struct Field {
    std::string_view name;
    Texts (*texts)(const Resource&) = nullptr;
    std::int64_t (*time)(const Resource&) = nullptr;  // instead of texts
    bool sortable = false;
    std::optional<Kind> kind = std::nullopt;  // none: every kind
};

// The string at `key`; empty if missing.
std::string_view text_at(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found == object.end() || !found->is_string()
               ? std::string_view()
               : std::string_view(found->get_ref<const std::string&>());
}

Texts spec_id(const Resource& resource, const char* spec) {
    const auto found = resource.members.find(spec);
    return {found == resource.members.end() ? std::string_view() : text_at(*found, "id")};
}

Texts connection_spec_id(const Resource& resource) {
    return spec_id(resource, "connectionSpec");
}

Texts source_connection_ids(const Resource& resource) {
    Texts ids;
    for (const Json& id : resource.members.at("sourceConnectionIds")) {
        ids.push_back(id.get_ref<const std::string&>());
    }
    return ids;
}

const std::array fields{
    Field{"id", [](const Resource& r) { return Texts{r.id}; }},
    Field{"name", [](const Resource& r) { return Texts{r.name}; }, nullptr, true},
    Field{"state", [](const Resource& r) { return Texts{r.state}; }},
    Field{"createdAt", nullptr, [](const Resource& r) { return r.created_at; }, true},
    Field{"updatedAt", nullptr, [](const Resource& r) { return r.updated_at; }, true},
    Field{"createdClient", [](const Resource& r) { return Texts{r.created_client}; }},
    Field{"connectionSpec.id", connection_spec_id, nullptr, false, Kind::connection},
    Field{"connectionSpec.id", connection_spec_id, nullptr, false, Kind::source_connection},
    Field{"baseConnectionId",
          [](const Resource& r) { return Texts{text_at(r.members, "baseConnectionId")}; }, nullptr,
          false, Kind::source_connection},
    Field{"flowSpec.id", [](const Resource& r) { return spec_id(r, "flowSpec"); }, nullptr, false,
          Kind::flow},
    Field{"sourceConnectionIds[]", source_connection_ids, nullptr, false, Kind::flow},
};

const Field* find_field(Kind kind, std::string_view name) {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) {
        return field.name == name && field.kind.value_or(kind) == kind;
    });
    return found == fields.end() ? nullptr : &*found;
}

struct Filter {
    const Field* field = nullptr;
    std::string comparison;
    std::vector<std::string> texts;
    std::vector<std::int64_t> times;  // instead of texts
};

std::int64_t time_of(const Field& field, const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw invalid_query("1452-400", "Invalid value for field " + std::string(field.name) + ".");
    }
    return number;
}

void check_comparison(const Filter& filter) {
    constexpr std::array<std::string_view, 6> known{"==", "!=", "<", "<=", ">", ">="};
    if (std::find(known.begin(), known.end(), filter.comparison) == known.end()) {
        throw invalid_query("1450-400", "Invalid operator in filter params.");
    }
    const bool equality = filter.comparison == "==" || filter.comparison == "!=";
    if (!equality && filter.field->time == nullptr) {
        throw invalid_query("1448-400", "Operator " + filter.comparison +
                                            " not supported for field " +
                                            std::string(filter.field->name) + ".");
    }
    if (!equality && filter.times.size() > 1) {
        throw invalid_query(
            "1443-400", "Operator '" + filter.comparison + "' is not allowed for multiple values.");
    }
}

Filter parse_filter(Kind kind, std::string_view text) {
    constexpr std::string_view operator_characters = "=!<>~";
    const auto begin = text.find_first_of(operator_characters);
    if (begin == std::string_view::npos) {
        throw invalid_query("1450-400", "Invalid operator in filter params.");
    }
    const auto end = std::min(text.find_first_not_of(operator_characters, begin), text.size());
    Filter filter;
    filter.field = find_field(kind, text.substr(0, begin));
    if (filter.field == nullptr) {
        throw invalid_query("1449-400", "Invalid field in filter params.");
    }
    filter.comparison = text.substr(begin, end - begin);
    if (end == text.size()) {
        throw invalid_query("1453-400", "Invalid query value " + std::string(filter.field->name) +
                                            filter.comparison + " provided in query param.");
    }
    auto values = split(text.substr(end), ',');
    if (filter.field->time == nullptr) {
        filter.texts = std::move(values);
    } else {
        for (const auto& value : values) {
            filter.times.push_back(time_of(*filter.field, value));
        }
    }
    check_comparison(filter);
    return filter;
}

bool has_time(const Filter& filter, std::int64_t time) {
    const auto any = [&](auto compare) {
        return std::any_of(filter.times.begin(), filter.times.end(),
                           [&](std::int64_t value) { return compare(time, value); });
    };
    if (filter.comparison == "==") {
        return any(std::equal_to<>());
    }
    if (filter.comparison == "!=") {
        return !any(std::equal_to<>());
    }
    if (filter.comparison == "<") {
        return any(std::less<>());
    }
    if (filter.comparison == "<=") {
        return any(std::less_equal<>());
    }
    return filter.comparison == ">" ? any(std::greater<>()) : any(std::greater_equal<>());
}

bool matches(const Filter& filter, const Resource& resource) {
    if (filter.field->time != nullptr) {
        return has_time(filter, filter.field->time(resource));
    }
    const Texts have = filter.field->texts(resource);
    const bool equal = std::find_first_of(have.begin(), have.end(), filter.texts.begin(),
                                          filter.texts.end()) != have.end();
    return equal == (filter.comparison == "==");
}

// Stable; computes `key` once per resource.
template <typename Key>
void sort_by_key(std::vector<ResourcePointer>& resources, bool descending, Key key) {
    using Place = std::pair<decltype(key(*resources.front())), std::size_t>;
    std::vector<Place> places;
    places.reserve(resources.size());
    for (const auto& resource : resources) {
        places.emplace_back(key(*resource), places.size());
    }
    std::sort(places.begin(), places.end(), [&](const Place& a, const Place& b) {
        const int order = a.first < b.first ? -1 : (b.first < a.first ? 1 : 0);
        return order == 0 ? a.second < b.second : (order < 0) != descending;
    });
    std::vector<ResourcePointer> sorted;
    sorted.reserve(resources.size());
    for (const Place& place : places) {
        sorted.push_back(resources[place.second]);
    }
    resources = std::move(sorted);
}

}  // namespace

void keep_matching(std::vector<ResourcePointer>& resources, Kind kind, std::string_view filter) {
    const Filter parsed = parse_filter(kind, filter);
    std::erase_if(resources, [&](const auto& resource) { return !matches(parsed, *resource); });
}

void sort_by(std::vector<ResourcePointer>& resources, Kind kind, std::string_view order) {
    auto keys = split(order, ',');
    // Stable sorts from the last key to the first give the first key precedence.
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
        // An unencoded '+' arrives as a space.
        const bool signed_key =
            key->starts_with('-') || key->starts_with('+') || key->starts_with(' ');
        const Field* field = find_field(kind, std::string_view(*key).substr(signed_key ? 1 : 0));
        if (field == nullptr || !field->sortable) {
            throw invalid_query(
                "1433-400", "Incorrect field passed in orderBy, example are +name, -name, name.");
        }
        const bool descending = key->starts_with('-');
        if (field->time != nullptr) {
            sort_by_key(resources, descending, field->time);
        } else {
            sort_by_key(resources, descending,
                        [&](const Resource& resource) { return field->texts(resource).front(); });
        }
    }
}

}  // namespace bqconn::emulator
