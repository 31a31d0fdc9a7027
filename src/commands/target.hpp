// Finds the connection a verb works on: by ID, or by exact name.
#pragma once

#include <functional>
#include <string>

#include "bqconn/commands/task.hpp"
#include "bqconn/flow/connections.hpp"
#include "bqconn/flow/service.hpp"

namespace bqconn::commands {

// How to reach Adobe, from the settings. Throws Error listing everything that is missing.
connection::Access access_of(const config::Settings& settings);

// The first operand, or the ID of the one connection named --name. Throws Error: `usage` for
// neither or both, `not_found` with similar names, `conflict` for several.
std::string target_id(flow::FlowService& service, const Task& task);

// Returns the ID if it has only allowed characters. Throws Error (usage).
const std::string& checked_id(const std::string& operand);

// The connection. If there is none with that ID, the Error names the sandbox and similar names and
// IDs.
flow::Connection read_target(flow::FlowService& service, const std::string& id);

// Throws Error (usage) for a connection to another source: bqconn changes and deletes only Google
// BigQuery connections.
void refuse_other_source(const flow::Connection& one);

}  // namespace bqconn::commands
