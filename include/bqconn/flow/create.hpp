// The create: a POST that leaves at most once, and what its answer means.
#pragma once

#include "bqconn/connection/base_connection.hpp"
#include "bqconn/flow/outcome.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/flow/wire.hpp"

namespace bqconn::flow {

// One POST. Throws OutcomeUnknown, or an Error that says why nothing was created.
Stored create(FlowService& service, const connection::BaseConnection& connection);

}  // namespace bqconn::flow
