#include "bqconn/emulator/connection_spec.hpp"

#include <algorithm>
#include <string>

#include "bqconn/crypto/encoding.hpp"
#include "bqconn/emulator/schema.hpp"

namespace bqconn::emulator {
namespace {

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
                   {"additionalProperties", false}};
    schema["required"] = Json::array();
    for (const auto& item : required.items()) {
        schema["required"].push_back(item.key());
    }
    schema["properties"].update(optional);
    return schema;
}

Json large_results() {
    return {{"largeResultsDataSetId", text_property("The dataset for large results")}};
}

Json basic_authentication() {
    return {
        {"name", "Basic Authentication"},
        {"type", "OAuth2.0"},
        {"spec", params_schema({{"project", text_property("The project to query")},
                                {"clientId", text_property("The id of the OAuth client")},
                                {"clientSecret", secret_property("The secret of the OAuth client")},
                                {"refreshToken", secret_property("The refresh token")}},
                               large_results())}};
}

Json service_authentication(Cloud cloud) {
    Json required = {
        {"projectId", text_property("The project to query")},
        {"keyFileContent", secret_property("The key file of the service account, in Base64")}};
    Json optional = Json::object();
    if (cloud == Cloud::aws) {
        required["datasetId"] = text_property("The dataset to read");
    } else {
        optional = large_results();
    }
    return {{"name", "Service Authentication"}, {"spec", params_schema(required, optional)}};
}

bool is_dataset_id(std::string_view text) {
    constexpr std::size_t longest = 1024;
    return !text.empty() && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      c == '_';
           });
}

// What is wrong with a key file; empty if it is valid.
std::string key_file_violation(std::string_view content) {
    const auto bytes = crypto::from_base64(content);
    if (!bytes) {
        return "keyFileContent: is not Base64 (standard alphabet, padded, no line breaks)";
    }
    Json key;
    try {
        key = json::parse(*bytes);
    } catch (const json::ParseError&) {
        return "keyFileContent: is not the Base64 of a JSON document";
    }
    if (json::string_at(key, "type") != "service_account") {
        return "keyFileContent: is not the key file of a service account";
    }
    for (const std::string_view field : {"project_id", "private_key", "client_email"}) {
        if (json::string_at(key, field).empty()) {
            return "keyFileContent: the key file has no " + std::string(field);
        }
    }
    return {};
}

}  // namespace

Json bigquery_connection_spec(Cloud cloud) {
    Json auth_specs = Json::array();
    if (cloud == Cloud::azure) {
        auth_specs.push_back(basic_authentication());
    }
    auth_specs.push_back(service_authentication(cloud));
    return {{"id", bigquery_spec_id},
            {"name", "google-big-query"},
            {"version", bigquery_spec_version},
            {"authSpec", auth_specs}};
}

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
    for (const std::string_view name : {"largeResultsDataSetId", "datasetId"}) {
        if (params.contains(std::string(name)) && !is_dataset_id(json::string_at(params, name))) {
            violations.push_back(std::string(name) + ": is not a bare dataset id");
        }
    }
    if (params.contains("keyFileContent")) {
        auto violation = key_file_violation(json::string_at(params, "keyFileContent"));
        if (!violation.empty()) {
            violations.push_back(std::move(violation));
        }
    }
    return violations;
}

}  // namespace bqconn::emulator
