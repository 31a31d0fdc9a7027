#include "emulator/platform/source_rows.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "bqconn/core/text.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

const Json* find_column(const BigQueryTable& table, const std::string& name) {
    const auto found = std::ranges::find_if(
        table.columns, [&](const Json& column) { return column.at("name") == name; });
    return found == table.columns.end() ? nullptr : &*found;
}

// --- The row filter

enum class Operator {
    equal,
    unequal,
    less,
    at_most,
    greater,
    at_least,
    like,
    in,
    is_null,
    no,
    both,
    either
};

constexpr auto operator_names = std::to_array<std::string_view>(
    {"=", "!=", "<", "<=", ">", ">=", "like", "in", "isNull", "NOT", "and", "or"});

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

bool compares(Operator operation, const Json& a, const Json& b) {
    switch (operation) {
        case Operator::equal:
            return a == b;
        case Operator::unequal:
            return a != b;
        case Operator::less:
            return a < b;
        case Operator::at_most:
            return a <= b;
        case Operator::greater:
            return a > b;
        case Operator::at_least:
            return a >= b;
        case Operator::in:
            return std::ranges::find(b, a) != b.end();
        default:
            return a.is_string() &&
                   is_like(a.get_ref<const std::string&>(), b.get_ref<const std::string&>());
    }
}

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

Answer3 compare(Operator operation, const Json& params, const BigQueryTable* table,
                const Json& row) {
    const std::string name = column_name(params[0], table);
    const Json* const column = table == nullptr ? nullptr : find_column(*table, name);
    const Json& literal = json::member(params[1], "value");
    if (json::string_at(params[1], "nodeType") != "literal" || literal.is_null() ||
        literal.is_object() || literal.is_array() != (operation == Operator::in)) {
        throw malformed_filter("the second of the params must be a literal, with an array for in");
    }
    const bool is_like = operation == Operator::like;
    const Json wanted = comparable(literal, is_like ? nullptr : column);
    const bool is_text = column == nullptr || column->at("type") == "string";
    if (wanted.is_null() || (is_like && (!literal.is_string() || !is_text))) {
        throw invalid_filter("1351-400", "the value does not fit the column " + name);
    }
    const Json value = comparable(json::member(row, name), is_like ? nullptr : column);
    return value.is_null() ? std::nullopt : Answer3(compares(operation, value, wanted));
}

// Checks all of `node` and evaluates it for `row`.
Answer3 evaluate(const Json& node, const BigQueryTable* table, const Json& row) {
    if (json::string_at(node, "nodeType") != "fnApply") {
        throw malformed_filter("every operation must have the nodeType fnApply");
    }
    const auto* const found = std::ranges::find(operator_names, json::string_at(node, "fnName"));
    if (found == operator_names.end()) {
        throw invalid_filter("1349-400", "fnName must be one of: " + join(operator_names, " "));
    }
    const auto operation = static_cast<Operator>(found - operator_names.begin());
    const Json& params = json::array_at(node, "params");
    const bool is_junction = operation == Operator::both || operation == Operator::either;
    const std::size_t count = operation < Operator::is_null ? 2 : 1;
    if (is_junction ? params.empty() : params.size() != count) {
        throw malformed_filter("wrong number of params for the operator " + std::string(*found));
    }
    if (operation < Operator::is_null) {
        return compare(operation, params, table, row);
    }
    if (operation == Operator::is_null) {
        return json::member(row, column_name(params[0], table)).is_null();
    }
    // As in SQL, NULL decides nothing: "false and NULL" is false.
    const bool decisive = operation != Operator::both;
    Answer3 all = !decisive;
    for (const Json& part : params) {
        const Answer3 answer = evaluate(part, table, row);
        all = all == decisive || answer == decisive ? Answer3(decisive) : answer ? all : answer;
    }
    return operation == Operator::no && all ? Answer3(!*all) : all;
}

// --- The window

bool is_in_window(const Json& value, const RowQuery& query) {
    if (value.is_null()) {
        return false;
    }
    const auto time = parse_date_time(value.get_ref<const std::string&>());
    if (!time) {
        throw ReadFailed("Invalid timestamp in column " + query.delta_column);
    }
    return query.window->from <= *time && *time < query.window->to;
}

void check_delta_column(const BigQueryTable& table, const std::string& name) {
    const Json* const column = find_column(table, name);
    if (column == nullptr) {
        throw ReadFailed("Unrecognized name: " + name);
    }
    if (column->at("type") != "string") {
        throw ReadFailed("No matching signature for operator >= for argument types: column " +
                         name + ", TIMESTAMP");
    }
}

}  // namespace

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

Json read_rows(const RowQuery& query, const BigQueryProject& project,
               const std::string& google_project) {
    const BigQueryTable* const table = find_table(project, query.table);
    if (table == nullptr) {
        throw ReadFailed("Not found: Table " + google_project + ":" + query.table +
                         " was not found");
    }
    for (const auto& names : {query.columns, query.required}) {
        for (const auto& name : names) {
            if (find_column(*table, name) == nullptr) {
                throw ReadFailed("Unrecognized name: " + name);
            }
        }
    }
    RowFilter filter;
    try {
        filter = query.filter.is_null() ? RowFilter() : parse_row_filter(query.filter, table);
    } catch (const Refused&) {
        throw ReadFailed("The row filter does not fit the columns of the table");
    }
    if (query.window) {
        check_delta_column(*table, query.delta_column);
    }
    Json rows = Json::array();
    for (const Json& row : table->rows) {
        if ((!query.window || is_in_window(json::member(row, query.delta_column), query)) &&
            (!filter || filter(row))) {
            rows.push_back(query.columns.empty() ? row : Json::object());
            for (const auto& name : query.columns) {
                rows.back()[name] = row.at(name);
            }
        }
    }
    return rows;
}

}  // namespace bqconn::emulator
