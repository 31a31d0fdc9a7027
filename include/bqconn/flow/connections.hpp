// Reads base connections: one by id, or the paged list, and what depends on one.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bqconn/flow/service.hpp"

namespace bqconn::flow {

// The fields of a connection that bqconn uses. Of auth.params it keeps the names and the datasets:
// the other values may be credentials.
struct Connection {
    std::string id;
    std::string etag;  // with its quotes; empty if missing
    std::string name;
    std::string description;
    std::string state;                         // an open set of words: "enabled", "draft", …
    std::string auth_spec;                     // "Basic Authentication"; empty if unknown
    std::vector<std::string> auth_parameters;  // the names of those that are set, sorted
    // The parameters that are not secret. A change of credentials must keep the datasets.
    std::optional<std::string> project;
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

// Selects connections of the sandbox.
struct ConnectionQuery {
    std::optional<std::string> name = {};  // exact match
    std::optional<std::string> state = {};
    bool all_sources = false;   // not only those of Google BigQuery
    std::string order_by = {};  // "name", "-createdAt", …; empty: the service's own order
    int page_size = 0;          // 0: the service's own
};

// Called with the matching connections of each page; return false to stop.
using VisitConnections = std::function<bool(std::vector<Connection>& connections)>;

// Reads every page of GET /connections and filters again locally. Returns the Date of the first
// response, in milliseconds since 1970, truncated to the second. Throws Error: the service's
// refusal, or `bad_response`.
std::optional<std::int64_t> visit_connections(FlowService& service, const ConnectionQuery& query,
                                              const VisitConnections& visit);

// The connections found, and the service's time at the first page.
struct Found {
    std::vector<Connection> connections;
    std::optional<std::int64_t> answered_at;
};

// The BigQuery connections of the sandbox, oldest first; if a name is given, only those with
// exactly that name.
Found find_connections(FlowService& service, const std::optional<std::string>& name);

// GET /connections/{id}. Throws Error, such as `not_found`.
Connection read_connection(FlowService& service, const std::string& id);

// GET /connections/{id}/test: whether the source accepts the connection's credentials. The service
// gives no reason.
bool test_connection(FlowService& service, const std::string& id);

// What depends on a connection: its source connections, and the dataflows that use those.
struct Dependant {
    std::string id;
    std::string name;
    std::string state;
};

struct Dependants {
    std::vector<Dependant> source_connections;
    std::vector<Dependant> dataflows;
};

// Throws Error: the service's refusal, or `bad_response`.
Dependants find_dependants(FlowService& service, const std::string& id);

}  // namespace bqconn::flow
