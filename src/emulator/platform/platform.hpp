// The Adobe Experience Platform services behind the gateway: its checks, what all Flow Service
// resources share, and the routes of each service, which is in a file of its own.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/server/problem.hpp"
#include "emulator/server/route.hpp"
#include "emulator/store/store.hpp"

namespace bqconn::emulator {

inline const std::string flow_service_path = "/data/foundation/flowservice";
inline const std::string catalog_path = "/data/foundation/catalog";
inline const std::string schema_registry_path = "/data/foundation/schemaregistry";
inline const std::string data_prep_path = "/data/foundation/conversion";
inline const std::string export_path = "/data/foundation/export";

// --- The checks before every service (gateway.cpp), in the gateway's order: token, API key,
// organisation. The service itself then checks the sandbox. All throw Refused.

// Returns the caller's client id. Also refuses a valid request if --adobe asks for it.
std::string check_gateway(const Call& call);

// The sandbox named by the x-sandbox-name header. Throws if --adobe says that the caller has no
// permission for the service.
const Sandbox& check_sandbox(const Call& call);

// The header's value. Throws a flow_problem() with `code` if it is missing.
std::string required_header(const Request& request, const std::string& name, std::string_view code);

// Parses the body, which must not be empty and must be declared as JSON.
Json check_json_body(const Request& request);

// --- Shared by the services (gateway.cpp).

// The first parameter with that name; none if it is missing.
std::optional<std::string> query_value(const Request& request, const std::string& name);

// The parameter as a number, from `least` to `most`; `fallback` if it is missing. Throws
// BadRequestError.
std::size_t number_parameter(const Request& request, const std::string& name, std::size_t fallback,
                             std::size_t least = 0, std::size_t most = std::string::npos);

// 400 and 404 of the services other than Flow Service.
Refused bad_request(const std::string& detail);
Refused not_found(const std::string& detail);

// --- Resources of Flow Service (resource.cpp).

enum class Presence { required, optional, may_be_empty };

// A field of a JSON body: "connectionSpec.id". Other fields of the body are ignored.
struct FieldRule {
    std::string path;
    Json::value_t type;  // string, object or array
    Presence presence = Presence::required;
};

// 400 in the older format.
Refused invalid_body(const std::string& message);

// What distinguishes one kind of resource from another.
struct ResourceKind {
    Kind kind;
    // The fields of the body of a POST that only this kind has. They are stored.
    std::vector<FieldRule> fields = {};
    // Checks a new or changed resource further, and adds defaults and the derived properties.
    // Throws Refused, which names fields but never their values.
    void (*complete)(Json& resource, const Call& call) = [](Json&, const Call&) {};
    // What a PATCH can change, apart from /name and /description: "/auth/params", or "/options/"
    // for everything below it.
    std::vector<std::string> patchable = {};
    bool read_only = false;
    // Refuse a PATCH with a path that cannot be changed, and one that is wrong otherwise.
    Refused (*invalid_path)(const std::string& message) = invalid_body;
    Refused (*invalid_patch)(const std::string& message) = invalid_body;
};

// Adds the list and GET by id; unless the kind is read-only, also POST, PATCH and DELETE.
void add_resource_routes(Routes& routes, const ResourceKind& kind);

// The items of `all` that the query selects, each with the properties that it asks for.
Json select_items(const Call& call, const ResourceKind& kind, const ResourceList& all);

// The properties of the resource with these names; empty: all.
Json shown_item(const Json& resource, const std::vector<std::string>& properties);

// The fields of a new resource of any kind, created by `client`.
Json new_resource(const std::string& client, const Options& options);

// The resource with that id. Throws FLOW-1439-STATUS if it does not exist.
ResourcePointer find_resource(const Call& call, Kind kind, const std::string& id, int status);

// The resource whose id is in the path.
ResourcePointer resource_in_path(const Call& call, Kind kind);

// FLOW-1439-STATUS.
Refused unknown_resource(const std::string& collection, const std::string& id, int status);

// Whether the source accepts the credentials of this base connection: a test would return true.
bool source_accepts(const Json& connection, const Call& call);

// --- The services.

void add_connection_routes(Routes& routes);       // POST /connections to DELETE /connections/{id}
void add_connection_spec_routes(Routes& routes);  // GET /connectionSpecs and /connectionSpecs/{id}
void add_dataflow_routes(Routes& routes);         // /sourceConnections to /flowSpecs and /runs
void add_explore_routes(Routes& routes);          // GET /connections/{id}/test and /explore
void add_catalog_routes(Routes& routes);          // datasets and batches
void add_schema_registry_routes(Routes& routes);  // schemas, field groups
void add_data_prep_routes(Routes& routes);        // mapping sets
void add_export_routes(Routes& routes);           // the rows of batches
void add_unserved_routes(Routes& routes);         // other operations of Flow Service: 501
void add_sandbox_routes(Routes& routes);          // GET /data/foundation/sandbox-management/

// Stores --connections and --other-connections in `sandbox`, both sorts mixed, oldest first, a
// minute apart and the last a minute old. They use every auth spec of the sandbox's cloud and the
// states enabled, disabled and draft.
void add_made_up_connections(Store& store, const Sandbox& sandbox, const Options& options);

}  // namespace bqconn::emulator
