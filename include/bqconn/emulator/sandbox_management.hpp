// The Sandbox API: GET /data/foundation/sandbox-management/, the sandboxes that the caller may use.
#pragma once

#include "bqconn/emulator/router.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// `store` must outlive `router`.
void add_sandbox_routes(Router& router, const Store& store);

}  // namespace bqconn::emulator
