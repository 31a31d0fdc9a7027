// The lists of Flow Service (GET /connections, /flows, …): filters, order and pages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// A resource as it is returned, including a connection's auth.params.
Json resource_document(const Resource& resource);

// "connections", "sourceConnections", "flows": used in paths and error documents.
std::string collection_name(Kind kind);

// Answers `query` over `resources`: {"items","_links"} or {"count"}. `page_key` is unique to this
// run: a continuationToken from another run is refused. Throws Refused.
Json list_document(std::vector<ResourcePointer> resources, Kind kind, const Pairs& query,
                   std::string_view page_key);

}  // namespace bqconn::emulator
