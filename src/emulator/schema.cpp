#include "bqconn/emulator/schema.hpp"

#include <string_view>
#include <utility>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace bqconn::emulator {
namespace {

using json::Json;
using Adapter = valijson::adapters::NlohmannJsonAdapter;

// "<root>", "[auth]", "[name]" becomes "auth.name".
std::string dotted(const std::vector<std::string>& context) {
    std::string path;
    for (const auto& part : context) {
        if (part.size() > 2 && part.front() == '[') {
            path += (path.empty() ? "" : ".") + part.substr(1, part.size() - 2);
        }
    }
    return path;
}

// The validator also reports every level above an error; only the error itself is useful.
bool is_consequence(std::string_view description) {
    return description.starts_with("Failed to validate against schema associated");
}

// The standard makes `format` an annotation, and the validator throws if the value is not a string.
Json without_formats(Json schema) {
    if (schema.is_object() && schema.contains("format") && schema.at("format").is_string()) {
        schema.erase("format");
    }
    for (Json& part : schema) {
        if (part.is_structured()) {
            part = without_formats(std::move(part));
        }
    }
    return schema;
}

}  // namespace

std::vector<std::string> schema_violations(const Json& schema, const Json& value) {
    valijson::Schema parsed;
    valijson::SchemaParser parser;
    const Json plain = without_formats(schema);
    parser.populateSchema(Adapter(plain), parsed);
    // With weak types, a string passes as a number, and an array's length check aborts the process.
    valijson::Validator validator(valijson::Validator::kStrongTypes);
    valijson::ValidationResults results;
    validator.validate(parsed, Adapter(value), &results);
    std::vector<std::string> violations;
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
        if (is_consequence(error.description)) {
            continue;
        }
        const std::string path = dotted(error.context);
        violations.push_back(path.empty() ? error.description : path + ": " + error.description);
    }
    return violations;
}

}  // namespace bqconn::emulator
