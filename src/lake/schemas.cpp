#include "bqconn/lake/schemas.hpp"

#include <algorithm>
#include <array>

#include "bqconn/http/answer.hpp"

namespace bqconn::lake {
namespace {

using json::Json;

constexpr flow::Subject of_schemas{"the list of schemas", "bad_response.schemas"};
constexpr flow::Subject of_schema{"the schema", "bad_response.schema"};
constexpr std::string_view full = "application/vnd.adobe.xed-full+json; version=1";

Schema schema_of(const Json& item) {
    return {.id = json::string_at(item, "$id"),
            .alt_id = json::string_at(item, "meta:altId"),
            .title = json::string_at(item, "title"),
            .version = json::string_at(item, "version")};
}

bool is_listed(const Json& names, const std::string& name) {
    return names.is_array() && std::find(names.begin(), names.end(), name) != names.end();
}

void add_fields(const Json& schema, const std::string& prefix, std::vector<Field>& fields) {
    const Json& properties = json::member(schema, "properties");
    if (!properties.is_object()) {
        return;
    }
    for (const auto& [name, property] : properties.items()) {
        std::string path = prefix;
        for (const char c : name) {
            path += c == '.' ? "\\." : std::string(1, c);
        }
        const Type type = type_of(property);
        fields.push_back({path, type, is_listed(json::member(schema, "required"), name)});
        if (type == Type::array) {
            add_fields(json::member(property, "items"), path + "[*].", fields);
        } else {
            add_fields(property, path + ".", fields);
        }
    }
}

// "lines[0].sku" and "lines[*].sku" are "lines[*].sku".
std::string without_index(std::string_view path) {
    std::string plain;
    for (std::size_t at = 0; at < path.size(); ++at) {
        plain += path[at];
        if (path[at] == '[') {
            plain += "*]";
            at = std::min(path.find(']', at), path.size());
        }
    }
    return plain;
}

// Whether `path` lies below `object`.
bool is_below(std::string_view path, std::string_view object) {
    return !object.empty() && path.size() > object.size() && path.starts_with(object) &&
           (path[object.size()] == '.' || path[object.size()] == '[');
}

}  // namespace

std::string_view name_of(Type type) {
    constexpr auto names =
        std::to_array<std::string_view>({"unknown", "string", "integer", "number", "boolean",
                                         "date", "date-time", "object", "array"});
    return names.at(static_cast<std::size_t>(type));
}

Type type_of(const Json& schema) {
    const Json& declared = json::member(schema, "type");
    // ["string", "null"] is a string that may be null.
    const std::string type = declared.is_array() && !declared.empty()
                                 ? json::string_at({{"type", declared.front()}}, "type")
                                 : json::string_at(schema, "type");
    const std::string format = json::string_at(schema, "format");
    if (type == "string" && (format == "date" || format == "date-time")) {
        return format == "date" ? Type::date : Type::date_time;
    }
    for (const Type one :
         {Type::string, Type::integer, Type::number, Type::boolean, Type::object, Type::array}) {
        if (type == name_of(one)) {
            return one;
        }
    }
    return json::member(schema, "properties").is_object() ? Type::object : Type::unknown;
}

const Field* SchemaFields::find(std::string_view path) const {
    const std::string plain = without_index(path);
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const Field& field) { return field.path == plain; });
    return found == fields.end() ? nullptr : &*found;
}

std::vector<Schema> read_schemas(flow::FlowService& service) {
    std::vector<Schema> schemas;
    std::set<std::string> seen;
    for (std::string start;;) {
        http::Pairs parameters{{"orderby", "title"}, {"limit", "300"}};
        if (!start.empty()) {
            parameters.emplace_back("start", start);
        }
        const flow::Document page =
            flow::read_document(service,
                                {.path = "/tenant/schemas?" + http::encode_pairs(parameters),
                                 .api = flow::Api::schemas},
                                of_schemas);
        const Json& results = json::member(page.json, "results");
        if (!results.is_array()) {
            throw page.unusable("it has no results");
        }
        for (const auto& item : results) {
            schemas.push_back(schema_of(item));
            if (schemas.back().id.empty()) {
                throw page.unusable("a schema has no $id");
            }
        }
        start = json::string_at(json::member(page.json, "_page"), "next");
        if (start.empty()) {
            return schemas;
        }
        if (!seen.insert(start).second) {
            throw page.unusable("its next page repeats an earlier one");
        }
    }
}

SchemaFields read_schema(flow::FlowService& service, const std::string& id) {
    const flow::Document document =
        flow::read_document(service,
                            {.path = "/tenant/schemas/" + http::percent_encode(id),
                             .api = flow::Api::schemas,
                             .accept = full},
                            of_schema);
    SchemaFields schema{schema_of(document.json), {}};
    if (schema.schema.id.empty() || !json::member(document.json, "properties").is_object()) {
        throw document.unusable("it has no $id or no properties");
    }
    add_fields(document.json, "", schema.fields);
    return schema;
}

std::vector<std::string> missing_fields(const SchemaFields& schema,
                                        const std::set<std::string>& destinations) {
    std::vector<std::string> plain;
    plain.reserve(destinations.size());
    for (const auto& one : destinations) {
        plain.push_back(without_index(one));
    }
    const auto is_filled = [&plain](const std::string& path) {
        return std::any_of(plain.begin(), plain.end(), [&](const std::string& one) {
            return one == path || is_below(one, path) || is_below(path, one);
        });
    };
    std::vector<std::string> missing;
    // The last object or array that is left out as a whole; what it holds follows it directly.
    std::string left_out;
    for (const auto& field : schema.fields) {
        if (is_below(field.path, left_out) || is_filled(field.path)) {
            continue;
        }
        // A required object is missing as those of its fields that are required.
        const bool required_object = field.required && field.type == Type::object;
        left_out = required_object ? left_out : field.path;
        if (field.required) {
            if (!missing.empty() && is_below(field.path, missing.back())) {
                missing.pop_back();
            }
            missing.push_back(field.path);
        }
    }
    return missing;
}

}  // namespace bqconn::lake
