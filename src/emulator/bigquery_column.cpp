#include "bqconn/emulator/bigquery_column.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::emulator {

using json::Json;

// The kinds of value in a JSON document.
enum class Value { text, integer, number, boolean, record };

struct BigQueryType {
    std::array<std::string_view, 2> names;  // in standard and legacy SQL
    Value value;
    std::string_view type;  // as Flow Service returns it
    std::string_view format;
};

namespace {

constexpr std::array types{
    BigQueryType{{"STRING", "STRING"}, Value::text, "string", ""},
    BigQueryType{{"BYTES", "BYTES"}, Value::text, "string", ""},
    BigQueryType{{"INT64", "INTEGER"}, Value::integer, "long", ""},
    BigQueryType{{"FLOAT64", "FLOAT"}, Value::number, "double", ""},
    BigQueryType{{"NUMERIC", "NUMERIC"}, Value::number, "double", ""},
    BigQueryType{{"BIGNUMERIC", "BIGNUMERIC"}, Value::number, "double", ""},
    BigQueryType{{"BOOL", "BOOLEAN"}, Value::boolean, "boolean", ""},
    BigQueryType{{"DATE", "DATE"}, Value::text, "string", "date"},
    BigQueryType{{"DATETIME", "DATETIME"}, Value::text, "string", "date-time"},
    BigQueryType{{"TIMESTAMP", "TIMESTAMP"}, Value::text, "string", "date-time"},
    BigQueryType{{"TIME", "TIME"}, Value::text, "string", ""},
    BigQueryType{{"GEOGRAPHY", "GEOGRAPHY"}, Value::text, "string", ""},
    BigQueryType{{"JSON", "JSON"}, Value::text, "string", ""},
    BigQueryType{{"INTERVAL", "INTERVAL"}, Value::text, "string", ""},
    BigQueryType{{"RANGE", "RANGE"}, Value::text, "string", ""},
    BigQueryType{{"STRUCT", "RECORD"}, Value::record, "object", ""},
};

const BigQueryType* find_type(std::string_view name) {
    const auto found = std::find_if(types.begin(), types.end(), [&](const BigQueryType& type) {
        return type.names[0] == name || type.names[1] == name;
    });
    return found == types.end() ? nullptr : &*found;
}

void check_keys(const Json& document, const std::string& place) {
    // Everything that Google's own tools write; most of it is not used here.
    constexpr std::array<std::string_view, 13> known{"name",
                                                     "type",
                                                     "mode",
                                                     "fields",
                                                     "description",
                                                     "policyTags",
                                                     "maxLength",
                                                     "precision",
                                                     "scale",
                                                     "roundingMode",
                                                     "collation",
                                                     "defaultValueExpression",
                                                     "rangeElementType"};
    for (const auto& item : document.items()) {
        if (std::find(known.begin(), known.end(), item.key()) == known.end()) {
            refuse_bigquery(place, "has a key that BigQuery columns do not have");
        }
    }
}

BigQueryColumn read_column(const Json& document, const std::string& place) {
    if (!document.is_object()) {
        refuse_bigquery(place, "must be an object");
    }
    check_keys(document, place);
    BigQueryColumn column;
    column.name = json::string_at(document, "name");
    if (column.name.empty() || has_control_character(column.name)) {
        refuse_bigquery(place + ".name", "must be a non-empty string without control characters");
    }
    column.type = find_type(json::string_at(document, "type"));
    if (column.type == nullptr) {
        refuse_bigquery(place + ".type", "must be a BigQuery type in upper case");
    }
    const std::string mode = json::string_at(document, "mode", "NULLABLE");
    column.repeated = mode == "REPEATED";
    column.required = mode == "REQUIRED";
    if (!column.repeated && !column.required && mode != "NULLABLE") {
        refuse_bigquery(place + ".mode", "must be NULLABLE, REQUIRED or REPEATED");
    }
    const bool is_record = column.type->value == Value::record;
    if (document.contains("fields") != is_record) {
        refuse_bigquery(place, "fields is required for RECORD and not allowed for other types");
    }
    if (is_record) {
        column.fields = read_bigquery_schema(document.at("fields"), place + ".fields");
    }
    return column;
}

Json xdm_of(const BigQueryColumn& column) {
    constexpr std::int64_t largest_whole_double = 9'007'199'254'740'991;
    Json xdm = {{"type", column.type->type}};
    switch (column.type->value) {
        case Value::integer:
            xdm = {{"type", "integer"},
                   {"minimum", -largest_whole_double},
                   {"maximum", largest_whole_double}};
            break;
        case Value::number:
            xdm["type"] = "number";
            break;
        case Value::record:
            for (const auto& field : column.fields) {
                xdm["properties"][field.name] = xdm_of(field);
            }
            break;
        case Value::text:
        case Value::boolean:
            break;
    }
    if (!column.type->format.empty()) {
        xdm["format"] = column.type->format;
    }
    return column.repeated ? Json{{"type", "array"}, {"items", xdm}} : xdm;
}

bool fits(const Json& value, Value wanted) {
    switch (wanted) {
        case Value::text:
            return value.is_string();
        case Value::integer:
            return value.is_number_integer() || value.is_string();
        case Value::number:
            return value.is_number() || value.is_string();
        case Value::boolean:
            return value.is_boolean();
        case Value::record:
            return value.is_object();
    }
    return false;
}

Json read_single(const Json& value, const BigQueryColumn& column, const std::string& place) {
    if (!fits(value, column.type->value)) {
        refuse_bigquery(place,
                        "does not match the column's type " + std::string(column.type->names[1]));
    }
    return column.type->value == Value::record ? read_bigquery_row(value, column.fields, place)
                                               : value;
}

Json read_value(const Json& value, const BigQueryColumn& column, const std::string& place) {
    if (!column.repeated) {
        if (value.is_null() && column.required) {
            refuse_bigquery(place, "is null, but the column's mode is REQUIRED");
        }
        return value.is_null() ? value : read_single(value, column, place);
    }
    Json values = Json::array();
    if (!value.is_null() && !value.is_array()) {
        refuse_bigquery(place, "must be an array: the column's mode is REPEATED");
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
        values.push_back(read_single(value[i], column, place + "[" + std::to_string(i) + "]"));
    }
    return values;
}

}  // namespace

void refuse_bigquery(const std::string& place, const std::string& what) {
    throw Error(ExitCode::config, "file.malformed", place + ": " + what,
                "docs/emulator.md describes the format of the --bigquery file");
}

std::vector<BigQueryColumn> read_bigquery_schema(const Json& schema, const std::string& place) {
    if (!schema.is_array() || schema.empty()) {
        refuse_bigquery(place, "must be an array of columns");
    }
    std::vector<BigQueryColumn> columns;
    columns.reserve(schema.size());
    for (std::size_t i = 0; i < schema.size(); ++i) {
        const std::string at = place + "[" + std::to_string(i) + "]";
        BigQueryColumn column = read_column(schema[i], at);
        for (const auto& other : columns) {
            if (other.name == column.name) {
                refuse_bigquery(at + ".name", "duplicate column name");
            }
        }
        columns.push_back(std::move(column));
    }
    return columns;
}

Json shown_column(const BigQueryColumn& column) {
    Json shown = {{"name", column.name},
                  {"type", column.repeated ? "array" : column.type->type},
                  {"xdm", xdm_of(column)}};
    if (!column.repeated && !column.type->format.empty()) {
        shown["meta:xdmType"] = column.type->format;
    }
    return shown;
}

Json read_bigquery_row(const Json& row, const std::vector<BigQueryColumn>& columns,
                       const std::string& place) {
    if (!row.is_object()) {
        refuse_bigquery(place, "must be an object");
    }
    for (const auto& item : row.items()) {
        if (std::none_of(columns.begin(), columns.end(),
                         [&](const auto& column) { return column.name == item.key(); })) {
            refuse_bigquery(place, "has a value that belongs to no column of the schema");
        }
    }
    Json whole = Json::object();
    for (const auto& column : columns) {
        const auto value = row.find(column.name);
        whole[column.name] =
            read_value(value == row.end() ? Json() : *value, column, place + "." + column.name);
    }
    return whole;
}

}  // namespace bqconn::emulator
