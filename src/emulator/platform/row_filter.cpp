// The row filter of a source connection: a small part of PQL in JSON.
#include <algorithm>
#include <array>

#include "emulator/platform/dataflows.hpp"

namespace bqconn::emulator {
namespace {

Refused invalid_filter(std::string_view code, const std::string& message) {
    return invalid_request(code, "The row filter is invalid: " + message);
}

void check_form(bool condition, const std::string& message) {
    if (!condition) {
        throw invalid_filter("1352-400", message);
    }
}

// `pattern` as in SQL: % for any text, _ for one character (here: one byte).
bool is_like(std::string_view text, std::string_view pattern) {
    if (pattern.empty()) {
        return text.empty();
    }
    if (pattern.front() == '%') {
        return is_like(text, pattern.substr(1)) ||
               (!text.empty() && is_like(text.substr(1), pattern));
    }
    return !text.empty() && (pattern.front() == '_' || pattern.front() == text.front()) &&
           is_like(text.substr(1), pattern.substr(1));
}

struct Comparison {
    std::string_view name;
    bool (*holds)(const Json& value, const Json& literal);
};

constexpr std::array comparisons{
    Comparison{"=", [](const Json& a, const Json& b) { return a == b; }},
    Comparison{"!=", [](const Json& a, const Json& b) { return a != b; }},
    Comparison{"<", [](const Json& a, const Json& b) { return a < b; }},
    Comparison{"<=", [](const Json& a, const Json& b) { return a <= b; }},
    Comparison{">", [](const Json& a, const Json& b) { return a > b; }},
    Comparison{">=", [](const Json& a, const Json& b) { return a >= b; }},
    Comparison{"in", [](const Json& a, const Json& b) { return a == b; }},  // each element
    Comparison{"like",
               [](const Json& a, const Json& b) {
                   return a.is_string() && b.is_string() &&
                          is_like(a.get_ref<const std::string&>(), b.get_ref<const std::string&>());
               }},
};

// `value` in a form that can be compared: a number, a time, or unchanged. Null if it does not fit
// the column. Without a column, everything fits.
Json comparable(const Json& value, const Json* column) {
    if (column == nullptr || value.is_null()) {
        return value;
    }
    const std::string type = json::string_at(*column, "type");
    const std::string text = value.is_string() ? value.get<std::string>() : dump(value);
    if (column->contains("meta:xdmType")) {
        const auto time = parse_date_time(text);
        return time ? Json(*time) : Json();
    }
    if (type == "long" || type == "double") {
        const auto number = whole_number<double>(text);
        return number ? Json(*number) : Json();
    }
    const bool fits = type == "boolean" ? value.is_boolean() : value.is_string();
    return fits ? value : Json();
}

// The name in `node`, a fieldLookup.
std::string column_name(const Json& node, const BigQueryTable* table) {
    auto name = json::string_at(node, "fieldName");
    check_form(json::string_at(node, "nodeType") == "fieldLookup" && !name.empty(),
               "the first of the params must be a fieldLookup");
    if (table != nullptr && find_column(*table, name) == nullptr) {
        throw invalid_filter("1350-400", "the table has no column " + name);
    }
    return name;
}

bool compare(const Comparison& comparison, const Json& params, const BigQueryTable* table,
             const Json& row) {
    check_form(params.size() == 2, "a comparison must have two params");
    const std::string name = column_name(params[0], table);
    const Json* const column = table == nullptr ? nullptr : find_column(*table, name);
    const Json& literal = json::member(params[1], "value");
    check_form(json::string_at(params[1], "nodeType") == "literal" &&
                   literal.is_array() == (comparison.name == "in"),
               "the second of the params must be a literal, an array only for in");
    const Json value = comparable(json::member(row, name), column);
    bool holds = false;
    for (const Json& one : literal.is_array() ? literal : Json::array({literal})) {
        const Json wanted = comparable(one, column);
        if (wanted.is_null()) {
            throw invalid_filter("1351-400", "the value does not fit the column " + name);
        }
        holds = holds || (!value.is_null() && comparison.holds(value, wanted));
    }
    return holds;
}

// Checks all of `node` and evaluates it for `row`.
bool evaluate(const Json& node, const BigQueryTable* table, const Json& row) {
    check_form(json::string_at(node, "nodeType") == "fnApply",
               "every operation must have the nodeType fnApply");
    const std::string name = json::string_at(node, "fnName");
    const Json& params = json::array_at(node, "params");
    const auto* const found = std::ranges::find(comparisons, name, &Comparison::name);
    if (found != comparisons.end()) {
        return compare(*found, params, table, row);
    }
    check_form(!params.empty(), "an operation must have params");
    if (name == "isNull") {
        return json::member(row, column_name(params[0], table)).is_null();
    }
    if (name != "and" && name != "or" && name != "NOT") {
        throw invalid_filter("1349-400",
                             "fnName must be one of = != < <= > >= like in isNull and or NOT");
    }
    const auto holding =
        std::ranges::count_if(params, [&](const Json& part) { return evaluate(part, table, row); });
    return name == "or"    ? holding > 0
           : name == "NOT" ? holding == 0
                           : static_cast<std::size_t>(holding) == params.size();
}

}  // namespace

bool passes(const Json& row, const Json& filter, const BigQueryTable* table) {
    check_form(
        json::string_at(filter, "type") == "PQL" && json::string_at(filter, "format") == "pql/json",
        "it must have the type PQL and the format pql/json");
    return evaluate(json::member(filter, "value"), table, row);
}

}  // namespace bqconn::emulator
