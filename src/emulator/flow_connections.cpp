#include "bqconn/emulator/flow_connections.hpp"

#include <utility>

#include "bqconn/core/text.hpp"
#include "bqconn/emulator/connection_body.hpp"
#include "bqconn/emulator/connection_patch.hpp"
#include "bqconn/emulator/flow_resources.hpp"
#include "bqconn/emulator/flow_specs.hpp"
#include "bqconn/emulator/gateway.hpp"

namespace bqconn::emulator {
namespace {

Answer post(const Call& call, Store& store, const std::string& org_id,
            const ServiceOptions& options) {
    const Json document = check_json_body(call.request);
    Resource connection = read_resource(document, call, org_id);
    connection.members = read_connection_members(document, call.sandbox->cloud());
    check_licence(options);
    return create(store, Kind::connection, std::move(connection));
}

// The etag that the caller has read.
std::string wanted_etag(const Request& request) {
    auto etag = std::string(trim_ascii(request.header("If-Match").value_or("")));
    if (etag.empty()) {
        throw flow_problem("1403-400", "Header is missing",
                           "The header If-Match is missing in the request. Please add the header "
                           "in the request and try again.");
    }
    return etag;
}

Refused stale(const std::string& id) {
    return flow_problem("1404-412", "Version not matching",
                        "The supplied version does not match the current version of the "
                        "connections resource " +
                            id + ".",
                        {{"id", id}});
}

Answer patch(const Call& call, Store& store, bool enabled) {
    if (!enabled) {
        throw flow_problem("1445-400", "Invalid request",
                           "The PATCH operation is not enabled for this resource.");
    }
    const std::string etag = wanted_etag(call.request);
    const Json operations = check_json_body(call.request);
    const auto connection = resource_in_path(call, store, Kind::connection);
    if (connection->etag != etag) {
        throw stale(connection->id);
    }
    Resource changed = patched_connection(*connection, operations, call.sandbox->cloud());
    changed.updated_client = call.client;
    // Another PATCH may have been applied in the meantime.
    const auto stored = store.replace(Kind::connection, std::move(changed));
    if (!stored) {
        throw stale(connection->id);
    }
    return json_answer(200, {{"id", stored->id}, {"etag", stored->etag}});
}

}  // namespace

void add_connection_routes(Router& router, Store& store, const Identity& identity,
                           const ServiceOptions& options) {
    const std::string collection = flow_service_path + "/connections";
    router.add({"POST", collection, Access::sandbox,
                [&store, org = identity.org_id, &options](const Call& call) {
                    return post(call, store, org, options);
                }});
    add_resource_routes(router, store, Kind::connection);
    router.add({"PATCH", collection + "/{}", Access::sandbox, [&store, &options](const Call& call) {
                    return patch(call, store, options.patch);
                }});
}

}  // namespace bqconn::emulator
