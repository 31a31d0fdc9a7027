#include "bqconn/emulator/list_filter.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "bqconn/core/text.hpp"
#include "bqconn/emulator/problem.hpp"

namespace bqconn::emulator {
namespace {

using Value = std::variant<std::string, std::int64_t>;
using Values = std::vector<Value>;

struct Field {
    std::string_view name;
    Values (*values)(const Resource&);
    bool sortable = false;
    std::optional<Kind> kind = std::nullopt;  // none: of every kind
};

Values spec_id(const Resource& resource, const char* spec) {
    const auto found = resource.members.find(spec);
    return {found == resource.members.end() ? std::string() : json::string_at(*found, "id")};
}

Values connection_spec_id(const Resource& resource) {
    return spec_id(resource, "connectionSpec");
}

Values source_connection_ids(const Resource& resource) {
    const auto ids = resource.members.at("sourceConnectionIds").get<std::vector<std::string>>();
    return {ids.begin(), ids.end()};
}

const std::array fields{
    Field{"id", [](const Resource& r) { return Values{r.id}; }},
    Field{"name", [](const Resource& r) { return Values{r.name}; }, true},
    Field{"state", [](const Resource& r) { return Values{r.state}; }},
    Field{"createdAt", [](const Resource& r) { return Values{r.created_at}; }, true},
    Field{"updatedAt", [](const Resource& r) { return Values{r.updated_at}; }, true},
    Field{"createdClient", [](const Resource& r) { return Values{r.created_client}; }},
    Field{"connectionSpec.id", connection_spec_id, false, Kind::connection},
    Field{"connectionSpec.id", connection_spec_id, false, Kind::source_connection},
    Field{"baseConnectionId",
          [](const Resource& r) { return Values{json::string_at(r.members, "baseConnectionId")}; },
          false, Kind::source_connection},
    Field{"flowSpec.id", [](const Resource& r) { return spec_id(r, "flowSpec"); }, false,
          Kind::flow},
    Field{"sourceConnectionIds[]", source_connection_ids, false, Kind::flow},
};

const Field* find_field(Kind kind, std::string_view name) {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) {
        return field.name == name && field.kind.value_or(kind) == kind;
    });
    return found == fields.end() ? nullptr : &*found;
}

bool is_time(const Field& field) {
    return field.name == "createdAt" || field.name == "updatedAt";
}

Refused invalid(std::string_view code, const std::string& message) {
    return flow_problem(code, "Invalid request", message);
}

struct Filter {
    const Field* field = nullptr;
    std::string comparison;
    Values values;
};

Value value_of(const Field& field, const std::string& text) {
    if (!is_time(field)) {
        return text;
    }
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw invalid("1452-400", "Invalid value for field " + std::string(field.name) + ".");
    }
    return number;
}

void check_comparison(const Filter& filter) {
    constexpr std::array<std::string_view, 6> known{"==", "!=", "<", "<=", ">", ">="};
    if (std::find(known.begin(), known.end(), filter.comparison) == known.end()) {
        throw invalid("1450-400", "Invalid operator in filter params.");
    }
    const bool equality = filter.comparison == "==" || filter.comparison == "!=";
    if (!equality && !is_time(*filter.field)) {
        throw invalid("1448-400", "Operator " + filter.comparison + " not supported for field " +
                                      std::string(filter.field->name) + ".");
    }
    if (!equality && filter.values.size() > 1) {
        throw invalid("1443-400",
                      "Operator '" + filter.comparison + "' is not allowed for multiple values.");
    }
}

Filter parse_filter(Kind kind, std::string_view text) {
    constexpr std::string_view operator_characters = "=!<>~";
    const auto begin = text.find_first_of(operator_characters);
    if (begin == std::string_view::npos) {
        throw invalid("1450-400", "Invalid operator in filter params.");
    }
    const auto end = std::min(text.find_first_not_of(operator_characters, begin), text.size());
    Filter filter;
    filter.field = find_field(kind, text.substr(0, begin));
    if (filter.field == nullptr) {
        throw invalid("1449-400", "Invalid field in filter params.");
    }
    filter.comparison = text.substr(begin, end - begin);
    if (end == text.size()) {
        throw invalid("1453-400", "Invalid query value " + std::string(filter.field->name) +
                                      filter.comparison + " provided in query param.");
    }
    for (const auto& value : split(text.substr(end), ',')) {
        filter.values.push_back(value_of(*filter.field, value));
    }
    check_comparison(filter);
    return filter;
}

bool matches(const Filter& filter, const Resource& resource) {
    const Values have = filter.field->values(resource);
    const auto any = [&](auto compare) {
        return std::any_of(have.begin(), have.end(), [&](const Value& one) {
            return std::any_of(filter.values.begin(), filter.values.end(),
                               [&](const Value& value) { return compare(one, value); });
        });
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

}  // namespace

void keep_matching(std::vector<ResourcePointer>& resources, Kind kind, std::string_view filter) {
    const Filter parsed = parse_filter(kind, filter);
    std::erase_if(resources, [&](const auto& resource) { return !matches(parsed, *resource); });
}

void sort_by(std::vector<ResourcePointer>& resources, Kind kind, std::string_view order) {
    auto keys = split(order, ',');
    // A stable sort by the last key first leaves the first one to decide.
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
        // A '+' that was not encoded arrives as a space.
        const bool signed_key =
            key->starts_with('-') || key->starts_with('+') || key->starts_with(' ');
        const Field* field = find_field(kind, std::string_view(*key).substr(signed_key ? 1 : 0));
        if (field == nullptr || !field->sortable) {
            throw invalid("1433-400",
                          "Incorrect field passed in orderBy, example are +name, -name, name.");
        }
        // Each value is taken once, not at every comparison.
        std::vector<std::pair<Value, ResourcePointer>> valued;
        valued.reserve(resources.size());
        for (auto& resource : resources) {
            Value value = field->values(*resource).front();
            valued.emplace_back(std::move(value), std::move(resource));
        }
        const bool descending = key->starts_with('-');
        std::stable_sort(valued.begin(), valued.end(), [&](const auto& a, const auto& b) {
            return descending ? b.first < a.first : a.first < b.first;
        });
        std::transform(valued.begin(), valued.end(), resources.begin(),
                       [](auto& pair) { return std::move(pair.second); });
    }
}

}  // namespace bqconn::emulator
