// A create that is applied at most once and whose outcome is known, or said to be unknown. Flow
// Service has no idempotency key and no unique names, so after a lost answer the connection is
// looked for by its name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bqconn/connection/base_connection.hpp"
#include "bqconn/core/clock.hpp"
#include "bqconn/flow/service.hpp"

namespace bqconn::flow {

// What to do where a connection of that name exists. `create` does not look: one POST and nothing
// else.
enum class IfExists { create, error, reuse };

std::optional<IfExists> parse_if_exists(std::string_view word);  // "new", "error", "reuse"

enum class Outcome { created, existing, recovered };

std::string_view name_of(Outcome outcome);

struct CreateOptions {
    IfExists if_exists = IfExists::create;
    bool recover = true;  // look for the connection after an answer was lost
};

struct CreateResult {
    std::string id;
    std::string etag;  // with its quotes
    Outcome outcome = Outcome::created;
};

// Throws OutcomeUnknown; Error (`conflict`) if it exists and that is an error, or if several do; or
// an Error that says why nothing was created. An answer that was lost is looked for after 1, 2 and
// 4 more seconds: a connection counts as ours if it has exactly the name, is the only such one, and
// was created, by the service's clock, after we began.
CreateResult create_once(FlowService& service, const connection::BaseConnection& connection,
                         const CreateOptions& options, const Clock& clock);

}  // namespace bqconn::flow
