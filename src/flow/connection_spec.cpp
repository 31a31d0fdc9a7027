#include "bqconn/flow/connection_spec.hpp"

#include <algorithm>

#include "bqconn/core/text.hpp"
#include "bqconn/flow/wire.hpp"
#include "bqconn/http/answer.hpp"

namespace bqconn::flow {
namespace {

constexpr Subject of_spec{"the connection spec of Google BigQuery", "bad_response.spec"};

// The keys of an object, or the strings of a list.
std::set<std::string> names_in(const json::Json& schema, const char* key) {
    const json::Json& found = json::member(schema, key);
    std::set<std::string> names;
    if (found.is_object()) {
        for (const auto& item : found.items()) {
            names.insert(http::service_words(item.key()));
        }
    }
    for (const auto& item : json::array_at(schema, key)) {
        if (item.is_string()) {
            names.insert(http::service_words(item.get<std::string>()));
        }
    }
    return names;
}

// The names of the auth.params that would be sent.
std::set<std::string> parameters_of(const connection::Auth& auth) {
    std::set<std::string> names;
    for (const auto& parameter : auth.params) {
        names.emplace(parameter.name);
    }
    return names;
}

Error refused(const std::string& message, const std::string& hint) {
    return {ExitCode::rejected, "rejected.auth_spec", message, hint};
}

bool any_takes_a_dataset(const ConnectionSpec& spec) {
    return std::any_of(spec.auth_specs.begin(), spec.auth_specs.end(),
                       [](const AuthSpec& one) { return one.parameters.contains("datasetId"); });
}

// What to do about a parameter that the source requires or does not accept. A spec does not say
// which cloud an organisation is on, so neither do the hints.
std::string advice_on(const std::string& parameter, bool is_required) {
    if (parameter == "datasetId") {
        return is_required ? "add --dataset, which every organisation on AWS needs"
                           : "remove --dataset: only organisations on AWS use it";
    }
    if (parameter == "largeResultsDataSetId" && !is_required) {
        return "remove --large-results-dataset";
    }
    return "check which organisation --org-id names; if it is right, ask Adobe support";
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
    const Document document = read_document(
        service, {.path = "/connectionSpecs/" + std::string(connection::bigquery_spec_id)},
        of_spec);
    const json::Json& items = json::array_at(document.json, "items");
    const json::Json& spec = items.empty() ? document.json : items.front();
    const json::Json& auth_specs = json::member(spec, "authSpec");
    if (!auth_specs.is_array()) {
        throw document.unusable("it has no authSpec list");
    }
    ConnectionSpec result{http::service_words(json::string_at(spec, "name")), {}};
    for (const auto& item : auth_specs) {
        const json::Json& schema = json::member(item, "spec");
        result.auth_specs.push_back({http::service_words(json::string_at(item, "name")),
                                     names_in(schema, "properties"), names_in(schema, "required")});
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
                       std::string(auth.unsupported) +
                           (any_takes_a_dataset(spec)
                                ? "; add --dataset, which every organisation on AWS needs"
                                : ""));
    }
    const auto sent = parameters_of(auth);
    for (const auto& one : found->required) {
        if (!sent.contains(one)) {
            return refused("the source requires the parameter " + one + " for " + name,
                           advice_on(one, true));
        }
    }
    for (const auto& one : sent) {
        if (!found->parameters.empty() && !found->parameters.contains(one)) {
            return refused("the source does not accept the parameter " + one + " for " + name,
                           advice_on(one, false));
        }
    }
    return std::nullopt;
}

}  // namespace bqconn::flow
