#include "bqconn/flow/connection_spec.hpp"

#include <algorithm>

#include "bqconn/core/text.hpp"
#include "bqconn/flow/pages.hpp"
#include "bqconn/flow/wire.hpp"
#include "bqconn/http/answer.hpp"

namespace bqconn::flow {
namespace {

constexpr Subject of_spec{"the connection spec of Google BigQuery", "bad_response.spec"};

std::vector<std::string> names_in(const json::Json& schema, const char* key) {
    std::vector<std::string> names;
    const auto found = schema.is_object() ? schema.find(key) : schema.end();
    if (!schema.is_object() || found == schema.end()) {
        return names;
    }
    if (found->is_object()) {
        for (const auto& item : found->items()) {
            names.push_back(http::service_words(item.key()));
        }
    } else if (found->is_array()) {
        for (const auto& item : *found) {
            if (item.is_string()) {
                names.push_back(http::service_words(item.get<std::string>()));
            }
        }
    }
    return names;
}

AuthSpec auth_spec_of(const json::Json& item) {
    AuthSpec one;
    one.name = http::service_words(json::string_at(item, "name"));
    const auto schema = item.is_object() ? item.find("spec") : item.end();
    if (item.is_object() && schema != item.end()) {
        one.parameters = names_in(*schema, "properties");
        one.required = names_in(*schema, "required");
    }
    return one;
}

// The names of the auth.params that would be sent.
std::vector<std::string> parameters_of(const connection::Auth& auth) {
    std::vector<std::string> names;
    for (const auto& parameter : auth.params) {
        names.emplace_back(parameter.name);
    }
    return names;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

Error refused(const std::string& message, const std::string& hint) {
    return {ExitCode::rejected, "rejected.auth_spec", message, hint};
}

std::string names_of(const ConnectionSpec& spec) {
    std::vector<std::string> names;
    names.reserve(spec.auth_specs.size());
    for (const auto& one : spec.auth_specs) {
        names.push_back(one.name);
    }
    return names.empty() ? "none" : join(names, ", ");
}

}  // namespace

ConnectionSpec read_bigquery_spec(FlowService& service) {
    const Call call{.path = "/connectionSpecs/" + std::string(connection::bigquery_spec_id)};
    const Document document = read_document(service, call, of_spec);
    const auto items =
        document.json.is_object() ? document.json.find("items") : document.json.end();
    const json::Json& spec = document.json.is_object() && items != document.json.end() &&
                                     items->is_array() && !items->empty()
                                 ? items->front()
                                 : document.json;
    const auto auth_specs = spec.is_object() ? spec.find("authSpec") : spec.end();
    if (!spec.is_object() || auth_specs == spec.end() || !auth_specs->is_array()) {
        throw unusable(document.response, of_spec, "it has no authSpec list");
    }
    ConnectionSpec result{http::service_words(json::string_at(spec, "name")), {}};
    for (const auto& item : *auth_specs) {
        result.auth_specs.push_back(auth_spec_of(item));
    }
    return result;
}

std::optional<Error> refusal_of(const ConnectionSpec& spec, const connection::Auth& auth) {
    const std::string name(auth.spec_name);
    const auto found = std::find_if(spec.auth_specs.begin(), spec.auth_specs.end(),
                                    [&name](const AuthSpec& one) { return one.name == name; });
    if (found == spec.auth_specs.end()) {
        return refused("the source does not support " + name +
                           " in this organisation; supported: " + names_of(spec),
                       std::string(auth.unsupported));
    }
    const auto sent = parameters_of(auth);
    for (const auto& one : found->required) {
        if (!contains(sent, one)) {
            return refused("the source requires the parameter " + one + " for " + name,
                           one == "datasetId" ? "the organisation is on AWS: give --dataset"
                                              : "remove --dataset: the organisation is not on AWS");
        }
    }
    for (const auto& one : sent) {
        if (!found->parameters.empty() && !contains(found->parameters, one)) {
            return refused("the source does not accept the parameter " + one + " for " + name,
                           one == "datasetId"
                               ? "remove --dataset: the organisation is not on AWS"
                               : "remove --large-results-dataset: the organisation is on AWS");
        }
    }
    return std::nullopt;
}

}  // namespace bqconn::flow
