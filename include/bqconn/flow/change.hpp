// Creates, updates and deletes a connection: each is applied at most once, and an unknown outcome
// is reported as such. Flow Service has no idempotency key and no unique names, so after a lost
// response bqconn looks for the connection.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/connection/base_connection.hpp"
#include "bqconn/core/clock.hpp"
#include "bqconn/flow/outcome.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/flow/wire.hpp"

namespace bqconn::flow {

// What to do if a connection with that name exists. `create` does not look: it only sends one POST.
// For `update`, create_once() returns the connection as for `reuse`; the caller updates it.
enum class IfExists { create, error, reuse, update };

std::optional<IfExists> parse_if_exists(std::string_view word);  // "new", "error", …

struct CreateOptions {
    IfExists if_exists = IfExists::create;
    bool recover = true;  // look for the connection after a lost response
};

struct CreateResult {
    std::string id;
    std::string etag;                    // with its quotes
    Outcome outcome = Outcome::created;  // or `existing`, `recovered`
    // Ids of others with that name, known only after a search for a lost create.
    std::vector<std::string> namesakes = {};
};

// The call that makes each change.
Call create_call(const connection::BaseConnection& connection);
Call update_call(const std::string& id, const std::string& etag, const Change& change);
Call remove_call(const std::string& id);

// At most one POST. Throws OutcomeUnknown; Error (`conflict`) if it exists and that is an error, or
// if several do; or an Error that says why nothing was created. A lost response is recovered if
// exactly one connection with that name was created, by the service's clock, after the call began.
CreateResult create_once(FlowService& service, const connection::BaseConnection& connection,
                         const CreateOptions& options, const Clock& clock);

// One PATCH with If-Match: applied only if `etag` is still current. Returns the new etag. Throws
// Error (`conflict`) if it is not, OutcomeUnknown, or an Error that says why nothing was changed.
Stored update(FlowService& service, const std::string& id, const std::string& etag,
              const Change& change);

// One DELETE. Returns `deleted`; `absent` if the service did not know it; or `recovered` if the
// response was lost and, unless `recover` is false, looking showed that it is gone. Throws
// OutcomeUnknown, or an Error that says why nothing was deleted.
Outcome remove(FlowService& service, const std::string& id, const Clock& clock,
               bool recover = true);

}  // namespace bqconn::flow
