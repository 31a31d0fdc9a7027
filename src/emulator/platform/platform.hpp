// The Adobe Experience Platform services behind the gateway: its checks, and the routes of each
// service, which is in a file of its own.
#pragma once

#include <string>

#include "emulator/server/message.hpp"

namespace bqconn::emulator {

struct Identity;
struct Options;
class Router;
struct Sandbox;
class Store;

// --- The checks before every service (gateway.cpp), in the gateway's order: token, API key,
// organisation. The service itself then checks the sandbox. All throw Refused.

// Returns the caller's client id. Also refuses a valid request if --adobe asks for it.
std::string check_gateway(const Request& request, const Options& options, const Store& store);

// Whether --adobe says that the caller has no permission.
void check_permission(const Options& options);

// The sandbox named by the x-sandbox-name header.
const Sandbox& check_sandbox(const Request& request, const Store& store);

// Parses the body, which must not be empty and must be declared as JSON.
Json check_json_body(const Request& request);

// --- The services.

void add_connection_routes(Router& router);       // POST /connections to DELETE /connections/{id}
void add_connection_spec_routes(Router& router);  // GET /connectionSpecs/{id}
void add_dependant_routes(Router& router);        // /sourceConnections and /flows
void add_explore_routes(Router& router);          // GET /connections/{id}/test and /explore
void add_sandbox_routes(Router& router);          // GET /data/foundation/sandbox-management/

// Stores --connections and --other-connections in `sandbox`, both sorts mixed, oldest first, a
// minute apart and the last a minute old. They use every auth spec of the sandbox's cloud and the
// states enabled, disabled and draft.
void add_made_up_connections(Store& store, const Sandbox& sandbox, const Options& options);

}  // namespace bqconn::emulator
