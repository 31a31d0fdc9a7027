// Flow Service: base connections, from POST /connections to DELETE /connections/{id}.
#pragma once

#include "bqconn/emulator/identity.hpp"
#include "bqconn/emulator/router.hpp"
#include "bqconn/emulator/service_options.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// `store` and `options` must outlive `router`.
void add_connection_routes(Router& router, Store& store, const Identity& identity,
                           const ServiceOptions& options);

}  // namespace bqconn::emulator
