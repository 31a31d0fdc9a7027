// The lists of Flow Service (GET /connections, /flows, …): filters, order and pages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// How a resource is shown, a connection's auth.params included.
Json resource_document(const Resource& resource);

// "connections", "sourceConnections", "flows": in paths and in error documents.
std::string collection_name(Kind kind);

// Answers the list query `query` over `resources`: {"items","_links"} or {"count"}. `page_key` is
// this run's own: a continuationToken of another run is refused. Throws Refused.
Json list_document(std::vector<ResourcePointer> resources, Kind kind, const Pairs& query,
                   std::string_view page_key);

}  // namespace bqconn::emulator
