// What goes to Flow Service and what comes back, as JSON. Source: Adobe's BigQuery tutorial and
// Flow Service API.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "bqconn/connection/access.hpp"
#include "bqconn/connection/base_connection.hpp"
#include "bqconn/core/secret.hpp"
#include "bqconn/http/transport.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::flow {

inline constexpr std::string_view base_path = "/data/foundation/flowservice";

// How a secret parameter ("clientSecret", "refreshToken", "keyFileContent") is written into the
// JSON.
using WriteSecret = std::function<std::string(std::string_view parameter, const Secret& secret)>;

// The body of POST /connections.
json::Json to_json(const connection::BaseConnection& connection, const WriteSecret& write_secret);

// The body of POST /connections as it is sent.
Secret create_body(const connection::BaseConnection& connection);

// A request with the headers that every call needs; with a body, its content type too. `path`
// stands behind base_path.
http::Request make_request(const connection::Access& access, const Secret& access_token,
                           http::Method method, std::string_view path,
                           const Secret& body = Secret());

// What Flow Service says of a connection it has stored.
struct Stored {
    std::string id;
    std::string etag;  // with its quotes
};

// Of a 201. Throws std::runtime_error that says what is wrong with the body, without quoting it.
Stored read_stored(const http::Response& response);

// Letters, digits, '-' and '_', at most 128: nothing that could change a path or a line of a
// script.
bool is_connection_id(std::string_view text);

}  // namespace bqconn::flow
