// What depends on a connection: its source connections, and the dataflows that use those.
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

// Throws Error: the service's refusal, or `bad_response`.
Dependants find_dependants(FlowService& service, const std::string& id);

}  // namespace bqconn::flow
