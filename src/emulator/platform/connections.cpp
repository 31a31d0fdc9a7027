// Flow Service: base connections, from POST /connections to DELETE /connections/{id}.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "emulator/options.hpp"
#include "emulator/platform/connection_spec.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

// --- POST

void check_auth_params(const Json& params, Cloud cloud, const std::string& auth_spec_name) {
    const auto violations = params_violations(cloud, auth_spec_name, params);
    if (!violations.empty()) {
        throw invalid_body("auth.params: " + join(violations, "; "));
    }
}

void check_connection(Json& connection, const Call& call) {
    Json& spec = connection.at("connectionSpec");
    // The default is the latest version.
    spec.emplace("version", bigquery_spec_version);
    if (spec.at("id") != bigquery_spec_id || spec.at("version") != bigquery_spec_version) {
        throw invalid_spec_id();
    }
    const Cloud cloud = call.sandbox->cloud;
    const Json& auth = connection.at("auth");
    const std::string name = auth.at("specName");
    if (auth_params_schema(cloud, name).is_null()) {
        throw invalid_request("1415-400", "The auth spec '" + name +
                                              "' could not be found for the connection spec ID " +
                                              std::string(bigquery_spec_id) + ".");
    }
    if (auth.value("type", "OAuth2.0") != "OAuth2.0") {
        throw invalid_body("auth.type is not known");
    }
    check_auth_params(auth.at("params"), cloud, name);
    check_licence(call.options);
}

// --- PATCH: add, replace and remove (RFC 6902) on /name, /description and /auth/params. Everything
// else is refused; the message gives the operation's number and no values.

// `place` is "operation 1".
void check_operation(const Json& operation, const std::string& place) {
    check_fields(operation, {{"op", Json::value_t::string}, {"path", Json::value_t::string}},
                 place);
    for (const auto& item : operation.items()) {
        if (item.key() != "op" && item.key() != "path" && item.key() != "value") {
            throw invalid_body(place + " may have only the members op, path and value");
        }
    }
    const std::string op = operation.at("op");
    if (op != "add" && op != "replace" && op != "remove") {
        throw invalid_body(place + ": op must be add, replace or remove");
    }
    if (operation.contains("value") == (op == "remove")) {
        throw invalid_body(place +
                           (op == "remove" ? ": remove takes no value" : ": value is missing"));
    }
}

// What can be changed.
struct Target {
    std::string_view path;
    Json::value_t type;
    bool required = false;
};

constexpr std::array<Target, 3> targets{{{"/name", Json::value_t::string, true},
                                         {"/description", Json::value_t::string, false},
                                         {"/auth/params", Json::value_t::object, true}}};

void apply(Json& connection, const Json& operation, const std::string& place, Cloud cloud) {
    check_operation(operation, place);
    const std::string op = operation.at("op");
    const std::string path = operation.at("path");
    const auto target = std::ranges::find(targets, path, &Target::path);
    if (target == targets.end()) {
        throw invalid_body(place + ": path must be /name, /description or /auth/params");
    }
    if (op == "remove" && target->required) {
        throw invalid_body(place + ": a required field cannot be removed");
    }
    const Json::json_pointer pointer(path);
    if (op != "add" && !connection.contains(pointer)) {
        throw invalid_body(place + ": cannot " + op + " the description: the connection has none");
    }
    if (op == "remove") {
        connection.erase("description");
        return;
    }
    const Json& value = operation.at("value");
    if (value.type() != target->type) {
        throw invalid_body(place + (target->type == Json::value_t::string
                                        ? ": the value must be a string"
                                        : ": the value must be an object"));
    }
    if (target->required && value == "") {
        throw invalid_body(place + ": the name must not be empty");
    }
    connection[pointer] = value;
    if (target->type == Json::value_t::object) {
        if (connection.at("connectionSpec").at("id") != bigquery_spec_id) {
            throw invalid_body(place + ": the emulator has no schema for this connection");
        }
        check_auth_params(value, cloud, connection.at("auth").at("specName"));
    }
}

// `connection` with all operations applied; throws if any cannot be applied.
Json patched_connection(Json connection, const Json& operations, Cloud cloud) {
    if (!operations.is_array() || operations.empty()) {
        throw invalid_body("it must be an array of operations");
    }
    for (std::size_t i = 0; i < operations.size(); ++i) {
        apply(connection, operations[i], "operation " + std::to_string(i + 1), cloud);
    }
    return connection;
}

Refused stale(const std::string& id) {
    return flow_problem("1404-412", "Version not matching",
                        "The supplied version does not match the current version of the "
                        "connections resource " +
                            id + ".",
                        {{"id", id}});
}

Answer patch_connection(const Call& call) {
    if (!call.options.patch) {
        throw invalid_request("1445-400", "The PATCH operation is not enabled for this resource.");
    }
    const std::string etag = required_header(call.request, "If-Match", "1403-400");
    const Json operations = check_json_body(call.request);
    const auto connection = resource_in_path(call, Kind::connection);
    const std::string id = connection->at("id");
    if (connection->at("etag") != etag) {
        throw stale(id);
    }
    Json changed = patched_connection(*connection, operations, call.sandbox->cloud);
    changed["updatedClient"] = call.client;
    // Another PATCH may have been applied in the meantime.
    const auto stored = call.store.replace(Kind::connection, *call.sandbox, std::move(changed));
    if (!stored) {
        throw stale(id);
    }
    return json_answer(200, {{"id", id}, {"etag", stored->at("etag")}});
}

// --- Made-up connections

std::string numbered(const std::string& name, std::size_t number) {
    constexpr std::size_t width = 5;
    const std::string digits = std::to_string(number);
    return name + " " + std::string(width - std::min(width, digits.size()), '0') + digits;
}

Json basic_auth(const std::string& project) {
    return {{"specName", "Basic Authentication"},
            {"type", "OAuth2.0"},
            {"params",
             {{"project", project},
              {"clientId", "made-up-client.apps.googleusercontent.com"},
              {"clientSecret", "made-up-client-secret"},
              {"refreshToken", "made-up-refresh-token"}}}};
}

Json service_auth(const std::string& project, Cloud cloud) {
    const Json key = {{"type", "service_account"},
                      {"project_id", project},
                      {"private_key_id", "made-up-key-id"},
                      {"private_key", "made-up-private-key"},
                      {"client_email", "made-up@" + project + ".iam.gserviceaccount.com"}};
    Json params = {{"projectId", project}, {"keyFileContent", crypto::base64(key.dump())}};
    if (cloud == Cloud::aws) {
        params["datasetId"] = "shop";
    }
    return {{"specName", "Service Authentication"}, {"params", params}};
}

// Not in creation order, no two at the same time, and none in the future.
std::int64_t updated_at(std::int64_t created_at, std::size_t number, std::int64_t now) {
    constexpr std::int64_t ten_minutes_and_a_second = 601'000;
    const std::int64_t updated =
        created_at + static_cast<std::int64_t>(number % 7) * ten_minutes_and_a_second;
    return updated < now ? updated : created_at;
}

}  // namespace

void add_connection_routes(Routes& routes) {
    using Type = Json::value_t;
    add_resource_routes(routes,
                        {.kind = Kind::connection,
                         .fields = {{"connectionSpec", Type::object},
                                    {"connectionSpec.id", Type::string},
                                    {"connectionSpec.version", Type::string, Presence::optional},
                                    {"auth", Type::object},
                                    {"auth.specName", Type::string},
                                    {"auth.type", Type::string, Presence::optional},
                                    {"auth.params", Type::object}},
                         .check = check_connection,
                         .filters = {"connectionSpec.id"}});
    routes.push_back(
        {"PATCH " + flow_service_path + "/connections/{}", Access::sandbox, patch_connection});
}

void add_made_up_connections(Store& store, const Sandbox& sandbox, const Options& options) {
    constexpr std::int64_t minute = 60'000;
    constexpr std::string_view other_spec_id = "00000000-0000-4000-8000-0000000000a1";
    const std::size_t all = options.connections + options.other_connections;
    const std::int64_t now = store.now();
    const Json basic = basic_auth(options.identity.project);
    const Json service = service_auth(options.identity.project, sandbox.cloud);
    std::size_t others = 0;
    for (std::size_t i = 1; i <= all; ++i) {
        // Spread the others evenly.
        const bool is_other = i * options.other_connections / all > others;
        others += is_other ? 1 : 0;
        const std::size_t number = is_other ? others : i - others;
        const std::int64_t created = now - static_cast<std::int64_t>(all - i + 1) * minute;
        const bool has_basic = sandbox.cloud == Cloud::azure && number % 2 == 1;
        Json connection = new_resource(options.identity.api_key, options);
        // Of every thirteen, one is disabled and one is a draft.
        if (number % 13 == 5 || number % 13 == 9) {
            connection["state"] = number % 13 == 5 ? "disabled" : "draft";
        }
        connection.update({{"name", numbered(is_other ? "Other connection" : "Connection", number)},
                           {"createdAt", created},
                           {"updatedAt", updated_at(created, i, now)},
                           {"connectionSpec",
                            {{"id", is_other ? other_spec_id : bigquery_spec_id},
                             {"version", bigquery_spec_version}}},
                           {"auth", has_basic ? basic : service}});
        store.add(Kind::connection, sandbox, std::move(connection));
    }
}

}  // namespace bqconn::emulator
