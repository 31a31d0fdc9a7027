// Updates and deletes a connection.
#pragma once

#include <string>

#include "bqconn/core/clock.hpp"
#include "bqconn/flow/outcome.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/flow/wire.hpp"

namespace bqconn::flow {

// One PATCH with If-Match: applied only if `etag` is still current. Returns the new etag. Throws
// Error (`conflict`) if it is not, OutcomeUnknown, or an Error that says why nothing was changed.
Stored update(FlowService& service, const std::string& id, const std::string& etag,
              const Change& change);

// The outcome of a delete. `recovered`: the response was lost, but the connection is gone.
enum class Removal { deleted, absent, recovered };

std::string_view name_of(Removal removal);

// One DELETE. After a lost response, looks for the connection after 1, 2 and 4 more seconds, unless
// `recover` is false. `absent`: the service did not know it. Throws OutcomeUnknown, or an Error
// that says why nothing was deleted.
Removal remove(FlowService& service, const std::string& id, const Clock& clock,
               bool recover = true);

}  // namespace bqconn::flow
