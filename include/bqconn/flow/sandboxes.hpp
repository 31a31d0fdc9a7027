// Lists the sandboxes that a credential can access.
#pragma once

#include <string>
#include <vector>

#include "bqconn/flow/service.hpp"

namespace bqconn::flow {

struct Sandbox {
    std::string name;  // what --sandbox-name takes
    std::string title;
    std::string type;   // "production", "development"
    std::string state;  // "active", …
    std::string region;
    bool is_default = false;
};

// Throws Error: the service's refusal, or `bad_response`.
std::vector<Sandbox> read_sandboxes(FlowService& service, Pages pages = Pages::all);

}  // namespace bqconn::flow
