// Operations of Adobe's published APIs that the emulator does not serve: 501, so that a client does
// not mistake them for a wrong path. All of Flow Service's, and those of other services that a
// client of dataflows may call.
#include <string>

#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

Answer refuse_unserved(const Call& /*call*/) {
    throw placeholder_problem(501, "NotImplementedError",
                              "The emulator does not support this operation");
}

}  // namespace

void add_unserved_routes(Routes& routes) {
    const std::vector<std::pair<std::string, std::vector<std::string>>> services{
        {flow_service_path,
         {"POST /connections/search", "POST /connections/{}/action", "GET /connections/{}/configs",
          "POST /connectionSpecs", "PUT /connectionSpecs/{}", "GET /connectionSpecs/{}/configs",
          "GET /connectionSpecs/{}/explore", "POST /flows/search", "POST /flowSpecs",
          "POST /flowSpecs/search", "PUT /flowSpecs/{}", "PUT /runs/{}",
          "POST /sourceConnections/{}/action", "POST /targetConnections/{}/action"}},
        {catalog_path,
         {"PUT /dataSets/{}", "PATCH /dataSets/{}", "GET /dataSets/{}/views",
          "PATCH /v2/dataSets/{}", "POST /batches", "GET /lastBatches"}},
        {schema_registry_path,
         {"GET /global/schemas/", "GET /global/classes/", "GET /global/fieldgroups/",
          "GET /global/fieldgroups/{}", "GET /tenant/classes/", "GET /tenant/unions",
          "PUT /tenant/schemas/{}", "PATCH /tenant/schemas/{}", "PUT /tenant/fieldgroups/{}",
          "PATCH /tenant/fieldgroups/{}", "PUT /tenant/descriptors/{}"}},
        {data_prep_path,
         {"GET /mappingSets/{}/mappings", "GET /languages/el/functions",
          "POST /languages/el/validate"}},
        {export_path, {"GET /datasets/{}/preview"}},
    };
    for (const auto& [path, operations] : services) {
        for (std::string operation : operations) {
            operation.insert(operation.find('/'), path);
            routes.push_back({operation, Access::sandbox, refuse_unserved});
        }
    }
}

}  // namespace bqconn::emulator
