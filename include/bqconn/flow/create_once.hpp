// A create that is applied at most once and reports an unknown outcome as such. Flow Service has no
// idempotency key and no unique names, so after a lost response bqconn looks for the connection by
// name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bqconn/connection/base_connection.hpp"
#include "bqconn/core/clock.hpp"
#include "bqconn/flow/service.hpp"

namespace bqconn::flow {

// What to do if a connection with that name exists. `create` does not look: it only sends one POST.
enum class IfExists { create, error, reuse };

std::optional<IfExists> parse_if_exists(std::string_view word);  // "new", "error", "reuse"

// `updated` is never the result of a create.
enum class Outcome { created, existing, recovered, updated };

std::string_view name_of(Outcome outcome);

struct CreateOptions {
    IfExists if_exists = IfExists::create;
    bool recover = true;  // look for the connection after a lost response
};

struct CreateResult {
    std::string id;
    std::string etag;  // with its quotes
    Outcome outcome = Outcome::created;
};

// Throws OutcomeUnknown; Error (`conflict`) if it exists and that is an error, or if several do; or
// an Error that says why nothing was created. After a lost response it looks after 1, 2 and 4 more
// seconds: a connection counts as the created one if it is the only one with exactly that name that
// was created, by the service's clock, after the call began.
CreateResult create_once(FlowService& service, const connection::BaseConnection& connection,
                         const CreateOptions& options, const Clock& clock);

}  // namespace bqconn::flow
