// Flow Service: base connections, from POST /connections to DELETE /connections/{id}.
#include <algorithm>
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

void complete_connection(Json& connection, const Call& call) {
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
    const auto violations = params_violations(cloud, name, auth.at("params"));
    if (!violations.empty()) {
        throw invalid_body("auth.params: " + join(violations, "; "));
    }
    check_licence(call.options);
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
                         .fields = {{"connectionSpec.id", Type::string},
                                    {"connectionSpec.version", Type::string, Presence::optional},
                                    {"auth.specName", Type::string},
                                    {"auth.type", Type::string, Presence::optional},
                                    {"auth.params", Type::object}},
                         .complete = complete_connection,
                         .patchable = {"/auth/params"}});
}

void add_made_up_connections(Store& store, const Sandbox& sandbox, const Options& options) {
    constexpr std::int64_t minute = 60'000;
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
