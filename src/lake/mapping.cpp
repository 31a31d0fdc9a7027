#include "bqconn/lake/mapping.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/flow/wire.hpp"
#include "bqconn/http/answer.hpp"

namespace bqconn::lake {
namespace {

using flow::Column;
using json::Json;

constexpr flow::Subject of_set{"the mapping set", "bad_response.mapping"};
constexpr flow::Subject of_sets{"the list of mapping sets", "bad_response.mapping"};
constexpr flow::Subject of_validation{"the validation of the mapping", "bad_response.mapping"};

// In the order of Kind.
constexpr auto kind_words = std::to_array<std::string_view>({"ATTRIBUTE", "EXPRESSION", "STATIC"});

std::string escaped(std::string_view name) {
    std::string out;
    for (const char c : name) {
        out += c == '.' ? "\\." : std::string(1, c);
    }
    return out;
}

// --- The source of a mapping: a column, a field of a column, or an expression.

// The parts between dots, which a backslash makes part of a name.
std::vector<std::string> parts_of(std::string_view path) {
    std::vector<std::string> parts(1);
    for (std::size_t at = 0; at < path.size(); ++at) {
        if (path[at] == '\\' && at + 1 < path.size()) {
            parts.back() += path[++at];
        } else if (path[at] == '.') {
            parts.emplace_back();
        } else {
            parts.back() += path[at];
        }
    }
    return parts;
}

const Column* find_column(const std::vector<Column>& columns, std::string_view name) {
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const Column& one) { return one.name == name; });
    return found == columns.end() ? nullptr : &*found;
}

bool is_path(std::string_view text) {
    return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
           std::all_of(text.begin(), text.end(), [](char c) {
               const auto byte = static_cast<unsigned char>(c);
               return std::isalnum(byte) != 0 || byte >= 0x80 ||
                      std::string_view("_.\\[]*").find(c) != std::string_view::npos;
           });
}

Mapping mapping_of(std::string_view source, std::string_view destination, std::string place,
                   const std::vector<Column>& columns) {
    Mapping one{Kind::expression, std::string(source), std::string(destination), std::move(place)};
    if (find_column(columns, source) != nullptr) {
        one.kind = Kind::attribute;
        one.source = escaped(source);
    } else if (source.size() >= 2 && source.front() == '"' &&
               source.find('"', 1) == source.size() - 1) {
        one.kind = Kind::constant;
        one.source = source.substr(1, source.size() - 2);
    } else if (is_path(source)) {
        one.kind = Kind::attribute;
    }
    return one;
}

// The type of the column, or of the field of a column, that `source` names; none if the table has
// no such column.
std::optional<Type> type_of_source(const std::string& source, const std::vector<Column>& columns) {
    const auto parts = parts_of(source);
    const Column* const column = find_column(columns, parts.front());
    if (column == nullptr) {
        return std::nullopt;
    }
    const Json* schema = &json::member(column->as_sent, "xdm");
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const Json& properties = json::member(*schema, "properties");
        if (!properties.is_object()) {
            return Type::unknown;  // the service did not say which fields the column has
        }
        schema = &json::member(properties, parts[i]);
        if (schema->is_null()) {
            return std::nullopt;
        }
    }
    return type_of(*schema);
}

// Whether Data Prep can convert the type: text to and from any scalar, and numbers.
bool can_take(Type field, Type source) {
    const auto is_structure = [](Type type) { return type == Type::object || type == Type::array; };
    const auto is_number = [](Type type) { return type == Type::integer || type == Type::number; };
    const auto is_time = [](Type type) { return type == Type::date || type == Type::date_time; };
    if (field == source || field == Type::unknown || source == Type::unknown) {
        return true;
    }
    if (is_structure(field) || is_structure(source)) {
        return false;
    }
    return field == Type::string || source == Type::string ||
           (is_number(field) && is_number(source)) || (is_time(field) && is_time(source));
}

// The source and the destination around the last separator, which an expression may contain but a
// path cannot; empty if there is none.
std::pair<std::string_view, std::string_view> split_pair(std::string_view text, char separator) {
    const auto at = text.rfind(separator);
    return at == std::string_view::npos
               ? std::pair<std::string_view, std::string_view>()
               : std::pair(trim_ascii(text.substr(0, at)), trim_ascii(text.substr(at + 1)));
}

// --- Files

Error malformed(const std::string& file, std::size_t line, const std::string& what) {
    return {ExitCode::config, "config.mapping",
            inert_line(file) + (line > 0 ? ":" + std::to_string(line) : "") + ": " + what,
            "a mapping file is JSON in Data Prep's format, or lines of source,destination as in "
            "--map source=destination; bqconn dataflow create --map auto prints one"};
}

Mappings parse_lines(std::string_view text, const std::string& file,
                     const std::vector<Column>& columns) {
    Mappings mappings;
    std::size_t number = 0;
    for (const auto& line : split(text, '\n')) {
        ++number;
        const std::string_view trimmed = trim_ascii(line);
        if (trimmed.empty() || trimmed.starts_with('#') ||
            (number == 1 && to_lower_ascii(trimmed) == "source,destination")) {
            continue;
        }
        const auto [source, destination] = split_pair(trimmed, ',');
        if (source.empty() || destination.empty()) {
            throw malformed(file, number, "must be source,destination");
        }
        mappings.push_back(mapping_of(source, destination,
                                      inert_line(file) + ":" + std::to_string(number), columns));
        // A spreadsheet's quotes around a cell.
        if (source.front() == '"' && mappings.back().kind == Kind::expression) {
            throw malformed(file, number,
                            "a source that begins with a double quote must be a constant, with no "
                            "other double quote than the one at its end");
        }
    }
    return mappings;
}

// A mapping in the new or the old form; empty if it has neither.
std::optional<Mapping> mapping_of(const Json& item) {
    Mapping one;
    const std::string type = json::string_at(item, "sourceType", kind_words[0]);
    const auto* const word = std::find(kind_words.begin(), kind_words.end(), type);
    // Replies of the service also have the older word for an attribute.
    const bool is_attribute = word == kind_words.end() && type == "text/x.schema-path";
    one.kind = word == kind_words.end() ? (is_attribute ? Kind::attribute : Kind::expression)
                                        : static_cast<Kind>(word - kind_words.begin());
    one.source = json::string_at(item, "source", json::string_at(item, "sourceAttribute"));
    one.destination =
        json::string_at(item, "destination", json::string_at(item, "destinationXdmPath"));
    return one.destination.empty() || one.source.empty() ? std::nullopt : std::optional(one);
}

Mappings parse_json(std::string_view text, const std::string& file) {
    Json document;
    try {
        document = json::parse(text, json::DuplicateKeys::refused);
    } catch (const json::ParseError& error) {
        throw malformed(file, error.line(), error.what());
    }
    const Json& list = document.is_array() ? document : json::member(document, "mappings");
    if (!list.is_array()) {
        throw malformed(file, 0, "has no list of mappings");
    }
    Mappings mappings;
    for (const auto& item : list) {
        const auto one = mapping_of(item);
        if (!one) {
            throw malformed(file, 0,
                            "mapping " + std::to_string(mappings.size() + 1) +
                                " has no source or no destination");
        }
        mappings.push_back(*one);
        mappings.back().place = inert_line(file) + ": mapping " + std::to_string(mappings.size());
    }
    return mappings;
}

// --- Problems

std::string did_you_mean(const std::string& word, const std::vector<std::string_view>& names) {
    const auto meant = nearest(word, names);
    return meant ? "; did you mean " + in_quotes(*meant) + "?" : "";
}

// Whether the schema has the field, or an object above it that may hold any field.
bool can_hold(const SchemaFields& schema, std::string path) {
    if (schema.find(path) != nullptr) {
        return true;
    }
    for (auto dot = path.rfind('.'); dot != std::string::npos; dot = path.rfind('.')) {
        path.resize(dot);
        if (const Field* const field = schema.find(path)) {
            const bool has_fields = std::any_of(
                schema.fields.begin(), schema.fields.end(),
                [&](const Field& other) { return other.path.starts_with(field->path + "."); });
            return field->type == Type::object && !has_fields;
        }
    }
    return false;
}

std::string problem_of(const Mapping& one, const std::vector<Column>& columns,
                       const SchemaFields& schema, std::string_view whose) {
    std::vector<std::string_view> names;
    if (!can_hold(schema, one.destination)) {
        for (const auto& field : schema.fields) {
            names.push_back(field.path);
        }
        return "the schema has no field " + in_quotes(one.destination) +
               did_you_mean(one.destination, names);
    }
    if (one.kind != Kind::attribute) {
        return {};
    }
    const auto source = type_of_source(one.source, columns);
    if (!source) {
        for (const auto& column : columns) {
            names.push_back(column.name);
        }
        return std::string(whose) + " no column " + in_quotes(one.source) +
               did_you_mean(one.source, names);
    }
    const Field* const field = schema.find(one.destination);
    if (field != nullptr && !can_take(field->type, *source)) {
        return in_quotes(one.destination) + " is of type " + std::string(name_of(field->type)) +
               ", but " + in_quotes(one.source) + " is of type " + std::string(name_of(*source)) +
               ": convert it with an expression";
    }
    return {};
}

// --- Proposals

std::string bare_name(std::string_view name) {
    std::string bare;
    for (const char c : to_lower_ascii(name)) {
        bare +=
            std::string_view("_- .\\").find(c) == std::string_view::npos ? std::string(1, c) : "";
    }
    return bare;
}

// The nearest field to the root that has the column's name, can take it and is not taken.
const Field* field_for(const Column& column, const SchemaFields& schema,
                       const std::set<std::string>& taken) {
    const Type type = type_of(json::member(column.as_sent, "xdm"));
    const Field* best = nullptr;
    const auto depth = [](const Field& field) {
        return std::count(field.path.begin(), field.path.end(), '.');
    };
    for (const auto& field : schema.fields) {
        const bool is_named = bare_name(parts_of(field.path).back()) == bare_name(column.name);
        if (is_named && field.path.find("[*]") == std::string::npos && can_take(field.type, type) &&
            !taken.contains(field.path) && (best == nullptr || depth(field) < depth(*best))) {
            best = &field;
        }
    }
    return best;
}

// The version, in some documents a string.
std::string version_of(const Json& document) {
    const auto number = json::integer_at(document, "version");
    return number ? std::to_string(*number) : json::string_at(document, "version", "0");
}

MappingSet set_of(const Json& document, const flow::Document& whole) {
    MappingSet set{.id = json::string_at(document, "id"),
                   .version = version_of(document),
                   .name = json::string_at(document, "name"),
                   .schema_id = json::string_at(
                       json::member(json::member(document, "outputSchema"), "schemaRef"), "id",
                       json::string_at(document, "xdmSchema")),
                   .mappings = {}};
    if (!flow::is_connection_id(set.id)) {
        throw whole.unusable("a mapping set has no id");
    }
    for (const auto& item : json::array_at(document, "mappings")) {
        if (const auto one = mapping_of(item)) {
            set.mappings.push_back(*one);
        }
    }
    return set;
}

}  // namespace

Mapping parse_pair(std::string_view text, const std::string& place,
                   const std::vector<Column>& columns) {
    const auto [source, destination] = split_pair(text, '=');
    if (source.empty() || destination.empty()) {
        throw Error(ExitCode::usage, "usage.invalid_value", place + " must be COLUMN=PATH",
                    "example: --map order_id=_acme.orderId; bqconn schemas ID lists the paths");
    }
    return mapping_of(source, destination, place, columns);
}

Mappings parse_pairs(const std::vector<std::string>& texts, const std::string& place,
                     const std::vector<Column>& columns) {
    Mappings mappings;
    mappings.reserve(texts.size());
    for (const auto& text : texts) {
        mappings.push_back(
            parse_pair(text, place + " " + std::to_string(mappings.size() + 1), columns));
    }
    return mappings;
}

std::string column_of(const Mapping& mapping) {
    return parts_of(mapping.source).front();
}

std::string pair_of(const Mapping& mapping) {
    const std::string quote = mapping.kind == Kind::constant ? "\"" : "";
    return quote + mapping.source + quote + "=" + mapping.destination;
}

Mappings parse_file(std::string_view text, const std::string& file,
                    const std::vector<Column>& columns) {
    const std::string_view start = trim_ascii(without_bom(text));
    if (!is_utf8(start)) {
        throw malformed(file, 0, "is not UTF-8");
    }
    Mappings mappings = start.starts_with('{') || start.starts_with('[')
                            ? parse_json(start, file)
                            : parse_lines(without_bom(text), file, columns);
    if (mappings.empty()) {
        throw malformed(file, 0, "has no mapping");
    }
    return mappings;
}

std::vector<std::string> problems_of(const Mappings& mappings, const std::vector<Column>& columns,
                                     const SchemaFields& schema, const std::string& place,
                                     std::string_view whose) {
    std::vector<std::string> problems;
    std::map<std::string, std::string> places;  // of each destination
    std::set<std::string> destinations;
    for (const auto& one : mappings) {
        const std::string problem = problem_of(one, columns, schema, whose);
        const auto [first, is_new] = places.emplace(one.destination, one.place);
        if (!problem.empty()) {
            problems.push_back(one.place + ": " + problem);
        } else if (!is_new) {
            problems.push_back(one.place + ": " + in_quotes(one.destination) +
                               " is already mapped by " + first->second);
        }
        destinations.insert(one.destination);
    }
    for (const auto& path : missing_fields(schema, destinations)) {
        problems.push_back(place + ": the required field " + in_quotes(path) + " has no mapping");
    }
    return problems;
}

Proposal propose(const std::vector<Column>& columns, const SchemaFields& schema) {
    Proposal proposal;
    std::set<std::string> taken;
    for (const auto& column : columns) {
        if (const Field* const field = field_for(column, schema, taken)) {
            taken.insert(field->path);
            proposal.mappings.push_back(
                {Kind::attribute, escaped(column.name), field->path, "--map auto"});
        } else {
            proposal.unmapped_columns.push_back(column.name);
        }
    }
    proposal.missing_fields = missing_fields(schema, taken);
    return proposal;
}

json::OrderedJson to_json(const Mappings& mappings) {
    auto list = json::OrderedJson::array();
    for (const auto& one : mappings) {
        list.push_back({{"sourceType", kind_words.at(static_cast<std::size_t>(one.kind))},
                        {"source", one.source},
                        {"destination", one.destination}});
    }
    return list;
}

Json body_of(const std::string& name, const std::string& schema_id, const Mappings& mappings) {
    return {
        {"name", name},
        {"outputSchema",
         {{"schemaRef",
           {{"id", schema_id}, {"contentType", "application/vnd.adobe.xed-full+json;version=1"}}}}},
        {"mappings", Json(to_json(mappings))}};
}

MappingSet read_mapping_set(flow::FlowService& service, const std::string& id) {
    const flow::Document document = flow::read_document(
        service, {.path = "/mappingSets/" + http::percent_encode(id), .api = flow::Api::mappings},
        of_set);
    return set_of(document.json, document);
}

std::vector<MappingSet> find_mapping_sets(flow::FlowService& service, const std::string& name) {
    constexpr std::size_t page_size = 100;
    std::vector<MappingSet> found;
    std::set<std::string> seen;
    for (std::size_t start = 0;; start += page_size) {
        const http::Pairs parameters{
            {"name", name}, {"limit", std::to_string(page_size)}, {"start", std::to_string(start)}};
        const flow::Document page = flow::read_document(
            service,
            {.path = "/mappingSets?" + http::encode_pairs(parameters), .api = flow::Api::mappings},
            of_sets);
        const Json& items = json::member(page.json, "data");
        if (!items.is_array()) {
            throw page.unusable("it has no data");
        }
        bool is_new = false;
        for (const auto& item : items) {
            MappingSet one = set_of(item, page);
            is_new = seen.insert(one.id).second || is_new;
            if (one.name == name) {
                found.push_back(std::move(one));
            }
        }
        if (!is_new || items.size() < page_size) {
            return found;
        }
    }
}

std::vector<std::string> refused_by_service(flow::FlowService& service,
                                            const std::string& schema_id, const Mappings& mappings,
                                            const std::string& place) {
    const flow::Document document =
        flow::read_document(service,
                            {.method = http::Method::post,
                             .path = "/mappingSets/validate",
                             .body = Secret(body_of("check", schema_id, mappings).dump()),
                             .api = flow::Api::mappings,
                             .asks_only = true},
                            of_validation);
    const Json& results = json::member(document.json, "validationResponse");
    if (!results.is_array()) {
        throw document.unusable("it has no validationResponse");
    }
    std::vector<std::string> refused;
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (json::string_at(results[i], "status") == "SUCCESS") {
            continue;
        }
        std::string words;
        for (const auto& error : json::array_at(results[i], "errors")) {
            words += (words.empty() ? "" : "; ") +
                     http::service_words(
                         json::string_at(error, "exception", json::string_at(error, "message")));
        }
        refused.push_back(
            (i < mappings.size() ? mappings[i].place : place) +
            ": Data Prep refuses the mapping: " + (words.empty() ? "it gives no reason" : words));
    }
    return refused;
}

}  // namespace bqconn::lake
