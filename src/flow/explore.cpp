#include "bqconn/flow/explore.hpp"

#include "bqconn/flow/pages.hpp"
#include "bqconn/http/url.hpp"

namespace bqconn::flow {
namespace {

using json::Json;

constexpr Subject of_tables{"the list of tables", "bad_response.explore"};
constexpr Subject of_table{"the description of the table", "bad_response.explore"};

bool is_true(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

Call explore_call(const std::string& id, const Parameters& parameters) {
    return {.method = http::Method::get,
            .path = "/connections/" + id + "/explore?" + http::encode_pairs(parameters)};
}

// The source's type name, else that of Experience Platform.
std::string type_of(const Json& column) {
    std::string type = json::string_at(column, "type");
    if (type.empty()) {
        if (const auto xdm = column.find("xdm"); xdm != column.end()) {
            type = json::string_at(*xdm, "type");
        }
    }
    return type;
}

}  // namespace

std::vector<Table> read_tables(FlowService& service, const std::string& id) {
    const Document document =
        read_document(service, explore_call(id, {{"objectType", "root"}}), of_tables);
    if (!document.json.is_array()) {
        throw unusable(document.response, of_tables, "it is not a list");
    }
    std::vector<Table> tables;
    for (const auto& item : document.json) {
        Table table{json::string_at(item, "name"), json::string_at(item, "path"),
                    json::string_at(item, "type"), false, false};
        if (table.path.empty()) {
            table.path = table.name;
        }
        if (table.path.empty()) {
            throw unusable(document.response, of_tables, "an item has neither path nor name");
        }
        if (table.name.empty()) {
            table.name = table.path;
        }
        table.can_preview = is_true(item, "canPreview");
        table.can_fetch_schema = is_true(item, "canFetchSchema");
        tables.push_back(std::move(table));
    }
    return tables;
}

TableContent read_table(FlowService& service, const std::string& id, const std::string& path,
                        bool preview) {
    Parameters parameters{{"objectType", "table"}, {"object", path}};
    if (preview) {
        parameters.emplace_back("preview", "true");
    }
    const Document document = read_document(service, explore_call(id, parameters), of_table);
    const auto schema =
        document.json.is_object() ? document.json.find("schema") : document.json.end();
    if (!document.json.is_object() || schema == document.json.end() || !schema->is_object() ||
        !schema->contains("columns") || !schema->at("columns").is_array()) {
        throw unusable(document.response, of_table, "it has no columns");
    }
    TableContent content;
    for (const auto& column : schema->at("columns")) {
        const std::string name = json::string_at(column, "name");
        if (name.empty()) {
            throw unusable(document.response, of_table, "a column has no name");
        }
        content.columns.push_back({name, type_of(column)});
    }
    const auto data = document.json.find("data");
    if (!preview || data == document.json.end()) {
        return content;
    }
    if (!data->is_array()) {
        throw unusable(document.response, of_table, "its rows are not a list");
    }
    for (const auto& row : *data) {
        if (!row.is_object()) {
            throw unusable(document.response, of_table, "a row is not an object");
        }
        content.rows.emplace_back(row);
    }
    return content;
}

}  // namespace bqconn::flow
