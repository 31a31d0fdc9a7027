// Makes the changes that a comparison of a manifest with the service calls for.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "bqconn/connection/base_connection.hpp"
#include "bqconn/core/secret.hpp"
#include "bqconn/output/changes.hpp"
#include "commands/manifests.hpp"
#include "commands/session.hpp"

namespace bqconn::commands {

// What to do after a failure that another run can resolve.
inline constexpr char go_on[] =
    "bqconn diff shows what is missing; run the command again: it makes only the missing changes";

// A connection to send, and the secrets in it.
struct Sending {
    connection::BaseConnection connection;
    std::vector<Secret> secrets;
};

// Makes each change at most once, in parallel and in the order of their dependencies. `sent` are
// the connections to send, by the index of their change. Returns the outcome of each change, in
// their order; a failure is an outcome. Throws only if a worker cannot be set up, or for a bug.
std::vector<output::Applied> make_changes(Context& context, const Task& task, Session& session,
                                          const Loaded& loaded, Comparison& comparison,
                                          std::map<std::size_t, Sending> sent);

}  // namespace bqconn::commands
