// Flow Service: POST /connections, GET /connections, GET /connections/{id}.
#pragma once

#include <string>

#include "bqconn/emulator/identity.hpp"
#include "bqconn/emulator/router.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

inline const std::string flow_service_path = "/data/foundation/flowservice";

// `store` must outlive `router`.
void add_connection_routes(Router& router, Store& store, const Identity& identity);

}  // namespace bqconn::emulator
