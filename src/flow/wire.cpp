#include "bqconn/flow/wire.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "bqconn/core/text.hpp"

namespace bqconn::flow {
namespace {

using json::Json;

constexpr std::size_t longest_id = 128;
constexpr std::size_t longest_etag = 512;

Json params_of(const connection::Auth& auth, const WriteSecret& write_secret) {
    Json params = Json::object();
    for (const auto& [name, value] : auth.params) {
        const auto* const secret = std::get_if<Secret>(&value);
        params[std::string(name)] =
            secret != nullptr ? write_secret(name, *secret) : std::get<std::string>(value);
    }
    return params;
}

std::string reveal(std::string_view, const Secret& secret) {
    return secret.reveal();
}

}  // namespace

Json to_json(const connection::BaseConnection& connection, const WriteSecret& write_secret) {
    Json auth = {{"specName", connection.auth.spec_name},
                 {"params", params_of(connection.auth, write_secret)}};
    if (!connection.auth.type.empty()) {
        auth["type"] = connection.auth.type;
    }
    Json body = {
        {"name", connection.name},
        {"auth", std::move(auth)},
        {"connectionSpec",
         {{"id", connection::bigquery_spec_id}, {"version", connection::bigquery_spec_version}}}};
    if (connection.description) {
        body["description"] = *connection.description;
    }
    return body;
}

Secret create_body(const connection::BaseConnection& connection) {
    return Secret(to_json(connection, reveal).dump());
}

Json to_json(const Change& change, const WriteSecret& write_secret) {
    Json operations = Json::array();
    const auto put = [&operations](const char* path, Json value, bool exists = true) {
        operations.push_back(
            {{"op", exists ? "replace" : "add"}, {"path", path}, {"value", std::move(value)}});
    };
    if (change.name) {
        put("/name", *change.name);
    }
    if (change.description) {
        put("/description", *change.description, change.has_description);
    }
    if (change.auth) {
        put("/auth/params", params_of(*change.auth, write_secret));
    }
    return operations;
}

Secret update_body(const Change& change) {
    return Secret(to_json(change, reveal).dump());
}

Stored read_stored(const http::Response& response) {
    Json document;
    try {
        document = json::parse(response.body);
    } catch (const json::ParseError& error) {
        throw std::runtime_error("its body " + std::string(error.what()));
    }
    Stored stored{json::string_at(document, "id"), json::string_at(document, "etag")};
    if (!is_connection_id(stored.id)) {
        throw std::runtime_error("its id is missing or invalid");
    }
    if (!is_etag(stored.etag)) {
        throw std::runtime_error("its etag is missing or invalid");
    }
    return stored;
}

bool is_etag(std::string_view text) {
    return !text.empty() && text.size() <= longest_etag && !has_control_character(text);
}

bool is_connection_id(std::string_view text) {
    return !text.empty() && text.size() <= longest_id &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '-' || c == '_';
           });
}

}  // namespace bqconn::flow
