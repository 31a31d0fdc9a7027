// Reads base connections: one by its id, or the list with its pages.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/flow/service.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::flow {

// A connection as Flow Service gives it back, as far as bqconn uses it. Of auth.params the names
// are kept: the values may be credentials.
struct Connection {
    std::string id;
    std::string etag;  // with its quotes; empty if none came
    std::string name;
    std::string description;
    std::string state;                         // an open set of words: "enabled", "draft", …
    std::string auth_spec;                     // "Basic Authentication"; empty if unknown
    std::vector<std::string> auth_parameters;  // the names of those that are set, sorted
    // The two parameters that are no secret and not to be lost where credentials are replaced.
    std::optional<std::string> large_results_dataset;
    std::optional<std::string> dataset;
    std::string spec_id;
    std::string spec_version;
    std::string version;
    std::string created_by;
    std::string updated_by;
    std::int64_t created_at = 0;  // milliseconds since 1970, by the service's clock; 0 if unknown
    std::int64_t updated_at = 0;
};

// Which connections of the sandbox.
struct ConnectionQuery {
    std::optional<std::string> name = {};  // exactly this one
    std::optional<std::string> state = {};
    bool all_sources = false;   // not only those of Google BigQuery
    std::string order_by = {};  // "name", "-createdAt", …; empty: the service's own order
    int page_size = 0;          // 0: the service's own
};

// Called with the connections of each page that fit the query; false ends the reading.
using VisitConnections = std::function<bool(std::vector<Connection>& connections)>;

// Every page of GET /connections. What the service's filters let through is compared again. Returns
// the service's clock when it answered first, in milliseconds since 1970, cut to the second; from
// its Date header. Throws Error: what the service refused, or `bad_response`.
std::optional<std::int64_t> visit_connections(FlowService& service, const ConnectionQuery& query,
                                              const VisitConnections& visit);

// What was found, and the service's clock at the first page.
struct Found {
    std::vector<Connection> connections;
    std::optional<std::int64_t> answered_at;
};

// Every BigQuery connection of the sandbox, oldest first; where a name is given, those of exactly
// that name.
Found find_connections(FlowService& service, const std::optional<std::string>& name);

// GET /connections/{id}. Throws Error, `not_found` among them.
Connection read_connection(FlowService& service, const std::string& id);

// GET /connections/{id}/test: whether the source answers with the connection's credentials. The
// service gives no reason.
bool test_connection(FlowService& service, const std::string& id);

}  // namespace bqconn::flow
