// Reads base connections: the list with its pages.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bqconn/flow/service.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::flow {

// One connection of a list, as far as bqconn uses it. auth.params is never kept: it may hold
// credentials.
struct ListedConnection {
    std::string id;
    std::string etag;  // with its quotes; empty if the list had none
    std::string name;
    std::string state;
    std::int64_t created_at = 0;  // milliseconds since 1970, by the service's clock; 0 if unknown
};

struct Page {
    std::vector<ListedConnection> connections;
    std::string continuation_token;  // empty on the last page
    // The service's clock when it answered, in milliseconds since 1970, cut to the second; from its
    // Date header.
    std::optional<std::int64_t> answered_at;
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

// One page of GET /connections. Throws Error: what the service refused, or `bad_response`.
Page read_page(FlowService& service, const Parameters& parameters);

// What was found, and the service's clock at the first page.
struct Found {
    std::vector<ListedConnection> connections;
    std::optional<std::int64_t> answered_at;
};

// Every BigQuery connection of the sandbox, oldest first; where a name is given, those of exactly
// that name. Follows every page; a continuation token that comes again is a `bad_response`.
Found find_connections(FlowService& service, const std::optional<std::string>& name);

}  // namespace bqconn::flow
