#include "emulator/platform/mapping.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "bqconn/core/text.hpp"
#include "bqconn/core/time_text.hpp"
#include "emulator/google/bigquery_project.hpp"
#include "emulator/platform/connection_spec.hpp"
#include "emulator/server/message.hpp"

namespace bqconn::emulator {
namespace {

std::string as_text(const Json& value) {
    return value.is_string() ? value.get<std::string>() : dump(value);
}

// "a.b" is the member b of a; "\\." is a dot in a name.
std::vector<std::string> parse_column(const std::string& text) {
    std::vector<std::string> names(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.compare(i, 2, "\\.") == 0) {
            names.back() += text[++i];
        } else if (text[i] == '.') {
            names.emplace_back();
        } else {
            names.back() += text[i];
        }
    }
    return names;
}

// --- Conversion to the types of a schema

template <typename Value>
Json json_of(const std::optional<Value>& value) {
    return value ? Json(*value) : Json();
}

Json convert_text(const std::string& text, const std::string& type, const std::string& format) {
    constexpr auto true_words = std::to_array<std::string_view>({"true", "yes", "y", "on"});
    constexpr auto false_words = std::to_array<std::string_view>({"false", "no", "n", "off"});
    if (type == "integer") {
        return json_of(whole_number<std::int64_t>(text));
    }
    if (type == "number") {
        return json_of(whole_number<double>(text));
    }
    if (type == "boolean") {
        const std::string word = to_lower_ascii(text);
        const bool is_true = std::ranges::find(true_words, word) != true_words.end();
        const bool is_false = std::ranges::find(false_words, word) != false_words.end();
        return is_true || is_false ? Json(is_true) : Json();
    }
    if (type == "string" && (format == "date" || format == "date-time")) {
        constexpr std::size_t date_size = 10;
        const auto time = parse_date_time(text);
        return time ? Json(utc_time(std::chrono::sys_seconds(std::chrono::seconds(*time / 1000)))
                               .substr(0, format == "date" ? date_size : std::string::npos))
                    : Json();
    }
    return type == "string" ? Json(text) : Json();
}

// Null if `value` or a part of it cannot be converted. Members that the schema lacks are dropped.
Json convert(const Json& value, const Json& field) {
    const std::string type = json::string_at(field, "type");
    Json converted;
    if (type == "array" && value.is_array()) {
        converted = Json::array();
        for (const Json& item : value) {
            converted.push_back(convert(item, json::member(field, "items")));
        }
    } else if (type == "object" && value.is_object()) {
        converted = Json::object();
        for (const auto& [name, property] : json::member(field, "properties").items()) {
            if (const Json& member = json::member(value, name); !member.is_null()) {
                converted[name] = convert(member, property);
            }
        }
    } else if (!value.is_structured()) {
        converted = convert_text(as_text(value), type, json::string_at(field, "format"));
    }
    const Json& allowed = json::array_at(field, "enum");
    const bool is_allowed =
        allowed.empty() || std::ranges::find(allowed, converted) != allowed.end();
    const bool is_whole =
        !converted.is_structured() || std::ranges::find(converted, Json()) == converted.end();
    return is_allowed && is_whole ? converted : Json();
}

}  // namespace

MappingFields mapping_fields(const Json& mapping) {
    return {json::string_at(mapping, "sourceType", "ATTRIBUTE"), json::string_at(mapping, "source"),
            json::string_at(mapping, "destination")};
}

Mapping::Mapping(const Json& mapping_set, Json schema) : schema_(std::move(schema)) {
    for (const Json& mapping : json::array_at(mapping_set, "mappings")) {
        std::string& finding = findings_.emplace_back();
        try {
            add_rule(mapping_fields(mapping));
        } catch (const std::invalid_argument& error) {
            finding = error.what();
        }
    }
}

void Mapping::add_rule(const MappingFields& fields) {
    if ((fields.source + fields.destination).find_first_of("[]") != std::string::npos) {
        throw std::invalid_argument("The emulator does not support single elements of arrays");
    }
    Rule rule{.destination = split(fields.destination, '.')};
    const Json* field = &schema_;
    for (const auto& name : rule.destination) {
        field = &json::member(json::member(*field, "properties"), name);
    }
    if (field->is_null()) {
        throw std::invalid_argument("The destination is not in the schema");
    }
    if (std::ranges::find(rules_, rule.destination, &Rule::destination) != rules_.end()) {
        throw std::invalid_argument("The destination is mapped more than once");
    }
    rule.field = *field;
    if (fields.type == "STATIC") {
        rule.constant = fields.source;
    } else if (fields.type == "ATTRIBUTE") {
        rule.column = parse_column(fields.source);
    } else {
        throw std::invalid_argument("The emulator supports only the types ATTRIBUTE and STATIC");
    }
    rules_.push_back(std::move(rule));
}

std::vector<std::string> Mapping::columns() const {
    std::vector<std::string> names;
    for (const Rule& rule : rules_) {
        if (!rule.column.empty()) {
            names.push_back(rule.column.front());
        }
    }
    return names;
}

MappedRow Mapping::map(const Json& row) const {
    MappedRow mapped;
    for (const Rule& rule : rules_) {
        const Json* value = rule.column.empty() ? &rule.constant : &row;
        for (const auto& name : rule.column) {
            value = &json::member(*value, name);
        }
        if (value->is_null()) {
            continue;
        }
        Json converted = convert(*value, rule.field);
        if (converted.is_null()) {
            const std::string type = json::string_at(rule.field, "type");
            mapped.warnings.push_back("Mapper Transform Error: " + join(rule.destination, ".") +
                                      ": the value cannot be converted to " +
                                      json::string_at(rule.field, "format", type));
            continue;
        }
        Json* place = &mapped.document;
        for (const auto& name : rule.destination) {
            place = &(*place)[name];
        }
        *place = std::move(converted);
    }
    // Every value has the type of its field, so a violation can only be a missing required field.
    for (const auto& violation : schema_violations(schema_, mapped.document)) {
        mapped.errors.push_back("A required field is either missing or has a value of null. " +
                                violation);
    }
    return mapped;
}

Json rejected_row(Json row, const MappedRow& mapped) {
    for (const auto& message : mapped.errors) {
        row["_errors"].push_back({{"code", required_code}, {"message", message}});
    }
    for (const auto& message : mapped.warnings) {
        row["_errors"].push_back({{"code", conversion_code}, {"message", message}});
    }
    return row;
}

}  // namespace bqconn::emulator
