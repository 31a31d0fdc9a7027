#include "emulator/google/bigquery_project.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/core/time_text.hpp"
#include "emulator/samples.hpp"

namespace bqconn::emulator {
namespace {

using json::Json;

// --- Errors: each starts with its location in the document.

[[noreturn]] void refuse_at(const std::string& place, const std::string& what) {
    throw Error(ExitCode::config, "file.malformed", place + ": " + what,
                "docs/emulator.md describes the format of the file");
}

std::string element(const std::string& place, std::size_t index) {
    return place + "[" + std::to_string(index) + "]";
}

Json parse_document(std::string_view text, const std::string& source) {
    try {
        return json::parse(text, json::DuplicateKeys::refused);
    } catch (const json::ParseError& error) {
        // Line 0: the whole document.
        const std::string place = error.line() == 0 ? std::string()
                                                    : ":" + std::to_string(error.line()) + ":" +
                                                          std::to_string(error.column());
        refuse_at(source + place, error.what());
    }
}

void check_object(const Json& document, const std::string& place) {
    if (!document.is_object()) {
        refuse_at(place, "must be an object");
    }
}

const Json& array_at(const Json& document, const char* key, const std::string& place) {
    const auto found = document.is_object() ? document.find(key) : document.end();
    if (found == document.end() || !found->is_array()) {
        refuse_at(place, std::string("must be an object with the array ") + key);
    }
    return *found;
}

std::string name_at(const Json& document, const char* key, const std::string& place,
                    const char* what) {
    auto name = json::string_at(document, key);
    if (name.empty() || has_control_character(name)) {
        refuse_at(place + "." + key, std::string("must be ") + what);
    }
    return name;
}

// --- Types

// A kind of value: its type in the columns that Flow Service shows and in their "xdm", and whether
// a value in a row has it. A number may be a string, as Google's own tools write it.
struct Value {
    std::string_view type;
    std::string_view xdm_type;
    bool (*fits)(const Json& value);
};

constexpr Value text_value{"string", "string", [](const Json& value) { return value.is_string(); }};
constexpr Value integer_value{"long", "integer", [](const Json& value) {
                                  return value.is_number_integer() || value.is_string();
                              }};
constexpr Value number_value{
    "double", "number", [](const Json& value) { return value.is_number() || value.is_string(); }};
constexpr Value boolean_value{"boolean", "boolean",
                              [](const Json& value) { return value.is_boolean(); }};
constexpr Value record_value{"object", "object",
                             [](const Json& value) { return value.is_object(); }};

struct BigQueryType {
    std::array<std::string_view, 2> names;  // in standard and legacy SQL
    const Value* value;
    std::string_view format = {};
};

constexpr std::array types{
    BigQueryType{{"STRING", "STRING"}, &text_value},
    BigQueryType{{"BYTES", "BYTES"}, &text_value},
    BigQueryType{{"INT64", "INTEGER"}, &integer_value},
    BigQueryType{{"FLOAT64", "FLOAT"}, &number_value},
    BigQueryType{{"NUMERIC", "NUMERIC"}, &number_value},
    BigQueryType{{"BIGNUMERIC", "BIGNUMERIC"}, &number_value},
    BigQueryType{{"BOOL", "BOOLEAN"}, &boolean_value},
    BigQueryType{{"DATE", "DATE"}, &text_value, "date"},
    BigQueryType{{"DATETIME", "DATETIME"}, &text_value, "date-time"},
    BigQueryType{{"TIMESTAMP", "TIMESTAMP"}, &text_value, "date-time"},
    BigQueryType{{"TIME", "TIME"}, &text_value},
    BigQueryType{{"GEOGRAPHY", "GEOGRAPHY"}, &text_value},
    BigQueryType{{"JSON", "JSON"}, &text_value},
    BigQueryType{{"INTERVAL", "INTERVAL"}, &text_value},
    BigQueryType{{"RANGE", "RANGE"}, &text_value},
    BigQueryType{{"STRUCT", "RECORD"}, &record_value},
};

const BigQueryType* find_type(std::string_view name) {
    const auto found = std::ranges::find_if(types, [&](const BigQueryType& type) {
        return std::ranges::find(type.names, name) != type.names.end();
    });
    return found == types.end() ? nullptr : &*found;
}

struct Column {
    std::string name;
    const BigQueryType* type = nullptr;
    bool repeated = false;
    bool required = false;
    std::vector<Column> fields;  // of a RECORD
};

// A table's path is split at the dot, so names must not contain one.
std::string id_at(const Json& document, const std::string& place) {
    const char* const what = "a name without a dot";
    auto id = name_at(document, "id", place, what);
    if (id.find('.') != std::string::npos) {
        refuse_at(place + ".id", std::string("must be ") + what);
    }
    return id;
}

// --- Columns: the schema of a table, as `bq show --schema` prints it.

// Everything that Google's own tools write; most of it is not used here.
constexpr auto column_keys = std::to_array<std::string_view>(
    {"name", "type", "mode", "fields", "scale", "description", "collation", "policyTags",
     "maxLength", "roundingMode", "precision", "rangeElementType", "defaultValueExpression"});

std::vector<Column> read_schema(const Json& schema, const std::string& place);

Column read_column(const Json& document, const std::string& place) {
    check_object(document, place);
    for (const auto& item : document.items()) {
        if (std::ranges::find(column_keys, item.key()) == column_keys.end()) {
            refuse_at(place, "has a key that BigQuery columns do not have");
        }
    }
    Column column;
    column.name = name_at(document, "name", place, "a non-empty string without control characters");
    column.type = find_type(json::string_at(document, "type"));
    if (column.type == nullptr) {
        refuse_at(place + ".type", "must be a BigQuery type in upper case");
    }
    const std::string mode = json::string_at(document, "mode", "NULLABLE");
    column.repeated = mode == "REPEATED";
    column.required = mode == "REQUIRED";
    if (!column.repeated && !column.required && mode != "NULLABLE") {
        refuse_at(place + ".mode", "must be NULLABLE, REQUIRED or REPEATED");
    }
    const bool is_record = column.type->value == &record_value;
    if (document.contains("fields") != is_record) {
        refuse_at(place, "fields is required for RECORD and not allowed for other types");
    }
    if (is_record) {
        column.fields = read_schema(document.at("fields"), place + ".fields");
    }
    return column;
}

bool has_column(const std::vector<Column>& columns, const std::string& name) {
    return std::ranges::find(columns, name, &Column::name) != columns.end();
}

std::vector<Column> read_schema(const Json& schema, const std::string& place) {
    if (!schema.is_array() || schema.empty()) {
        refuse_at(place, "must be an array of columns");
    }
    std::vector<Column> columns;
    for (std::size_t i = 0; i < schema.size(); ++i) {
        Column column = read_column(schema[i], element(place, i));
        if (has_column(columns, column.name)) {
            refuse_at(element(place, i) + ".name", "duplicate column name");
        }
        columns.push_back(std::move(column));
    }
    return columns;
}

Json xdm_of(const Column& column) {
    constexpr std::int64_t largest_whole_double = 9'007'199'254'740'991;
    Json xdm = {{"type", column.type->value->xdm_type}};
    if (column.type->value == &integer_value) {
        xdm["minimum"] = -largest_whole_double;
        xdm["maximum"] = largest_whole_double;
    }
    for (const auto& field : column.fields) {
        xdm["properties"][field.name] = xdm_of(field);
    }
    if (!column.type->format.empty()) {
        xdm["format"] = column.type->format;
    }
    return column.repeated ? Json{{"type", "array"}, {"items", xdm}} : xdm;
}

// As Flow Service shows it.
Json shown_column(const Column& column) {
    Json shown = {{"name", column.name},
                  {"type", column.repeated ? "array" : column.type->value->type},
                  {"xdm", xdm_of(column)}};
    if (!column.repeated && !column.type->format.empty()) {
        shown["meta:xdmType"] = column.type->format;
    }
    return shown;
}

// --- Rows

Json read_row(const Json& row, const std::vector<Column>& columns, const std::string& place);

Json read_single(const Json& value, const Column& column, const std::string& place) {
    if (!column.type->value->fits(value)) {
        refuse_at(place, "does not match the column's type " + std::string(column.type->names[1]));
    }
    return column.type->value == &record_value ? read_row(value, column.fields, place) : value;
}

Json read_value(const Json& value, const Column& column, const std::string& place) {
    if (!column.repeated) {
        if (value.is_null() && column.required) {
            refuse_at(place, "is null, but the column's mode is REQUIRED");
        }
        return value.is_null() ? value : read_single(value, column, place);
    }
    if (!value.is_null() && !value.is_array()) {
        refuse_at(place, "must be an array: the column's mode is REPEATED");
    }
    Json values = Json::array();
    for (std::size_t i = 0; i < value.size(); ++i) {
        values.push_back(read_single(value[i], column, element(place, i)));
    }
    return values;
}

// `row` with every column, missing ones as null.
Json read_row(const Json& row, const std::vector<Column>& columns, const std::string& place) {
    check_object(row, place);
    for (const auto& item : row.items()) {
        if (!has_column(columns, item.key())) {
            refuse_at(place, "has a value that belongs to no column of the schema");
        }
    }
    Json whole = Json::object();
    for (const auto& column : columns) {
        whole[column.name] =
            read_value(row.value(column.name, Json()), column, place + "." + column.name);
    }
    return whole;
}

// --- Tables and datasets

BigQueryTable read_table(const Json& document, const std::string& dataset,
                         const std::string& place) {
    const auto columns = read_schema(array_at(document, "schema", place), place + ".schema");
    BigQueryTable table{.path = dataset + "." + id_at(document, place),
                        .columns = Json::array(),
                        .rows = Json::array()};
    for (const auto& column : columns) {
        table.columns.push_back(shown_column(column));
    }
    const Json& rows = array_at(document, "rows", place);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        table.rows.push_back(read_row(rows[i], columns, element(place + ".rows", i)));
    }
    return table;
}

BigQueryDataset read_dataset(const Json& document, const std::string& place) {
    return {id_at(document, place),
            document.contains("location")
                ? name_at(document, "location", place, "a location such as US or europe-west1")
                : "US"};
}

}  // namespace

BigQueryProject read_bigquery_project(std::string_view text, const std::string& source) {
    const Json document = parse_document(text, source);
    BigQueryProject project;
    const Json& datasets = array_at(document, "datasets", source);
    for (std::size_t i = 0; i < datasets.size(); ++i) {
        const std::string place = element(source + ": datasets", i);
        const Json& tables = array_at(datasets[i], "tables", place);
        const BigQueryDataset dataset = read_dataset(datasets[i], place);
        // A dataset may be listed more than once; the first entry sets its location.
        if (std::ranges::find(project.datasets, dataset.id, &BigQueryDataset::id) ==
            project.datasets.end()) {
            project.datasets.push_back(dataset);
        }
        for (std::size_t j = 0; j < tables.size(); ++j) {
            const std::string at = element(place + ".tables", j);
            BigQueryTable table = read_table(tables[j], dataset.id, at);
            if (find_table(project, table.path) != nullptr) {
                refuse_at(at + ".id", "duplicate table name");
            }
            project.tables.push_back(std::move(table));
        }
    }
    return project;
}

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
    constexpr std::size_t date_size = 10;
    constexpr std::size_t time_size = 19;
    std::string whole = text.substr(0, time_size);
    if (whole.size() == time_size) {
        whole[date_size] = whole[date_size] == ' ' ? 'T' : whole[date_size];
        whole += 'Z';
    }
    std::string_view rest = std::string_view(text).substr(std::min(text.size(), time_size));
    if (rest.starts_with('.')) {
        rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
    }
    const auto time = parse_time(whole);
    const bool is_utc = rest.empty() || rest == "Z" || rest == " UTC";
    return time && is_utc
               ? std::optional(std::chrono::milliseconds(time->time_since_epoch()).count())
               : std::nullopt;
}

const BigQueryProject& sample_bigquery_project() {
    static const BigQueryProject project =
        read_bigquery_project(bigquery_sample, "the built-in project");
    return project;
}

}  // namespace bqconn::emulator
