#include "emulator/platform/connection_spec.hpp"

#include <memory>
#include <utility>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "bqconn/crypto/encoding.hpp"
#include "emulator/options.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

using Adapter = valijson::adapters::NlohmannJsonAdapter;

Json text_property(std::string_view description) {
    return {{"type", "string"}, {"minLength", 1}, {"description", description}};
}

Json secret_property(std::string_view description) {
    Json property = text_property(description);
    property["format"] = "password";
    return property;
}

Json params_schema(const Json& required, const Json& optional) {
    Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                   {"type", "object"},
                   {"properties", required},
                   {"required", Json::array()},
                   {"additionalProperties", false}};
    for (const auto& item : required.items()) {
        schema["required"].push_back(item.key());
    }
    schema["properties"].update(optional);
    return schema;
}

// As GET /connectionSpecs/{id} returns it.
Json bigquery_connection_spec(Cloud cloud) {
    const Json large_results = {
        {"largeResultsDataSetId", text_property("The dataset for large results")}};
    const Json basic = {{"project", text_property("The project to query")},
                        {"clientId", text_property("The id of the OAuth client")},
                        {"clientSecret", secret_property("The secret of the OAuth client")},
                        {"refreshToken", secret_property("The refresh token")}};
    Json service = {
        {"projectId", text_property("The project to query")},
        {"keyFileContent", secret_property("The key file of the service account, in Base64")}};
    Json auth_specs = Json::array();
    if (cloud == Cloud::azure) {
        auth_specs.push_back({{"name", "Basic Authentication"},
                              {"type", "OAuth2.0"},
                              {"spec", params_schema(basic, large_results)}});
    } else {
        service["datasetId"] = text_property("The dataset to read");
    }
    auth_specs.push_back(
        {{"name", "Service Authentication"},
         {"spec", params_schema(service, cloud == Cloud::azure ? large_results : Json::object())}});
    return {{"id", bigquery_spec_id},
            {"name", "google-big-query"},
            {"version", bigquery_spec_version},
            {"authSpec", auth_specs}};
}

bool is_dataset_id(std::string_view text) {
    constexpr std::size_t longest = 1024;
    return text.size() <= longest && is_word(text, "_");
}

// What is wrong with a key file; empty if it is valid.
std::string key_file_violation(std::string_view content) {
    const auto bytes = crypto::from_base64(content);
    if (!bytes) {
        return "is not Base64 (standard alphabet, padded, no line breaks)";
    }
    Json key;
    try {
        key = json::parse(*bytes);
    } catch (const json::ParseError&) {
        return "is not the Base64 of a JSON document";
    }
    if (json::string_at(key, "type") != "service_account") {
        return "is not the key file of a service account";
    }
    for (const std::string_view field : {"project_id", "private_key", "client_email"}) {
        if (json::string_at(key, field).empty()) {
            return "the key file has no " + std::string(field);
        }
    }
    return {};
}

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

ResourceList connection_specs(const Call& call) {
    const Json data_lake = {{"id", data_lake_spec_id}, {"name", "datalake"}, {"version", "1.0"}};
    return {std::make_shared<const Json>(bigquery_connection_spec(call.sandbox->cloud)),
            std::make_shared<const Json>(data_lake)};
}

Answer list_connection_specs(const Call& call) {
    check_licence(call.options);
    const Json items = select_items(call, {.kind = Kind::connection}, connection_specs(call));
    return json_answer(200, {{"items", items}});
}

Answer get_connection_spec(const Call& call) {
    const std::string& id = call.captures.front();
    for (const auto& spec : connection_specs(call)) {
        if (spec->at("id") == id) {
            check_licence(call.options);
            return json_answer(200, {{"items", Json::array({*spec})}});
        }
    }
    throw unknown_resource("connectionSpecs", id, 404);
}

}  // namespace

Json auth_params_schema(Cloud cloud, std::string_view auth_spec_name) {
    const Json spec = bigquery_connection_spec(cloud);
    for (const Json& auth_spec : spec.at("authSpec")) {
        if (auth_spec.at("name") == auth_spec_name) {
            return auth_spec.at("spec");
        }
    }
    return nullptr;
}

std::vector<std::string> params_violations(Cloud cloud, std::string_view auth_spec_name,
                                           const Json& params) {
    auto violations = schema_violations(auth_params_schema(cloud, auth_spec_name), params);
    if (!violations.empty()) {
        return violations;
    }
    for (const std::string name : {"largeResultsDataSetId", "datasetId"}) {
        if (params.contains(name) && !is_dataset_id(json::string_at(params, name))) {
            violations.push_back(name + ": is not a bare dataset id");
        }
    }
    if (params.contains("keyFileContent")) {
        const auto violation = key_file_violation(json::string_at(params, "keyFileContent"));
        if (!violation.empty()) {
            violations.push_back("keyFileContent: " + violation);
        }
    }
    return violations;
}

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
        // Every level above an error is reported too; only the error itself is useful.
        if (!error.description.starts_with("Failed to validate against schema associated") &&
            !error.description.starts_with("Failed to validate item")) {
            const std::string path = dotted(error.context);
            violations.push_back(path + (path.empty() ? "" : ": ") + error.description);
        }
    }
    return violations;
}

Refused invalid_spec_id() {
    return invalid_request(
        "1413-400",
        "The spec ID provided is invalid. Please provide a valid spec ID and try again.");
}

void check_licence(const Options& options) {
    if (!options.licensed) {
        throw invalid_request(
            "1100-400", "The organisation is not entitled to use the source google-big-query.");
    }
}

void add_connection_spec_routes(Routes& routes) {
    const std::string collection = flow_service_path + "/connectionSpecs";
    routes.push_back({"GET " + collection, Access::sandbox, list_connection_specs});
    routes.push_back({"GET " + collection + "/{}", Access::sandbox, get_connection_spec});
}

}  // namespace bqconn::emulator
