#include "emulator/platform/mapping.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "bqconn/core/text.hpp"
#include "emulator/server/message.hpp"

namespace bqconn::emulator {
namespace {

using Evaluate = std::function<Json(const Json& row)>;

// A value that cannot be computed or converted. It nullifies the column.
struct TransformError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// --- Dates, as far as BigQuery writes them and Java's patterns describe them.

struct DateTime {
    int year = 0;
    int month = 1;
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
    std::string fraction = {};  // ".25"
    std::string zone = {"Z"};

    bool exists() const {
        using namespace std::chrono;
        return year_month_day(std::chrono::year(year), std::chrono::month(unsigned(month)),
                              std::chrono::day(unsigned(day)))
                   .ok() &&
               hour < 24 && minute < 60 && second < 60;
    }
};

std::string digits_of(int number, std::size_t width) {
    const std::string digits = std::to_string(number);
    return std::string(width - std::min(width, digits.size()), '0') + digits;
}

std::string date_of(const DateTime& time) {
    return digits_of(time.year, 4) + "-" + digits_of(time.month, 2) + "-" + digits_of(time.day, 2);
}

std::string text_of(const DateTime& time) {
    return date_of(time) + "T" + digits_of(time.hour, 2) + ":" + digits_of(time.minute, 2) + ":" +
           digits_of(time.second, 2) + time.fraction + time.zone;
}

// The field that a letter of a Java pattern stands for. Null for letters that are not supported.
int DateTime::*field_of(char letter) {
    switch (letter) {
        case 'y':
            return &DateTime::year;
        case 'M':
            return &DateTime::month;
        case 'd':
            return &DateTime::day;
        case 'H':
            return &DateTime::hour;
        case 'm':
            return &DateTime::minute;
        case 's':
            return &DateTime::second;
        default:
            return nullptr;
    }
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The length of the run of equal letters with which `pattern` starts.
std::size_t run_length(std::string_view pattern) {
    return std::min(pattern.find_first_not_of(pattern.front()), pattern.size());
}

// Removes what `pattern` describes from the front of `text`. Quotes enclose literal letters.
bool take_pattern(std::string_view& text, std::string_view pattern, DateTime& time) {
    bool quoted = false;
    while (!pattern.empty()) {
        const char c = pattern.front();
        const std::size_t length = quoted || !is_letter(c) ? 1 : run_length(pattern);
        pattern.remove_prefix(length);
        if (c == '\'') {
            quoted = !quoted;
        } else if (quoted || !is_letter(c)) {
            if (!text.starts_with(c)) {
                return false;
            }
            text.remove_prefix(1);
        } else {
            // A single letter takes one or two digits.
            const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
            const auto taken = length == 1 ? std::min<std::size_t>(digits, 2) : length;
            const auto number = whole_number<int>(text.substr(0, taken));
            if (taken > digits || !number) {
                return false;
            }
            time.*field_of(c) = *number;
            text.remove_prefix(taken);
        }
    }
    return true;
}

bool is_supported_pattern(std::string_view pattern) {
    bool quoted = false;
    return !pattern.empty() && std::ranges::all_of(pattern, [&](char c) {
        quoted = quoted != (c == '\'');
        return quoted || !is_letter(c) || field_of(c) != nullptr;
    });
}

std::optional<DateTime> parse_date(std::string_view text, std::string_view pattern) {
    DateTime time;
    return take_pattern(text, pattern, time) && text.empty() && time.exists() ? std::optional(time)
                                                                              : std::nullopt;
}

// A date, or a date and time with an optional fraction and time zone, which defaults to UTC.
std::optional<DateTime> parse_iso_date(std::string_view text) {
    DateTime time;
    if (!take_pattern(text, "yyyy-MM-dd", time)) {
        return std::nullopt;
    }
    if (!text.empty()) {
        if (text.front() != 'T' && text.front() != ' ') {
            return std::nullopt;
        }
        text.remove_prefix(1);
        if (!take_pattern(text, "HH:mm:ss", time)) {
            return std::nullopt;
        }
        if (text.starts_with('.')) {
            time.fraction = text.substr(0, text.find_first_not_of("0123456789", 1));
            text.remove_prefix(time.fraction.size());
        }
        DateTime offset;
        time.zone = text.empty() ? "Z" : text;
        if (time.zone != "Z" &&
            !((text.starts_with('+') || text.starts_with('-')) &&
              (text.remove_prefix(1), take_pattern(text, "HH:mm", offset)) && text.empty())) {
            return std::nullopt;
        }
    }
    return time.exists() ? std::optional(time) : std::nullopt;
}

// --- Expressions

// Not quoted: the source may contain customer data.
constexpr const char* not_evaluated =
    "The emulator cannot evaluate this expression: it supports columns, quoted constants and the "
    "functions date, concat, lower, upper and trim";

std::string as_text(const Json& value) {
    return value.is_string() ? value.get<std::string>() : dump(value);
}

// The value at `path`. Null if any part of it is null; a column that the row lacks is an error.
Evaluate column(std::vector<std::string> path) {
    return [path = std::move(path)](const Json& row) {
        if (!row.contains(path.front())) {
            throw TransformError("The source has no column " + path.front());
        }
        const Json* value = &row;
        for (const auto& key : path) {
            value = &json::member(*value, key);
        }
        return *value;
    };
}

class ExpressionParser {
  public:
    explicit ExpressionParser(std::string_view text) : text_(text) {}

    // Throws std::invalid_argument.
    Evaluate parse() {
        Evaluate parsed = expression();
        check(next() == '\0');
        return parsed;
    }

    // A path alone, in which every other character belongs to a name.
    std::vector<std::string> parse_path() {
        auto parsed = path(".[]");
        check(text_.empty());
        return parsed;
    }

  private:
    static void check(bool condition) {
        if (!condition) {
            throw std::invalid_argument(not_evaluated);
        }
    }

    // The next character that is not a space; '\0' at the end.
    char next() {
        text_.remove_prefix(std::min(text_.find_first_not_of(" \t\n"), text_.size()));
        return text_.empty() ? '\0' : text_.front();
    }

    bool take(char wanted) {
        const bool found = next() == wanted;
        text_.remove_prefix(found ? 1 : 0);
        return found;
    }

    std::string quoted() {
        check(take('"'));
        std::string value;
        while (!text_.empty() && text_.front() != '"') {
            text_.remove_prefix(text_.size() > 1 && text_.front() == '\\' ? 1 : 0);
            value += text_.front();
            text_.remove_prefix(1);
        }
        check(take('"'));
        return value;
    }

    // Up to one of `ends`. "\." is a dot in a name, ${…} a whole name.
    std::vector<std::string> path(std::string_view ends) {
        std::vector<std::string> names(1);
        while (!text_.empty()) {
            const char c = text_.front();
            const auto closing = text_.find('}');
            if (c == '\\' && text_.size() > 1) {
                names.back() += text_[1];
                text_.remove_prefix(2);
            } else if (text_.starts_with("${") && closing != std::string_view::npos) {
                names.back() += text_.substr(2, closing - 2);
                text_.remove_prefix(closing + 1);
            } else if (c == '.') {
                names.emplace_back();
                text_.remove_prefix(1);
            } else if (ends.find(c) == std::string_view::npos) {
                names.back() += c;
                text_.remove_prefix(1);
            } else {
                break;
            }
        }
        check(std::ranges::none_of(names, &std::string::empty));
        return names;
    }

    Evaluate expression() {
        if (next() == '"') {
            return [value = Json(quoted())](const Json&) { return value; };
        }
        auto names = path(" \t\n()[]{}\",+-*/%<>=!&|?:;'");
        if (!take('(')) {
            check(std::string_view("0123456789").find(names.front().front()) ==
                  std::string_view::npos);
            return column(std::move(names));
        }
        check(names.size() == 1);
        return names.front() == "date" ? date() : text_function(names.front());
    }

    // date(VALUE) or date(VALUE, "PATTERN").
    Evaluate date() {
        Evaluate value = expression();
        const std::string pattern = take(',') ? (next(), quoted()) : std::string();
        check(take(')') && (pattern.empty() || is_supported_pattern(pattern)));
        return [value = std::move(value), pattern](const Json& row) {
            const Json given = value(row);
            if (given.is_null()) {
                return given;
            }
            const std::string text = as_text(given);
            const auto time = pattern.empty() ? parse_iso_date(text) : parse_date(text, pattern);
            if (!time) {
                throw TransformError("date() cannot read the value");
            }
            return Json(text_of(*time));
        };
    }

    // A function that takes texts and returns one. Null if any argument is null.
    Evaluate text_function(const std::string& name) {
        std::vector<Evaluate> arguments;
        do {
            arguments.push_back(expression());
        } while (take(','));
        check(take(')'));
        std::string (*change)(std::string_view) = nullptr;
        if (name == "lower") {
            change = to_lower_ascii;
        } else if (name == "upper") {
            change = [](std::string_view text) {
                std::string upper(text);
                std::ranges::transform(upper, upper.begin(), [](char c) {
                    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
                });
                return upper;
            };
        } else if (name == "trim") {
            change = [](std::string_view text) { return std::string(trim_ascii(text)); };
        }
        check(name == "concat" || (change != nullptr && arguments.size() == 1));
        return [arguments = std::move(arguments), change](const Json& row) {
            std::string text;
            for (const auto& argument : arguments) {
                const Json value = argument(row);
                if (value.is_null()) {
                    return value;
                }
                text += as_text(value);
            }
            return Json(change == nullptr ? text : change(text));
        };
    }

    std::string_view text_;
};

Evaluate parse_source(const MappingFields& mapping) {
    if (mapping.type == "STATIC") {
        return [value = Json(mapping.source)](const Json&) { return value; };
    }
    if (mapping.type == "ATTRIBUTE") {
        return column(ExpressionParser(mapping.source).parse_path());
    }
    if (mapping.type == "EXPRESSION") {
        return ExpressionParser(mapping.source).parse();
    }
    throw std::invalid_argument("sourceType must be ATTRIBUTE, EXPRESSION or STATIC");
}

// --- Conversion to the types of a schema

std::optional<double> number_in(const Json& value) {
    if (value.is_string()) {
        return whole_number<double>(trim_ascii(value.get_ref<const std::string&>()));
    }
    return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

std::optional<std::int64_t> integer_in(const Json& value) {
    constexpr double largest_whole_double = 9'007'199'254'740'991;
    if (value.is_string()) {
        return whole_number<std::int64_t>(trim_ascii(value.get_ref<const std::string&>()));
    }
    if (value.is_number_float()) {
        const auto number = value.get<double>();
        return std::abs(number) <= largest_whole_double && std::trunc(number) == number
                   ? std::optional(static_cast<std::int64_t>(number))
                   : std::nullopt;
    }
    return value.is_number() ? std::optional(value.get<std::int64_t>()) : std::nullopt;
}

std::optional<bool> boolean_in(const Json& value) {
    if (value.is_boolean()) {
        return value.get<bool>();
    }
    const std::string word = value.is_string() ? to_lower_ascii(value.get<std::string>()) : "";
    constexpr auto yes = std::to_array<std::string_view>({"true", "yes", "y", "on", "1"});
    constexpr auto no = std::to_array<std::string_view>({"false", "no", "n", "off", "0"});
    return std::ranges::find(yes, word) != yes.end()
               ? std::optional(true)
               : (std::ranges::find(no, word) != no.end() ? std::optional(false) : std::nullopt);
}

std::optional<std::string> text_in(const Json& value, const std::string& format) {
    if (value.is_structured()) {
        return std::nullopt;
    }
    const std::string text = as_text(value);
    if (format != "date" && format != "date-time") {
        return text;
    }
    const auto time = parse_iso_date(text);
    return time ? std::optional(format == "date" ? date_of(*time) : text_of(*time)) : std::nullopt;
}

template <typename Value>
Json json_of(const std::optional<Value>& value) {
    return value ? Json(*value) : Json();
}

bool is_allowed(const Json& value, const Json& field) {
    const Json& allowed = json::member(field, "enum");
    const Json& least = json::member(field, "minimum");
    const Json& most = json::member(field, "maximum");
    return (allowed.is_null() || std::ranges::find(allowed, value) != allowed.end()) &&
           (!value.is_number() ||
            ((least.is_null() || value >= least) && (most.is_null() || value <= most)));
}

// Null if `value` cannot be converted. Members that the schema does not have are dropped.
Json convert(const Json& value, const Json& field) {
    const std::string type = json::string_at(field, "type");
    Json converted;
    if (type == "string") {
        converted = json_of(text_in(value, json::string_at(field, "format")));
    } else if (type == "integer") {
        converted = json_of(integer_in(value));
    } else if (type == "number") {
        converted = json_of(number_in(value));
    } else if (type == "boolean") {
        converted = json_of(boolean_in(value));
    } else if (type == "array" && value.is_array()) {
        converted = Json::array();
        for (const Json& item : value) {
            converted.push_back(convert(item, json::member(field, "items")));
        }
        if (std::ranges::find(converted, Json()) != converted.end()) {
            return {};
        }
    } else if (type == "object" && value.is_object()) {
        converted = Json::object();
        for (const auto& [name, property] : json::member(field, "properties").items()) {
            const Json& member = json::member(value, name);
            if (member.is_null()) {
                continue;
            }
            converted[name] = convert(member, property);
            if (converted[name].is_null()) {
                return {};
            }
        }
    }
    return is_allowed(converted, field) ? converted : Json();
}

// The part of the schema for the field at `path`; null if it has none.
Json field_at(const Json& schema, const std::vector<std::string>& path) {
    const Json* field = &schema;
    for (const auto& name : path) {
        field = &json::member(json::member(*field, "properties"), name);
    }
    return *field;
}

void add_missing(const Json& document, const Json& schema, const std::string& place,
                 std::vector<RowError>& errors) {
    for (const Json& name : json::array_at(schema, "required")) {
        if (!document.contains(name)) {
            errors.push_back(
                {"INGEST-1555-400", "A required field is either missing or has a value of null: " +
                                        place + name.get<std::string>()});
        }
    }
    for (const auto& [name, value] : document.items()) {
        const Json& field = json::member(json::member(schema, "properties"), name);
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
    std::set<std::string> destinations;
    for (const Json& mapping : json::array_at(mapping_set, "mappings")) {
        const MappingFields fields = mapping_fields(mapping);
        findings_.push_back(add_rule(fields));
        if (!destinations.insert(fields.destination).second && findings_.back().empty()) {
            rules_.pop_back();
            findings_.back() = "The destination is mapped more than once";
        }
    }
}

std::string Mapping::add_rule(const MappingFields& fields) {
    Rule rule;
    try {
        rule.destination = ExpressionParser(fields.destination).parse_path();
    } catch (const std::invalid_argument&) {
        return "The emulator supports only destinations that are names separated by dots";
    }
    rule.field = field_at(schema_, rule.destination);
    if (rule.field.is_null()) {
        return "The destination is not in the schema";
    }
    try {
        rule.source = parse_source(fields);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    rules_.push_back(std::move(rule));
    return {};
}

MappedRow Mapping::map(const Json& row) const {
    MappedRow mapped;
    for (const Rule& rule : rules_) {
        const auto warn = [&](const std::string& reason) {
            mapped.warnings.push_back(
                {"MAPPER-3700-400",
                 "Mapper Transform Error: " + join(rule.destination, ".") + ": " + reason});
        };
        try {
            const Json value = rule.source(row);
            const Json converted = value.is_null() ? value : convert(value, rule.field);
            if (!converted.is_null()) {
                Json* place = &mapped.document;
                for (const auto& name : rule.destination) {
                    place = &(*place)[name];
                }
                *place = converted;
            } else if (!value.is_null()) {
                warn("The value cannot be converted to " +
                     json::string_at(rule.field, "format", json::string_at(rule.field, "type")));
            }
        } catch (const TransformError& error) {
            warn(error.what());
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
