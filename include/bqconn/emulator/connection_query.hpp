// GET /connections: filters, order and pages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// How a connection is shown, its auth.params included.
Json connection_document(const Connection& connection);

// Answers the list query `query` over `connections`: {"items","_links"} or {"count"}. `page_key` is
// this run's own: a continuationToken of another run is refused. Throws Refused.
Json list_document(const std::vector<ConnectionPointer>& connections, const Pairs& query,
                   std::string_view page_key);

}  // namespace bqconn::emulator
