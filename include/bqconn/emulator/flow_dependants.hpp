// Flow Service: what stands on a base connection, which is source connections, and flows on them.
#pragma once

#include "bqconn/emulator/identity.hpp"
#include "bqconn/emulator/router.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// `store` must outlive `router`.
void add_dependant_routes(Router& router, Store& store, const Identity& identity);

}  // namespace bqconn::emulator
