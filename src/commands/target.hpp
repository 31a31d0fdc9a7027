// Which connection is meant: by its id, or by its exact name.
#pragma once

#include <functional>
#include <string>

#include "bqconn/commands/task.hpp"
#include "bqconn/flow/connections.hpp"
#include "bqconn/flow/service.hpp"

namespace bqconn::commands {

// How Adobe is reached, as the settings say. Throws Error for all that is missing.
connection::Access access_of(const config::Settings& settings);

// The id among the operands (the first), or that of the one connection named --name. Throws Error:
// `usage` for neither or both, `not_found` with names that are near, `conflict` for several.
std::string target_id(flow::FlowService& service, const Task& task);

// The id, checked for what no id holds. Throws Error (usage).
const std::string& checked_id(const std::string& operand);

// The connection; where the service does not know the id, the Error says in which sandbox it was
// looked for, and which names and ids are near.
flow::Connection read_target(flow::FlowService& service, const std::string& id);

// What bqconn changes or deletes is a connection to Google BigQuery: throws Error (usage) for one
// that the service says is of another source.
void refuse_other_source(const flow::Connection& one);

}  // namespace bqconn::commands
