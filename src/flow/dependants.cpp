#include "bqconn/flow/dependants.hpp"

#include <algorithm>

#include "bqconn/flow/pages.hpp"

namespace bqconn::flow {
namespace {

constexpr Subject of_sources{"the list of source connections", "bad_response.dependants"};
constexpr Subject of_flows{"the list of dataflows", "bad_response.dependants"};

// Limits the length of the URL.
constexpr std::size_t ids_at_once = 40;

void read_dependants(FlowService& service, const List& list, std::vector<Dependant>& found) {
    read_pages(service, list, [&](const json::Json& items, const http::Response& response) {
        for (const auto& item : items) {
            Dependant one{json::string_at(item, "id"), json::string_at(item, "name"),
                          json::string_at(item, "state")};
            if (!is_connection_id(one.id)) {
                throw unusable(response, list.subject, "an item has no id");
            }
            // A dataflow of two source connections may be in the results of two requests.
            if (std::none_of(found.begin(), found.end(),
                             [&one](const Dependant& other) { return other.id == one.id; })) {
                found.push_back(std::move(one));
            }
        }
        return true;
    });
}

}  // namespace

Dependants find_dependants(FlowService& service, const std::string& id) {
    Dependants dependants;
    read_dependants(service,
                    {"/sourceConnections", {{"property", "baseConnectionId==" + id}}, of_sources},
                    dependants.source_connections);
    const auto& sources = dependants.source_connections;
    for (std::size_t start = 0; start < sources.size(); start += ids_at_once) {
        std::string ids;
        for (std::size_t i = start; i < std::min(start + ids_at_once, sources.size()); ++i) {
            ids += (ids.empty() ? "" : ",") + sources[i].id;
        }
        read_dependants(service,
                        {"/flows", {{"property", "sourceConnectionIds[]==" + ids}}, of_flows},
                        dependants.dataflows);
    }
    return dependants;
}

}  // namespace bqconn::flow
