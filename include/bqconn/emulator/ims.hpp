// Adobe IMS: access tokens for a client id and secret (OAuth server-to-server).
#pragma once

#include "bqconn/emulator/identity.hpp"
#include "bqconn/emulator/router.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

inline const std::string ims_path = "/ims";

// `store` and `identity` must outlive `router`.
void add_ims_routes(Router& router, Store& store, const Identity& identity);

}  // namespace bqconn::emulator
