// Creates a connection with a POST that is sent at most once.
#pragma once

#include "bqconn/connection/base_connection.hpp"
#include "bqconn/flow/outcome.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/flow/wire.hpp"

namespace bqconn::flow {

// One POST. Throws OutcomeUnknown, or an Error that says why nothing was created.
Stored create(FlowService& service, const connection::BaseConnection& connection);

}  // namespace bqconn::flow
