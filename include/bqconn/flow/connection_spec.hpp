// Reads from Flow Service how a Google BigQuery connection may authenticate.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bqconn/connection/base_connection.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/flow/service.hpp"

namespace bqconn::flow {

// A kind of authentication, and the parameters of its JSON Schema.
struct AuthSpec {
    std::string name;  // "Basic Authentication"
    std::set<std::string> parameters;
    std::set<std::string> required;  // subset of `parameters`
};

struct ConnectionSpec {
    std::string name;
    std::vector<AuthSpec> auth_specs;
};

// Throws Error: the service's refusal (1100-400: not licensed), or `bad_response`.
ConnectionSpec read_bigquery_spec(FlowService& service);

// Why the source would refuse this authentication; none if it would accept it.
std::optional<Error> refusal_of(const ConnectionSpec& spec, const connection::Auth& auth);

}  // namespace bqconn::flow
