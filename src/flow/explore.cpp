#include "bqconn/flow/explore.hpp"

namespace bqconn::flow {
namespace {

using json::Json;

constexpr Subject of_tables{"the list of tables", "bad_response.explore"};
constexpr Subject of_table{"the description of the table", "bad_response.explore"};

Call explore_call(const std::string& id, const http::Pairs& parameters) {
    return {.path = "/connections/" + id + "/explore?" + http::encode_pairs(parameters)};
}

}  // namespace

std::vector<Table> read_tables(FlowService& service, const std::string& id) {
    const Document document =
        read_document(service, explore_call(id, {{"objectType", "root"}}), of_tables);
    if (!document.json.is_array()) {
        throw document.unusable("it is not a list");
    }
    std::vector<Table> tables;
    for (const auto& item : document.json) {
        const std::string name = json::string_at(item, "name");
        const std::string path = json::string_at(item, "path", name);
        if (name.empty() && path.empty()) {
            throw document.unusable("an item has neither path nor name");
        }
        tables.push_back({.name = name.empty() ? path : name,
                          .path = path.empty() ? name : path,
                          .type = json::string_at(item, "type"),
                          .can_preview = json::member(item, "canPreview") == true,
                          .can_fetch_schema = json::member(item, "canFetchSchema") == true});
    }
    return tables;
}

TableContent read_table(FlowService& service, const std::string& id, const std::string& path,
                        bool preview) {
    http::Pairs parameters{{"objectType", "table"}, {"object", path}};
    if (preview) {
        parameters.emplace_back("preview", "true");
    }
    const Document document = read_document(service, explore_call(id, parameters), of_table);
    const Json& columns = json::member(json::member(document.json, "schema"), "columns");
    if (!columns.is_array()) {
        throw document.unusable("it has no columns");
    }
    TableContent content;
    for (const auto& column : columns) {
        const std::string name = json::string_at(column, "name");
        if (name.empty()) {
            throw document.unusable("a column has no name");
        }
        // The source's type name, else that of Experience Platform.
        const std::string type = json::string_at(column, "type");
        content.columns.push_back(
            {.name = name,
             .type = type.empty() ? json::string_at(json::member(column, "xdm"), "type") : type,
             .as_sent = column});
    }
    if (!preview || !document.json.contains("data")) {
        return content;
    }
    const Json& rows = document.json.at("data");
    if (!rows.is_array()) {
        throw document.unusable("its rows are not a list");
    }
    for (const auto& row : rows) {
        if (!row.is_object()) {
            throw document.unusable("a row is not an object");
        }
        content.rows.emplace_back(row);
    }
    return content;
}

}  // namespace bqconn::flow
