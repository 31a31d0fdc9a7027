// Operations of Adobe's published Flow Service API that the emulator does not serve: 501, so that a
// client does not mistake them for a wrong path.
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
    for (std::string operation :
         {"POST /connections/search", "POST /connections/{}/action", "GET /connections/{}/configs",
          "POST /connectionSpecs", "PUT /connectionSpecs/{}", "GET /connectionSpecs/{}/configs",
          "GET /connectionSpecs/{}/explore", "POST /flows/search", "POST /flowSpecs",
          "POST /flowSpecs/search", "PUT /flowSpecs/{}", "PUT /runs/{}",
          "POST /sourceConnections/{}/action", "POST /targetConnections/{}/action"}) {
        operation.insert(operation.find('/'), flow_service_path);
        routes.push_back({operation, Access::sandbox, refuse_unserved});
    }
}

}  // namespace bqconn::emulator
