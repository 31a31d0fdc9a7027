#include "bqconn/emulator/flow_connections.hpp"

#include <utility>

#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "bqconn/emulator/connection_query.hpp"
#include "bqconn/emulator/connection_spec.hpp"
#include "bqconn/emulator/gateway.hpp"
#include "bqconn/emulator/problem.hpp"

namespace bqconn::emulator {
namespace {

Refused invalid_body(const std::string& message) {
    return older_problem(400, "Invalid request body: " + message);
}

// The object at `key`; refused if it is missing or something else.
const Json& object_at(const Json& document, const std::string& key, const std::string& path) {
    const auto found = document.find(key);
    if (found == document.end()) {
        throw invalid_body(path + " is missing");
    }
    if (!found->is_object()) {
        throw invalid_body(path + " must be an object");
    }
    return *found;
}

// The string at `key`, not empty.
std::string text_at(const Json& document, const std::string& key, const std::string& path) {
    const auto found = document.find(key);
    if (found == document.end()) {
        throw invalid_body(path + " is missing");
    }
    if (!found->is_string()) {
        throw invalid_body(path + " must be a string");
    }
    auto text = found->get<std::string>();
    if (text.empty()) {
        throw invalid_body(path + " must not be empty");
    }
    return text;
}

Json check_connection_spec(const Json& document) {
    Json spec = object_at(document, "connectionSpec", "connectionSpec");
    const std::string id = text_at(spec, "id", "connectionSpec.id");
    if (!spec.contains("version")) {
        // The most recent one is meant.
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

Json check_auth(const Json& document, Cloud cloud) {
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
    const Json& params = object_at(auth, "params", "auth.params");
    const auto violations = params_violations(cloud, name, params);
    if (!violations.empty()) {
        throw invalid_body("auth.params: " + join(violations, "; "));
    }
    return auth;
}

// What a POST asks for, checked in the order of the document's own parts.
Connection read_connection(const Json& document, Cloud cloud) {
    if (!document.is_object()) {
        throw invalid_body("it must be an object");
    }
    Connection connection;
    connection.name = text_at(document, "name", "name");
    if (document.contains("description")) {
        const Json& description = document.at("description");
        if (!description.is_string()) {
            throw invalid_body("description must be a string");
        }
        connection.description = description.get<std::string>();
    }
    connection.connection_spec = check_connection_spec(document);
    connection.auth = check_auth(document, cloud);
    return connection;
}

Answer create(const Call& call, Store& store, const std::string& org_id) {
    const Json document = check_json_body(call.request);
    Connection connection = read_connection(document, call.sandbox->cloud());
    connection.sandbox_id = call.sandbox->id;
    connection.sandbox_name = call.sandbox->name;
    connection.org_id = org_id;
    connection.client = call.client;
    const auto added = store.add_connection(std::move(connection));
    Answer answer = json_answer(201, {{"id", added->id}, {"etag", added->etag}});
    answer.headers.emplace_back("Location", flow_service_path + "/connections/" + added->id);
    return answer;
}

Answer get(const Call& call, const Store& store) {
    const std::string& id = call.captures.front();
    const auto connection = store.find_connection(*call.sandbox, id);
    if (!connection) {
        throw flow_problem("1439-404", "Resource not found",
                           "The requested connections resource " + id +
                               " is not found. Verify the resource ID before trying again.",
                           {{"id", id}, {"type", "connections"}});
    }
    return json_answer(200, {{"items", Json::array({connection_document(*connection)})}});
}

}  // namespace

void add_connection_routes(Router& router, Store& store, const Identity& identity) {
    const std::string collection = flow_service_path + "/connections";
    router.add(
        {"POST", collection, Access::sandbox,
         [&store, org = identity.org_id](const Call& call) { return create(call, store, org); }});
    router.add({"GET", collection, Access::sandbox,
                [&store, page_key = crypto::random_hex(8)](const Call& call) {
                    return json_answer(200, list_document(store.connections(*call.sandbox),
                                                          call.request.query, page_key));
                }});
    router.add({"GET", collection + "/{}", Access::sandbox,
                [&store](const Call& call) { return get(call, store); }});
}

}  // namespace bqconn::emulator
