#include "bqconn/output/result.hpp"

#include <string_view>
#include <utility>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::output {
namespace {

using json::OrderedJson;

std::string as_text(const ConnectionResult& result) {
    const std::string done = result.outcome == flow::Outcome::existing  ? "Found"
                             : result.outcome == flow::Outcome::updated ? "Updated"
                                                                        : "Created";
    std::string text = done + " base connection \"" + inert_line(result.name) + "\" in sandbox " +
                       inert_line(result.sandbox_name) + "\n" +
                       details({{"  id", result.id}, {"  etag", result.etag}});
    if (result.outcome == flow::Outcome::recovered) {
        text += "The response was lost; the connection was found by name.\n";
    }
    return text;
}

// "Basic Authentication" → "Basic"
std::string short_auth(const std::string& auth_spec) {
    constexpr std::string_view suffix = " Authentication";
    return auth_spec.ends_with(suffix) ? auth_spec.substr(0, auth_spec.size() - suffix.size())
                                       : auth_spec;
}

// One cell as text: strings without quotes, null as empty, everything else as JSON.
std::string cell_of(const OrderedJson& row, const std::string& column) {
    const auto found = row.find(column);
    if (found == row.end() || found->is_null()) {
        return "";
    }
    return found->is_string() ? found->get<std::string>() : json::to_line(*found);
}

Row cells_of(const flow::Connection& one) {
    return {one.id, one.name, short_auth(one.auth_spec), one.state,
            local_time(one.updated_at > 0 ? one.updated_at : one.created_at)};
}

Row cells_of(const flow::Sandbox& one) {
    return {one.name, one.title, one.type, one.state, one.region, one.is_default ? "default" : ""};
}

Row cells_of(const flow::Table& one) {
    return {one.path, one.type, one.can_preview ? "yes" : "no"};
}

Row cells_of(const flow::Column& one) {
    return {one.name, one.type};
}

template <typename Item>
std::vector<Row> rows_of(const std::vector<Item>& items) {
    std::vector<Row> rows;
    rows.reserve(items.size());
    for (const auto& item : items) {
        rows.push_back(cells_of(item));
    }
    return rows;
}

// Titles and rows of a list of columns or of a preview.
std::pair<Row, std::vector<Row>> content_of(const flow::TableContent& content, bool preview) {
    if (!preview) {
        return {{"column", "type"}, rows_of(content.columns)};
    }
    Row titles;
    for (const auto& column : content.columns) {
        titles.push_back(column.name);
    }
    std::vector<Row> rows;
    for (const auto& row : content.rows) {
        Row& cells = rows.emplace_back();
        for (const auto& title : titles) {
            cells.push_back(cell_of(row, title));
        }
    }
    return {titles, rows};
}

// `if_empty`: shown instead of a table without rows.
std::string table_or(const char* if_empty, std::vector<ColumnTitle> titles,
                     const std::vector<Row>& rows, const Style& style) {
    return rows.empty() ? if_empty : table(std::move(titles), rows, style);
}

}  // namespace

std::string render(const ConnectionResult& result, Format format) {
    switch (format) {
        case Format::text:
            return as_text(result);
        case Format::json:
            return json::to_line(OrderedJson{{"id", result.id},
                                             {"etag", result.etag},
                                             {"name", result.name},
                                             {"sandboxName", result.sandbox_name},
                                             {"outcome", flow::name_of(result.outcome)}}) +
                   "\n";
        case Format::id:
            return result.id + "\n";
        case Format::etag:
            return result.etag + "\n";
        case Format::env:
            return "BQCONN_CONNECTION_ID=" + result.id +
                   "\nBQCONN_CONNECTION_ETAG=" + shell_quoted(result.etag) + "\n";
        case Format::ndjson:
        case Format::csv:
            break;
    }
    return {};
}

OrderedJson to_json(const flow::Connection& one) {
    return {{"id", one.id},
            {"etag", one.etag},
            {"name", one.name},
            {"state", one.state},
            {"createdAt", one.created_at},
            {"description", one.description},
            {"authSpec", one.auth_spec},
            {"authParameters", one.auth_parameters},
            {"connectionSpec", {{"id", one.spec_id}, {"version", one.spec_version}}},
            {"updatedAt", one.updated_at},
            {"createdBy", one.created_by},
            {"updatedBy", one.updated_by},
            {"version", one.version}};
}

OrderedJson to_json(const flow::Sandbox& one) {
    return {{"name", one.name},   {"title", one.title},   {"type", one.type},
            {"state", one.state}, {"region", one.region}, {"isDefault", one.is_default}};
}

OrderedJson to_json(const flow::Table& one) {
    return {{"name", one.name},
            {"path", one.path},
            {"type", one.type},
            {"canPreview", one.can_preview},
            {"canFetchSchema", one.can_fetch_schema}};
}

OrderedJson to_json(const flow::TableContent& content) {
    OrderedJson columns = OrderedJson::array();
    for (const auto& column : content.columns) {
        columns.push_back({{"name", column.name}, {"type", column.type}});
    }
    OrderedJson document = {{"columns", std::move(columns)}};
    document["rows"] = content.rows;
    return document;
}

std::string text_of(const std::vector<flow::Connection>& connections, const Style& style) {
    return table_or("No connections.\n",
                    {{"ID"}, {"NAME", true}, {"AUTH", false, 2}, {"STATE"}, {"UPDATED", false, 1}},
                    rows_of(connections), style);
}

std::string text_of(const flow::Connection& one, const std::string& sandbox_name) {
    std::vector<std::pair<std::string_view, std::string>> lines{
        {"id", one.id},
        {"name", one.name},
        {"description", one.description},
        {"sandbox", sandbox_name},
        {"state", one.state},
        {"auth", one.auth_spec},
        {"auth set", join(one.auth_parameters, ", ")},
        {"created", local_time(one.created_at)},
        {"updated", local_time(one.updated_at)},
        {"etag", one.etag},
    };
    std::erase_if(lines, [](const auto& line) { return line.second.empty(); });
    return details(lines);
}

std::string text_of(const std::vector<flow::Sandbox>& sandboxes, const Style& style) {
    return table_or(
        "No sandboxes.\n",
        {{"NAME"}, {"TITLE", true}, {"TYPE", false, 2}, {"STATE"}, {"REGION", false, 1}, {""}},
        rows_of(sandboxes), style);
}

std::string text_of(const std::vector<flow::Table>& tables, const Style& style) {
    return table_or("No tables.\n", {{"TABLE"}, {"TYPE"}, {"PREVIEW"}}, rows_of(tables), style);
}

std::string text_of(const flow::TableContent& content, bool preview, const Style& style) {
    auto [names, rows] = content_of(content, preview);
    if (!preview) {
        return table({{"COLUMN", true}, {"TYPE"}}, rows, style);
    }
    std::vector<ColumnTitle> titles;
    for (auto& name : names) {
        name = inert_line(name);
        titles.push_back({name, true});
    }
    return table_or("No rows.\n", std::move(titles), rows, style);
}

std::string csv_of(const std::vector<flow::Table>& tables) {
    return csv({"table", "type", "preview"}, rows_of(tables));
}

std::string csv_of(const flow::TableContent& content, bool preview) {
    const auto [titles, rows] = content_of(content, preview);
    return csv(titles, rows);
}

}  // namespace bqconn::output
