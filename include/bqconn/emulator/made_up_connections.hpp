// Connections that exist from the start, so that a client has many to list.
#pragma once

#include <cstddef>

#include "bqconn/emulator/identity.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

struct MadeUpConnections {
    std::size_t bigquery = 0;  // "Connection 00001", …
    std::size_t other = 0;     // "Other connection 00001", …: with another connection spec
};

// Stores them in `sandbox`, both sorts mixed, oldest first, a minute apart and the last a minute
// old. They use every auth spec of the sandbox's cloud and the states enabled, disabled and draft.
void add_made_up_connections(Store& store, const Sandbox& sandbox, const Identity& identity,
                             const MadeUpConnections& wanted);

}  // namespace bqconn::emulator
