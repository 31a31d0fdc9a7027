// What hangs on a connection: the source connections made on it, and the dataflows that use those.
#pragma once

#include <string>
#include <vector>

#include "bqconn/flow/service.hpp"

namespace bqconn::flow {

struct Dependant {
    std::string id;
    std::string name;
    std::string state;
};

struct Dependants {
    std::vector<Dependant> source_connections;
    std::vector<Dependant> dataflows;
};

// Throws Error: what the service refused, or `bad_response`.
Dependants find_dependants(FlowService& service, const std::string& id);

}  // namespace bqconn::flow
