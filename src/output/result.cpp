#include "bqconn/output/result.hpp"

#include <string_view>
#include <utility>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "output/list.hpp"

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

}  // namespace

std::string render(const ConnectionResult& result, Format format, bool for_shell) {
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
            return "BQCONN_CONNECTION_ID=" + result.id + "\nBQCONN_CONNECTION_ETAG=" +
                   (for_shell || has_control_character(result.etag) ? shell_quoted(result.etag)
                                                                    : result.etag) +
                   "\n";
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

std::string text_of(const flow::Connection& one, const std::string& sandbox_name) {
    return details({
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
    });
}

// --- The lists

template <>
Layout layout_of<flow::Connection>() {
    return {{{"ID"},
             {"NAME", true},
             {"AUTH", false, 3},
             {"STATE", false, 4},
             {"CREATED", false, 2},
             {"UPDATED", false, 1}},
            "No connections.\n"};
}

template <>
Row cells_of(const flow::Connection& one) {
    return {one.id,
            one.name,
            short_auth(one.auth_spec),
            one.state,
            local_time(one.created_at),
            local_time(one.updated_at)};
}

template <>
OrderedJson json_of(const flow::Connection& one) {
    return to_json(one);
}

template <>
Layout layout_of<flow::Sandbox>() {
    return {{{"NAME"}, {"TITLE", true}, {"TYPE", false, 2}, {"STATE"}, {"REGION", false, 1}, {""}},
            "No sandboxes.\n"};
}

template <>
Row cells_of(const flow::Sandbox& one) {
    return {one.name, one.title, one.type, one.state, one.region, one.is_default ? "default" : ""};
}

template <>
OrderedJson json_of(const flow::Sandbox& one) {
    return {{"name", one.name},   {"title", one.title},   {"type", one.type},
            {"state", one.state}, {"region", one.region}, {"isDefault", one.is_default}};
}

template <>
Layout layout_of<flow::Table>() {
    return {{{"TABLE"}, {"TYPE"}, {"PREVIEW"}}, "No tables.\n"};
}

template <>
Row cells_of(const flow::Table& one) {
    return {one.path, one.type, one.can_preview ? "yes" : "no"};
}

template <>
OrderedJson json_of(const flow::Table& one) {
    return {{"name", one.name},
            {"path", one.path},
            {"type", one.type},
            {"canPreview", one.can_preview},
            {"canFetchSchema", one.can_fetch_schema}};
}

template <>
Layout layout_of<flow::Column>() {
    return {{{"COLUMN", true}, {"TYPE"}}};
}

template <>
Row cells_of(const flow::Column& one) {
    return {one.name, one.type};
}

template <>
OrderedJson json_of(const flow::Column& one) {
    return {{"name", one.name}, {"type", one.type}};
}

template std::string render(const std::vector<flow::Connection>&, Format, const Style&,
                            std::size_t);
template std::string render(const std::vector<flow::Sandbox>&, Format, const Style&, std::size_t);
template std::string render(const std::vector<flow::Table>&, Format, const Style&, std::size_t);

std::string render(const flow::TableContent& content, bool preview, Format format,
                   const Style& style) {
    if (format == Format::json) {
        OrderedJson document = {{"columns", array_of(content.columns)}};
        document["rows"] = content.rows;
        return json::to_line(document) + "\n";
    }
    if (!preview || format == Format::id) {
        return render(content.columns, format, style);
    }
    Row names;
    for (const auto& column : content.columns) {
        names.push_back(inert_line(column.name));
    }
    std::vector<Row> rows;
    for (const auto& row : content.rows) {
        Row& cells = rows.emplace_back();
        for (const auto& column : content.columns) {
            cells.push_back(cell_of(row, column.name));
        }
    }
    if (format == Format::csv) {
        return csv(names, rows);
    }
    std::vector<ColumnTitle> titles;
    for (const auto& name : names) {
        titles.push_back({name, true});
    }
    return rows.empty() ? "No rows.\n" : table(std::move(titles), rows, style);
}

}  // namespace bqconn::output
