#include "bqconn/emulator/bigquery_project.hpp"

#include <algorithm>
#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/emulator/bigquery_column.hpp"

namespace bqconn::emulator {
namespace {

using json::Json;

std::string element(const std::string& place, const char* name, std::size_t index) {
    return place + name + "[" + std::to_string(index) + "]";
}

const Json& array_at(const Json& document, const char* key, const std::string& place) {
    const auto found = document.is_object() ? document.find(key) : document.end();
    if (found == document.end() || !found->is_array()) {
        refuse_bigquery(place, std::string("must be an object with the array ") + key);
    }
    return *found;
}

// A table's path is split at the dot, so names must not contain one.
std::string name_at(const Json& document, const std::string& place) {
    auto name = json::string_at(document, "id");
    if (name.empty() || has_control_character(name) || name.find('.') != std::string::npos) {
        refuse_bigquery(place + ".id", "must be a name without a dot");
    }
    return name;
}

std::string location_at(const Json& document, const std::string& place) {
    if (!document.contains("location")) {
        return "US";
    }
    auto location = json::string_at(document, "location");
    if (location.empty() || has_control_character(location)) {
        refuse_bigquery(place + ".location", "must be a location such as US or europe-west1");
    }
    return location;
}

// A dataset may be listed more than once; the first entry sets its location.
void add_dataset(BigQueryProject& project, BigQueryDataset dataset) {
    if (std::none_of(project.datasets.begin(), project.datasets.end(),
                     [&](const auto& other) { return other.id == dataset.id; })) {
        project.datasets.push_back(std::move(dataset));
    }
}

BigQueryTable read_table(const Json& document, const std::string& dataset,
                         const std::string& place) {
    BigQueryTable table;
    const Json& schema = array_at(document, "schema", place);
    const auto columns = read_bigquery_schema(schema, place + ".schema");
    table.path = dataset + "." + name_at(document, place);
    table.columns = Json::array();
    for (const auto& column : columns) {
        table.columns.push_back(shown_column(column));
    }
    table.rows = Json::array();
    const Json& rows = array_at(document, "rows", place);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        table.rows.push_back(read_bigquery_row(rows[i], columns, element(place, ".rows", i)));
    }
    return table;
}

Json parse(std::string_view text, const std::string& source) {
    try {
        return json::parse(text, json::DuplicateKeys::refused);
    } catch (const json::ParseError& error) {
        // Line 0: the whole document.
        const std::string place = error.line() == 0 ? std::string()
                                                    : ":" + std::to_string(error.line()) + ":" +
                                                          std::to_string(error.column());
        refuse_bigquery(source + place, error.what());
    }
}

}  // namespace

BigQueryProject read_bigquery_project(std::string_view text, const std::string& source) {
    const Json document = parse(text, source);
    BigQueryProject project;
    const Json& datasets = array_at(document, "datasets", source);
    for (std::size_t i = 0; i < datasets.size(); ++i) {
        const std::string place = element(source + ": ", "datasets", i);
        const Json& tables = array_at(datasets[i], "tables", place);
        const std::string dataset = name_at(datasets[i], place);
        add_dataset(project, {dataset, location_at(datasets[i], place)});
        for (std::size_t j = 0; j < tables.size(); ++j) {
            const std::string at = element(place, ".tables", j);
            BigQueryTable table = read_table(tables[j], dataset, at);
            if (std::any_of(project.tables.begin(), project.tables.end(),
                            [&](const auto& other) { return other.path == table.path; })) {
                refuse_bigquery(at + ".id", "duplicate table name");
            }
            project.tables.push_back(std::move(table));
        }
    }
    return project;
}

}  // namespace bqconn::emulator
