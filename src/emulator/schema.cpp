#include "bqconn/emulator/schema.hpp"

#include <string_view>
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

// The validator says of every level above an error that it failed too; only the error itself helps.
bool is_consequence(std::string_view description) {
    return description.starts_with("Failed to validate against schema associated");
}

}  // namespace

std::vector<std::string> schema_violations(const Json& schema, const Json& value) {
    valijson::Schema parsed;
    valijson::SchemaParser parser;
    parser.populateSchema(Adapter(schema), parsed);
    valijson::Validator validator;
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
