#include "bqconn/output/listing.hpp"

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::output {
namespace {

using json::OrderedJson;

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

std::vector<Row> rows_of(const flow::TableContent& content, bool preview) {
    std::vector<Row> rows;
    rows.reserve(preview ? content.rows.size() : content.columns.size());
    if (!preview) {
        for (const auto& column : content.columns) {
            rows.push_back({column.name, column.type});
        }
        return rows;
    }
    for (const auto& row : content.rows) {
        Row cells;
        for (const auto& column : content.columns) {
            cells.push_back(cell_of(row, column.name));
        }
        rows.push_back(std::move(cells));
    }
    return rows;
}

std::string yes_or_no(bool value) {
    return value ? "yes" : "no";
}

}  // namespace

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
    if (connections.empty()) {
        return "No connections.\n";
    }
    std::vector<Row> rows;
    rows.reserve(connections.size());
    for (const auto& one : connections) {
        rows.push_back({one.id, one.name, short_auth(one.auth_spec), one.state,
                        local_time(one.updated_at > 0 ? one.updated_at : one.created_at)});
    }
    return table({{"ID"}, {"NAME", true}, {"AUTH", false, 2}, {"STATE"}, {"UPDATED", false, 1}},
                 rows, style);
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
    if (sandboxes.empty()) {
        return "No sandboxes.\n";
    }
    std::vector<Row> rows;
    rows.reserve(sandboxes.size());
    for (const auto& one : sandboxes) {
        rows.push_back({one.name, one.title, one.type, one.state, one.region,
                        one.is_default ? "default" : ""});
    }
    return table(
        {{"NAME"}, {"TITLE", true}, {"TYPE", false, 2}, {"STATE"}, {"REGION", false, 1}, {""}},
        rows, style);
}

std::string text_of(const std::vector<flow::Table>& tables, const Style& style) {
    if (tables.empty()) {
        return "No tables.\n";
    }
    std::vector<Row> rows;
    rows.reserve(tables.size());
    for (const auto& one : tables) {
        rows.push_back({one.path, one.type, yes_or_no(one.can_preview)});
    }
    return table({{"TABLE"}, {"TYPE"}, {"PREVIEW"}}, rows, style);
}

std::string text_of(const flow::TableContent& content, bool preview, const Style& style) {
    if (preview && content.rows.empty()) {
        return "No rows.\n";
    }
    std::vector<ColumnTitle> titles{{"COLUMN", true}, {"TYPE"}};
    std::vector<std::string> names;
    if (preview) {
        titles.clear();
        for (const auto& column : content.columns) {
            names.push_back(inert_line(column.name));
        }
        for (const auto& name : names) {
            titles.push_back({name, true});
        }
    }
    return table(titles, rows_of(content, preview), style);
}

std::string csv_of(const std::vector<flow::Table>& tables) {
    std::vector<Row> rows;
    rows.reserve(tables.size());
    for (const auto& one : tables) {
        rows.push_back({one.path, one.type, yes_or_no(one.can_preview)});
    }
    return csv({"table", "type", "preview"}, rows);
}

std::string csv_of(const flow::TableContent& content, bool preview) {
    std::vector<std::string> titles{"column", "type"};
    if (preview) {
        titles.clear();
        for (const auto& column : content.columns) {
            titles.push_back(column.name);
        }
    }
    return csv(titles, rows_of(content, preview));
}

}  // namespace bqconn::output
