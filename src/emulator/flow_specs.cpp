#include "bqconn/emulator/flow_specs.hpp"

#include <string>

#include "bqconn/emulator/connection_spec.hpp"
#include "bqconn/emulator/flow_resources.hpp"

namespace bqconn::emulator {

void check_licence(const ServiceOptions& options) {
    if (!options.licensed) {
        throw flow_problem("1100-400", "Invalid request",
                           "The organisation is not entitled to use the source google-big-query.");
    }
}

void add_spec_routes(Router& router, const ServiceOptions& options) {
    router.add({"GET", flow_service_path + "/connectionSpecs/{}", Access::sandbox,
                [&options](const Call& call) {
                    const std::string& id = call.captures.front();
                    if (id != bigquery_spec_id) {
                        throw unknown_resource("connectionSpecs", id, 404);
                    }
                    check_licence(options);
                    const Json spec = bigquery_connection_spec(call.sandbox->cloud());
                    return json_answer(200, {{"items", Json::array({spec})}});
                }});
}

}  // namespace bqconn::emulator
