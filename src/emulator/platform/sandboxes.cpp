// The Sandbox API: GET /data/foundation/sandbox-management/, the sandboxes that the caller may use.
#include <string>

#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

const std::string sandboxes_path = "/data/foundation/sandbox-management/";

Answer list_sandboxes(const Call& call) {
    const Request& request = call.request;
    if (query_value(request, "limit").has_value() != query_value(request, "offset").has_value()) {
        throw bad_request("The query parameters limit and offset must be given together");
    }
    const std::size_t limit = number_parameter(request, "limit", 50, 1);
    const std::size_t offset = number_parameter(request, "offset", 0);
    const auto& sandboxes = call.store.sandboxes();
    Json shown = Json::array();
    for (const Sandbox& sandbox : slice(sandboxes, offset, limit)) {
        shown.push_back({{"name", sandbox.name},
                         {"title", sandbox.title},
                         {"state", "active"},
                         {"type", sandbox.type},
                         {"region", sandbox.region},
                         {"isDefault", sandbox.is_default}});
    }
    const Json link = {{"href", sandboxes_path + "?limit={limit}&offset={offset}"},
                       {"templated", true}};
    Json links = {{"page", link}};
    if (offset + shown.size() < sandboxes.size()) {
        // Adobe's link only says that there is more; the client computes the offset.
        links["next"] = link;
    }
    const Json counts = {{"limit", limit}, {"count", shown.size()}};
    return json_answer(200, {{"sandboxes", shown}, {"_page", counts}, {"_links", links}});
}

}  // namespace

void add_sandbox_routes(Routes& routes) {
    routes.push_back({"GET " + sandboxes_path, Access::gateway, list_sandboxes});
}

}  // namespace bqconn::emulator
