#include "bqconn/emulator/connection_body.hpp"

#include "bqconn/core/text.hpp"
#include "bqconn/emulator/connection_spec.hpp"
#include "bqconn/emulator/flow_resources.hpp"

namespace bqconn::emulator {
namespace {

Json read_connection_spec(const Json& document) {
    Json spec = object_at(document, "connectionSpec", "connectionSpec");
    const std::string id = text_at(spec, "id", "connectionSpec.id");
    if (!spec.contains("version")) {
        // The default is the latest version.
        spec["version"] = bigquery_spec_version;
    }
    const std::string version = text_at(spec, "version", "connectionSpec.version");
    if (id != bigquery_spec_id || version != bigquery_spec_version) {
        throw flow_problem(
            "1413-400", "Invalid request",
            "The spec ID provided is invalid. Please provide a valid spec ID and try again.");
    }
    return spec;
}

Json read_auth(const Json& document, Cloud cloud) {
    const Json& auth = object_at(document, "auth", "auth");
    const std::string name = text_at(auth, "specName", "auth.specName");
    if (auth_params_schema(cloud, name).is_null()) {
        throw flow_problem("1415-400", "Invalid request",
                           "The auth spec '" + name +
                               "' could not be found for the connection spec ID " +
                               std::string(bigquery_spec_id) + ".");
    }
    if (auth.contains("type") && text_at(auth, "type", "auth.type") != "OAuth2.0") {
        throw invalid_body("auth.type is not known");
    }
    check_auth_params(object_at(auth, "params", "auth.params"), cloud, name);
    return auth;
}

}  // namespace

Json read_connection_members(const Json& document, Cloud cloud) {
    Json members = Json::object();
    members["connectionSpec"] = read_connection_spec(document);
    members["auth"] = read_auth(document, cloud);
    return members;
}

const Json& check_auth_params(const Json& params, Cloud cloud, const std::string& auth_spec_name) {
    const auto violations = params_violations(cloud, auth_spec_name, params);
    if (!violations.empty()) {
        throw invalid_body("auth.params: " + join(violations, "; "));
    }
    return params;
}

}  // namespace bqconn::emulator
