// Connections that are there from the start, so that a client has much to list.
#pragma once

#include <cstddef>

#include "bqconn/emulator/identity.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

struct MadeUpConnections {
    std::size_t bigquery = 0;  // "Connection 00001", …
    std::size_t other = 0;     // "Other connection 00001", …: of another connection spec
};

// Stores them in `sandbox`, the two sorts mixed, the oldest first, each a minute younger than the
// one before and the last a minute old. Both auth specs that the sandbox's cloud has, and the
// states enabled, disabled and draft, occur.
void add_made_up_connections(Store& store, const Sandbox& sandbox, const Identity& identity,
                             const MadeUpConnections& wanted);

}  // namespace bqconn::emulator
