// Flow Service: the source connections that use a base connection, and the flows that use those.
#include <algorithm>

#include "emulator/platform/connection_spec.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

void check_source_connection(Json& source, const Call& call) {
    const auto connection =
        find_resource(call, Kind::connection, source.at("baseConnectionId"), 400);
    if (source.at("connectionSpec").at("id") != connection->at("connectionSpec").at("id")) {
        throw invalid_spec_id();
    }
}

void check_flow(Json& flow, const Call& call) {
    const Json& ids = flow.at("sourceConnectionIds");
    if (ids.empty() || !std::ranges::all_of(ids, [](const Json& id) { return id.is_string(); })) {
        throw invalid_body("sourceConnectionIds must be an array of ids");
    }
    for (const Json& id : ids) {
        find_resource(call, Kind::source_connection, id, 400);
    }
}

}  // namespace

void add_dependant_routes(Routes& routes) {
    using Type = Json::value_t;
    add_resource_routes(routes,
                        {.kind = Kind::source_connection,
                         .fields = {{"baseConnectionId", Type::string},
                                    {"connectionSpec", Type::object},
                                    {"connectionSpec.id", Type::string},
                                    {"connectionSpec.version", Type::string, Presence::optional},
                                    {"data", Type::object, Presence::optional},
                                    {"params", Type::object, Presence::optional}},
                         .check = check_source_connection,
                         .filters = {"connectionSpec.id", "baseConnectionId"}});
    add_resource_routes(routes,
                        {.kind = Kind::flow,
                         .fields = {{"flowSpec", Type::object},
                                    {"flowSpec.id", Type::string},
                                    {"flowSpec.version", Type::string, Presence::optional},
                                    {"sourceConnectionIds", Type::array},
                                    {"targetConnectionIds", Type::array, Presence::optional},
                                    {"transformations", Type::array, Presence::optional},
                                    {"scheduleParams", Type::object, Presence::optional}},
                         .check = check_flow,
                         .filters = {"flowSpec.id", "sourceConnectionIds[]"}});
}

}  // namespace bqconn::emulator
