// The dataflow a verb works on: finding it by ID or by exact name, and waiting for its runs.
#pragma once

#include <string>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/dataflow/dataflows.hpp"
#include "bqconn/dataflow/runs.hpp"
#include "bqconn/flow/service.hpp"

namespace bqconn::commands {

// The first operand, or the ID of the one dataflow named --name (Setting::dataflow_name). Throws
// Error: `usage` for neither or both, `not_found` with similar names, `conflict` for several.
std::string dataflow_id(flow::FlowService& service, const Task& task);

// The dataflow. If there is none with that ID, the Error names the sandbox and how to list them.
dataflow::Dataflow read_target_dataflow(flow::FlowService& service, const std::string& id);

// The dataflow as selected above, without its ends.
dataflow::Dataflow target_dataflow(flow::FlowService& service, const Task& task);

// Waits until the run has ended: with an empty `run_id`, until the dataflow is enabled and its
// first run started after `known_run`, a run that is there already (may be empty), has ended. Shows
// progress. Throws Error: `unavailable` if it has not ended within --wait-timeout, or interrupted.
dataflow::Run wait_for_run(Context& context, const Task& task, flow::FlowService& service,
                           const std::string& id, const std::string& run_id,
                           const std::string& known_run = {});

// Throws Error for a run that failed (`rejected`) or rejected records (`partial`); its message names
// the cause.
void require_success(const dataflow::Run& run);

// Waits for the state that an action leads to: "enabled" or "disabled". Throws Error as above.
void wait_for_state(Context& context, const Task& task, flow::FlowService& service,
                    const std::string& id, const std::string& state);

}  // namespace bqconn::commands
