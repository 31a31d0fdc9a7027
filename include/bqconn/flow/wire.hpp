// The JSON sent to and received from Flow Service. Source: Adobe's BigQuery tutorial and Flow
// Service API.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "bqconn/connection/base_connection.hpp"
#include "bqconn/core/secret.hpp"
#include "bqconn/http/transport.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::flow {

// How a secret parameter, such as "clientSecret", is written into the JSON.
using WriteSecret = std::function<std::string(std::string_view parameter, const Secret& secret)>;

// The body of POST /connections.
json::Json to_json(const connection::BaseConnection& connection, const WriteSecret& write_secret);

// The body of POST /connections as it is sent.
Secret create_body(const connection::BaseConnection& connection);

// The fields that an update replaces. auth.params are replaced as a whole.
struct Change {
    std::optional<std::string> name = {};
    std::optional<std::string> description = {};
    bool has_description = true;  // currently; a missing field must be added, not replaced
    std::optional<connection::Auth> auth = {};
};

// The body of PATCH /connections/{id}: a list of operations.
json::Json to_json(const Change& change, const WriteSecret& write_secret);

// The body of PATCH /connections/{id} as it is sent.
Secret update_body(const Change& change);

// Flow Service's response to a stored connection.
struct Stored {
    std::string id;
    std::string etag;  // with its quotes
};

// Parses a success response. Throws std::runtime_error that says what is wrong with the body,
// without quoting it.
Stored read_stored(const http::Response& response);

// No control character, at most 512 bytes: it is sent in a header unchanged.
bool is_etag(std::string_view text);

// Letters, digits, '-' and '_', at most 128: nothing that could change a path or a script.
bool is_connection_id(std::string_view text);

}  // namespace bqconn::flow
