// Flow Service: the source connections that use a base connection, and the flows that use those.
#pragma once

#include "bqconn/emulator/identity.hpp"
#include "bqconn/emulator/router.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// `store` must outlive `router`.
void add_dependant_routes(Router& router, Store& store, const Identity& identity);

}  // namespace bqconn::emulator
