#include "emulator/platform/row_filter.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "bqconn/core/text.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

// --- The row filter

// True, false, or none where SQL has NULL.
using Answer3 = std::optional<bool>;

Refused invalid_filter(std::string_view code, const std::string& message) {
    return invalid_request(code, "The row filter is invalid: " + message);
}

Refused malformed_filter(const std::string& message) {
    return invalid_filter("1352-400", message);
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

// `value` as it compares with others of the column: a number, a time, or as it is. Null if it does
// not fit. Without a column, everything fits.
Json comparable(const Json& value, const Json* column) {
    if (value.is_array()) {
        Json all = Json::array();
        for (const Json& one : value) {
            all.push_back(comparable(one, column));
        }
        return std::ranges::find(all, Json()) == all.end() ? all : Json();
    }
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
    return (type == "string" && value.is_string()) || (type == "boolean" && value.is_boolean())
               ? value
               : Json();
}

enum class OperatorKind { comparison, in, like, is_null, negation, conjunction, disjunction };

struct FilterOperator {
    std::string_view name;
    OperatorKind kind;
    bool (*holds)(const Json& value, const Json& literal) = nullptr;  // null: not a comparison
};

constexpr auto comparison = OperatorKind::comparison;
constexpr std::array filter_operators{
    FilterOperator{"=", comparison, [](const Json& a, const Json& b) { return a == b; }},
    FilterOperator{"!=", comparison, [](const Json& a, const Json& b) { return a != b; }},
    FilterOperator{"<", comparison, [](const Json& a, const Json& b) { return a < b; }},
    FilterOperator{"<=", comparison, [](const Json& a, const Json& b) { return a <= b; }},
    FilterOperator{">", comparison, [](const Json& a, const Json& b) { return a > b; }},
    FilterOperator{">=", comparison, [](const Json& a, const Json& b) { return a >= b; }},
    FilterOperator{"in", OperatorKind::in,
                   [](const Json& a, const Json& b) { return std::ranges::find(b, a) != b.end(); }},
    FilterOperator{"like", OperatorKind::like,
                   [](const Json& a, const Json& b) {
                       return a.is_string() && is_like(a.get_ref<const std::string&>(),
                                                       b.get_ref<const std::string&>());
                   }},
    FilterOperator{"isNull", OperatorKind::is_null},
    FilterOperator{"NOT", OperatorKind::negation},
    FilterOperator{"and", OperatorKind::conjunction},
    FilterOperator{"or", OperatorKind::disjunction},
};

// The name in `node`, a fieldLookup.
std::string column_name(const Json& node, const BigQueryTable* table) {
    auto name = json::string_at(node, "fieldName");
    if (json::string_at(node, "nodeType") != "fieldLookup" || name.empty()) {
        throw malformed_filter("the first of the params must be a fieldLookup");
    }
    if (table != nullptr && find_column(*table, name) == nullptr) {
        throw invalid_filter("1350-400", "the table has no column " + name);
    }
    return name;
}

Answer3 compare(const FilterOperator& operation, const Json& params, const BigQueryTable* table,
                const Json& row) {
    const std::string name = column_name(params[0], table);
    const Json& literal = json::member(params[1], "value");
    if (json::string_at(params[1], "nodeType") != "literal" || literal.is_null() ||
        literal.is_object() || literal.is_array() != (operation.kind == OperatorKind::in)) {
        throw malformed_filter("the second of the params must be a literal, with an array for in");
    }
    // `like` compares texts, whatever the column.
    const bool is_pattern = operation.kind == OperatorKind::like;
    const Json* const column = table == nullptr || is_pattern ? nullptr : find_column(*table, name);
    const Json wanted = comparable(literal, column);
    if (wanted.is_null() || (is_pattern && !literal.is_string())) {
        throw invalid_filter("1351-400", "the value does not fit the column " + name);
    }
    const Json value = comparable(json::member(row, name), column);
    return value.is_null() ? std::nullopt : Answer3(operation.holds(value, wanted));
}

// Checks all of `node` and evaluates it for `row`.
Answer3 evaluate(const Json& node, const BigQueryTable* table, const Json& row) {
    if (json::string_at(node, "nodeType") != "fnApply") {
        throw malformed_filter("every operation must have the nodeType fnApply");
    }
    const auto* const found =
        std::ranges::find(filter_operators, json::string_at(node, "fnName"), &FilterOperator::name);
    if (found == filter_operators.end()) {
        throw invalid_filter("1349-400",
                             "fnName must be one of = != < <= > >= like in isNull and or NOT");
    }
    const OperatorKind kind = found->kind;
    const Json& params = json::array_at(node, "params");
    const bool is_junction = kind == OperatorKind::conjunction || kind == OperatorKind::disjunction;
    if (is_junction ? params.empty() : params.size() != (found->holds != nullptr ? 2U : 1U)) {
        throw malformed_filter("wrong number of params for the operator " +
                               std::string(found->name));
    }
    if (found->holds != nullptr) {
        return compare(*found, params, table, row);
    }
    if (kind == OperatorKind::is_null) {
        return json::member(row, column_name(params[0], table)).is_null();
    }
    // As in SQL, NULL decides nothing: "false and NULL" is false.
    const bool decisive = kind != OperatorKind::conjunction;
    Answer3 all = !decisive;
    for (const Json& part : params) {
        const Answer3 answer = evaluate(part, table, row);
        all = all == decisive || answer == decisive ? Answer3(decisive) : answer ? all : answer;
    }
    return kind == OperatorKind::negation && all ? Answer3(!*all) : all;
}

}  // namespace

const Json* find_column(const BigQueryTable& table, const std::string& name) {
    const auto found = std::ranges::find_if(
        table.columns, [&](const Json& column) { return column.at("name") == name; });
    return found == table.columns.end() ? nullptr : &*found;
}

const BigQueryTable* find_table(const BigQueryProject& project, const std::string& path) {
    const auto found = std::ranges::find(project.tables, path, &BigQueryTable::path);
    return found == project.tables.end() ? nullptr : &*found;
}

std::optional<std::int64_t> parse_date_time(const std::string& text) {
    constexpr std::int64_t second = 1000;
    std::tm time{};
    double fraction = 0;
    const char* rest = strptime(text.c_str(), "%Y-%m-%d", &time);
    if (rest != nullptr && (*rest == 'T' || *rest == ' ')) {
        rest = strptime(rest + 1, "%H:%M:%S", &time);
    }
    if (rest != nullptr && *rest == '.') {
        char* end = nullptr;
        fraction = std::strtod(rest, &end);
        rest = end;
    }
    if (rest == nullptr) {
        return std::nullopt;
    }
    std::int64_t offset = 0;
    int hours = 0;
    int minutes = 0;
    const std::string_view zone = trim_ascii(rest);
    if (std::sscanf(rest, "%3d:%2d", &hours, &minutes) == 2) {
        offset = hours * 3600 + (*rest == '-' ? -minutes : minutes) * 60;
    } else if (!zone.empty() && zone != "Z" && zone != "UTC") {
        return std::nullopt;
    }
    return (timegm(&time) - offset) * second +
           static_cast<std::int64_t>(fraction * static_cast<double>(second));
}

RowFilter parse_row_filter(const Json& filter, const BigQueryTable* table) {
    if (json::string_at(filter, "type") != "PQL" ||
        json::string_at(filter, "format") != "pql/json") {
        throw malformed_filter("it must have the type PQL and the format pql/json");
    }
    const Json& node = json::member(filter, "value");
    evaluate(node, table, Json::object());
    return [node, table](const Json& row) { return evaluate(node, table, row).value_or(false); };
}

}  // namespace bqconn::emulator
