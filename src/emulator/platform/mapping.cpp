#include "emulator/platform/mapping.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <ctime>
#include <optional>
#include <regex>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "bqconn/core/text.hpp"
#include "emulator/server/message.hpp"

namespace bqconn::emulator {
namespace {

using Evaluate = std::function<Json(const Json& row)>;

// A value that cannot be computed. It nullifies the column.
struct TransformError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string as_text(const Json& value) {
    return value.is_string() ? value.get<std::string>() : dump(value);
}

// --- Dates

// The strptime() format of a Java pattern; none if it has letters that are not supported.
std::optional<std::string> time_format(std::string_view pattern) {
    constexpr std::string_view letters = "yMdHms";
    constexpr std::string_view specifiers = "YmdHMS";
    std::string format;
    bool quoted = false;
    char previous = 0;
    for (const char c : pattern) {
        const auto letter = letters.find(c);
        if (c == '\'') {
            quoted = !quoted;
        } else if (quoted || std::isalpha(static_cast<unsigned char>(c)) == 0) {
            format.append(c == '%' ? "%%" : std::string(1, c));
        } else if (letter == std::string_view::npos) {
            return std::nullopt;
        } else if (c != previous) {
            format += {'%', specifiers[letter]};
        }
        previous = c;
    }
    return pattern.find("MMM") == std::string_view::npos ? std::optional(format) : std::nullopt;
}

// What follows the part of `text` that has the format; none if it has another, or no such day
// exists.
std::optional<std::string> take_time(const std::string& text, const std::string& format,
                                     std::tm& time) {
    const char* const rest = strptime(text.c_str(), format.c_str(), &time);
    std::tm normalised = time;
    timegm(&normalised);
    return rest != nullptr && normalised.tm_mday == time.tm_mday ? std::optional(rest)
                                                                 : std::nullopt;
}

// As a date-time of RFC 3339. Without a format, `text` is a date or a date-time; UTC is the
// default. None if it is neither.
std::optional<std::string> date_time(const std::string& text, const std::string& format = {}) {
    static const std::regex ending(R"((\.\d+)?(Z|[+-]\d\d:\d\d)?)");
    std::tm time{};
    time.tm_mday = 1;
    auto rest = take_time(text, format.empty() ? "%Y-%m-%d" : format, time);
    if (rest && !rest->empty() && format.empty()) {
        rest = take_time(rest->front() == ' ' ? "T" + rest->substr(1) : *rest, "T%T", time);
    }
    if (!rest || !std::regex_match(*rest, ending) || (!format.empty() && !rest->empty())) {
        return std::nullopt;
    }
    std::array<char, 32> shown{};
    std::strftime(shown.data(), shown.size(), "%FT%T", &time);
    const bool has_zone = rest->find_first_of("Z+-") != std::string::npos;
    return shown.data() + *rest + (has_zone ? "" : "Z");
}

// --- Sources

[[noreturn]] void refuse_expression() {
    throw std::invalid_argument(
        "The emulator cannot evaluate this expression: it supports columns, quoted constants and "
        "date(column, \"format\")");
}

// "a.b" is b in a. "\." is a dot in a name, ${…} a whole name. No name contains one of `reserved`.
std::vector<std::string> parse_path(std::string_view text, std::string_view reserved) {
    std::vector<std::string> names(1);
    while (!text.empty()) {
        const auto closing = text.find('}');
        std::size_t taken = 1;
        if (text.starts_with("${") && closing != std::string_view::npos) {
            names.back() += text.substr(2, closing - 2);
            taken = closing + 1;
        } else if (text.starts_with("\\.")) {
            names.back() += '.';
            taken = 2;
        } else if (text.front() == '.') {
            names.emplace_back();
        } else if (reserved.find(text.front()) != std::string_view::npos) {
            refuse_expression();
        } else {
            names.back() += text.front();
        }
        text.remove_prefix(taken);
    }
    if (std::ranges::any_of(names, &std::string::empty)) {
        refuse_expression();
    }
    return names;
}

// Null if any part of the path is null; a column that the row lacks is an error.
Evaluate column(std::vector<std::string> path) {
    return [path = std::move(path)](const Json& row) {
        if (!row.contains(path.front())) {
            throw TransformError("the source has no column " + path.front());
        }
        const Json* value = &row;
        for (const auto& name : path) {
            value = &json::member(*value, name);
        }
        return *value;
    };
}

Evaluate constant(std::string_view text) {
    return [value = Json(text)](const Json&) { return value; };
}

// What is between the quotes of a quoted constant; none for anything else.
std::optional<std::string> quoted_text(std::string_view text) {
    const bool quoted =
        text.size() > 1 && text.starts_with('"') && text.find('"', 1) + 1 == text.size();
    return quoted ? std::optional(std::string(text.substr(1, text.size() - 2))) : std::nullopt;
}

Evaluate expression(std::string_view text);

// The arguments of date(VALUE) or date(VALUE, "PATTERN").
Evaluate date_function(std::string_view arguments) {
    const auto comma = std::min(arguments.find(','), arguments.size());
    std::optional<std::string> format = "";
    if (comma < arguments.size()) {
        const auto pattern = quoted_text(trim_ascii(arguments.substr(comma + 1)));
        format = pattern ? time_format(*pattern) : std::nullopt;
    }
    if (!format) {
        refuse_expression();
    }
    return [value = expression(arguments.substr(0, comma)), format](const Json& row) {
        const Json given = value(row);
        const auto time = given.is_null() ? std::nullopt : date_time(as_text(given), *format);
        if (!time && !given.is_null()) {
            throw TransformError("date() cannot read the value");
        }
        return time ? Json(*time) : Json();
    };
}

Evaluate expression(std::string_view text) {
    constexpr std::string_view function = "date(";
    text = trim_ascii(text);
    if (const auto value = quoted_text(text)) {
        return constant(*value);
    }
    if (text.starts_with(function) && text.ends_with(')')) {
        text.remove_suffix(1);
        return date_function(text.substr(function.size()));
    }
    if (text.find_first_of("0123456789") == 0) {
        refuse_expression();
    }
    return column(parse_path(text, " \t\n()[]{}\",+-*/%<>=!&|?:;'\\"));
}

Evaluate parse_source(const MappingFields& fields) {
    if (fields.type == "STATIC") {
        return constant(fields.source);
    }
    if (fields.type == "ATTRIBUTE") {
        return column(parse_path(fields.source, "[]"));
    }
    if (fields.type == "EXPRESSION") {
        return expression(fields.source);
    }
    throw std::invalid_argument("sourceType must be ATTRIBUTE, EXPRESSION or STATIC");
}

// --- Conversion to the types of a schema

template <typename Value>
Json json_of(const std::optional<Value>& value) {
    return value ? Json(*value) : Json();
}

Json convert_text(const std::string& text, const std::string& type, const std::string& format) {
    constexpr auto words = std::to_array<std::pair<std::string_view, bool>>({{"true", true},
                                                                             {"yes", true},
                                                                             {"y", true},
                                                                             {"on", true},
                                                                             {"false", false},
                                                                             {"no", false},
                                                                             {"n", false},
                                                                             {"off", false}});
    if (type == "integer") {
        return json_of(whole_number<std::int64_t>(text));
    }
    if (type == "number") {
        return json_of(whole_number<double>(text));
    }
    if (type == "boolean") {
        const auto found = std::ranges::find(words, to_lower_ascii(text),
                                             [](const auto& word) { return word.first; });
        return found == words.end() ? Json() : Json(found->second);
    }
    if (type == "string" && (format == "date" || format == "date-time")) {
        constexpr std::size_t date_size = 10;
        const auto time = date_time(text);
        return time && format == "date" ? Json(time->substr(0, date_size)) : json_of(time);
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

// Adds an error for each required field that `document`, which is at `place`, lacks.
void add_missing(const Json& document, const Json& schema, const std::string& place,
                 std::vector<RowError>& errors) {
    const Json& properties = json::member(schema, "properties");
    for (const Json& name : json::array_at(schema, "required")) {
        const Json& field = json::member(properties, name.get_ref<const std::string&>());
        const std::string path = place + name.get<std::string>();
        if (document.contains(name)) {
            continue;
        }
        // Name the field itself, not an object around it.
        if (!json::array_at(field, "required").empty()) {
            add_missing(Json::object(), field, path + ".", errors);
        } else {
            errors.push_back(
                {"INGEST-1555-400",
                 "A required field is either missing or has a value of null: " + path});
        }
    }
    for (const auto& [name, value] : document.items()) {
        const Json& field = json::member(properties, name);
        if (value.is_object()) {
            add_missing(value, field, place + name + ".", errors);
        }
        for (const Json& item : value.is_array() ? value : Json::array()) {
            if (item.is_object()) {
                add_missing(item, json::member(field, "items"), place + name + "[*].", errors);
            }
        }
    }
}

}  // namespace

MappingFields mapping_fields(const Json& mapping) {
    MappingFields fields{
        json::string_at(mapping, "sourceType", "ATTRIBUTE"),
        json::string_at(mapping, "source", json::string_at(mapping, "sourceAttribute")),
        json::string_at(mapping, "destination", json::string_at(mapping, "destinationXdmPath"))};
    if (fields.type == "text/x.schema-path") {
        fields.type = "ATTRIBUTE";
    } else if (fields.type == "text/x.aep-xl") {
        fields.type = "EXPRESSION";
    }
    return fields;
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
    if (fields.destination.find_first_of("[]") != std::string::npos) {
        throw std::invalid_argument("The emulator does not support destinations inside arrays");
    }
    Rule rule;
    rule.destination = split(fields.destination, '.');
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
    rule.source = parse_source(fields);
    rules_.push_back(std::move(rule));
}

MappedRow Mapping::map(const Json& row) const {
    MappedRow mapped;
    for (const Rule& rule : rules_) {
        try {
            const Json value = rule.source(row);
            if (value.is_null()) {
                continue;
            }
            Json converted = convert(value, rule.field);
            if (converted.is_null()) {
                const std::string type = json::string_at(rule.field, "type");
                throw TransformError("the value cannot be converted to " +
                                     json::string_at(rule.field, "format", type));
            }
            Json* place = &mapped.document;
            for (const auto& name : rule.destination) {
                place = &(*place)[name];
            }
            *place = std::move(converted);
        } catch (const TransformError& error) {
            mapped.warnings.push_back(
                {"MAPPER-3700-400",
                 "Mapper Transform Error: " + join(rule.destination, ".") + ": " + error.what()});
        }
    }
    add_missing(mapped.document, schema_, "", mapped.errors);
    return mapped;
}

Json rejected_row(Json row, const MappedRow& mapped) {
    Json errors = Json::array();
    for (const auto* list : {&mapped.errors, &mapped.warnings}) {
        for (const RowError& error : *list) {
            errors.push_back({{"code", error.code}, {"message", error.message}});
        }
    }
    row["_errors"] = std::move(errors);
    return row;
}

}  // namespace bqconn::emulator
