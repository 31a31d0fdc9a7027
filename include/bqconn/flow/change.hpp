// The update and the delete of a connection, and what became of them.
#pragma once

#include <string>

#include "bqconn/core/clock.hpp"
#include "bqconn/flow/outcome.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/flow/wire.hpp"

namespace bqconn::flow {

// One PATCH with If-Match: done only if `etag` is still the connection's. Returns the new etag.
// Throws Error (`conflict`) if it is not, OutcomeUnknown, or an Error that says why nothing was
// changed.
Stored update(FlowService& service, const std::string& id, const std::string& etag,
              const Change& change);

// What a delete came to. `recovered`: its answer was lost, and the connection is gone.
enum class Removal { deleted, absent, recovered };

std::string_view name_of(Removal removal);

// One DELETE. An answer that was lost is settled by looking for the connection, after 1, 2 and 4
// more seconds, unless `recover` is false. `absent`: the service did not know it. Throws
// OutcomeUnknown, or an Error that says why nothing was deleted.
Removal remove(FlowService& service, const std::string& id, const Clock& clock,
               bool recover = true);

}  // namespace bqconn::flow
