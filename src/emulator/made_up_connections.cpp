#include "bqconn/emulator/made_up_connections.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "bqconn/crypto/encoding.hpp"
#include "bqconn/emulator/connection_spec.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::string_view other_spec_id = "00000000-0000-4000-8000-0000000000a1";

std::string numbered(const std::string& name, std::size_t number) {
    const std::string digits = std::to_string(number);
    constexpr std::size_t width = 5;
    return name + " " + std::string(width - std::min(width, digits.size()), '0') + digits;
}

Json basic_auth(const Identity& identity) {
    return {{"specName", "Basic Authentication"},
            {"type", "OAuth2.0"},
            {"params",
             {{"project", identity.project},
              {"clientId", "made-up-client.apps.googleusercontent.com"},
              {"clientSecret", "made-up-client-secret"},
              {"refreshToken", "made-up-refresh-token"}}}};
}

Json service_auth(const Identity& identity, Cloud cloud) {
    const Json key = {{"type", "service_account"},
                      {"project_id", identity.project},
                      {"private_key_id", "made-up-key-id"},
                      {"private_key", "made-up-private-key"},
                      {"client_email", "made-up@" + identity.project + ".iam.gserviceaccount.com"}};
    Json params = {{"projectId", identity.project}, {"keyFileContent", crypto::base64(key.dump())}};
    if (cloud == Cloud::aws) {
        params["datasetId"] = "shop";
    }
    return {{"specName", "Service Authentication"}, {"params", params}};
}

Json spec(std::string_view id) {
    return {{"id", id}, {"version", bigquery_spec_version}};
}

// Of every thirteen, one is disabled and one is a draft.
std::string state_of(std::size_t number) {
    switch (number % 13) {
        case 5:
            return "disabled";
        case 9:
            return "draft";
        default:
            return "enabled";
    }
}

// Not in creation order, no two at the same time, and none in the future.
std::int64_t updated_at(std::int64_t created_at, std::size_t number, std::int64_t now) {
    constexpr std::int64_t ten_minutes_and_a_second = 601'000;
    const std::int64_t updated =
        created_at + static_cast<std::int64_t>(number % 7) * ten_minutes_and_a_second;
    return updated < now ? updated : created_at;
}

}  // namespace

void add_made_up_connections(Store& store, const Sandbox& sandbox, const Identity& identity,
                             const MadeUpConnections& wanted) {
    constexpr std::int64_t minute = 60'000;
    const std::size_t all = wanted.bigquery + wanted.other;
    const std::int64_t now = store.now();
    const Json basic = basic_auth(identity);
    const Json service = service_auth(identity, sandbox.cloud());
    std::size_t others = 0;
    for (std::size_t i = 1; i <= all; ++i) {
        // Spread the others evenly.
        const bool is_other = i * wanted.other / all > others;
        others += is_other ? 1 : 0;
        const std::size_t number = is_other ? others : i - others;
        Resource connection;
        connection.name = numbered(is_other ? "Other connection" : "Connection", number);
        connection.state = state_of(number);
        connection.sandbox_id = sandbox.id;
        connection.sandbox_name = sandbox.name;
        connection.org_id = identity.org_id;
        connection.created_client = identity.api_key;
        connection.updated_client = identity.api_key;
        connection.created_at = now - static_cast<std::int64_t>(all - i + 1) * minute;
        connection.updated_at = updated_at(connection.created_at, i, now);
        const bool has_basic = sandbox.cloud() == Cloud::azure && number % 2 == 1;
        connection.members["connectionSpec"] = spec(is_other ? other_spec_id : bigquery_spec_id);
        connection.members["auth"] = has_basic ? basic : service;
        store.add(Kind::connection, std::move(connection));
    }
}

}  // namespace bqconn::emulator
