// The dataflow a verb works on: finding it by ID or by exact name, and waiting for its runs.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/dataflow/dataflows.hpp"
#include "bqconn/dataflow/runs.hpp"
#include "bqconn/flow/explore.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/lake/mapping.hpp"
#include "bqconn/output/console.hpp"

namespace bqconn::commands {

// The code of the Error for an ID without a dataflow.
inline constexpr char dataflow_not_found[] = "not_found.dataflow";

// The first operand, or the ID of the one dataflow named --name (Setting::dataflow_name). Throws
// Error: `usage` for neither or both, `not_found` with similar names, `conflict` for several.
std::string dataflow_id(flow::FlowService& service, const Task& task);

// The dataflow. If there is none with that ID, the Error names the sandbox and how to list them.
dataflow::Dataflow read_target_dataflow(flow::FlowService& service, const std::string& id);

// The dataflow as selected above, without its ends.
dataflow::Dataflow target_dataflow(flow::FlowService& service, const Task& task);

// Throws Error (usage) for a dataflow of another source: bqconn changes and deletes only those that
// read Google BigQuery.
void refuse_other_source(const dataflow::Dataflow& one);

// Prints what a change did: as Format::id the "id" of `document`. Throws Error (`output`) if stdout
// did not take it; `done` begins its message: "the dataflow ID was updated".
void print_change(output::Console& console, Format format, const json::OrderedJson& document,
                  const std::string& text, const std::string& done);

// Whether a dataflow's settings were read from a manifest, which always names its table.
bool is_from_manifest(const config::Settings& settings);

// The start of a message about a setting: "--table" or "bqconn.yaml:12: table". If it is not set,
// its flag.
std::string place_of(const config::Settings& settings, Setting setting);

// The content of the file that a setting names; empty if it is not set. Throws Error (`config`).
std::string text_of_file(const config::Settings& settings, Setting setting);

// The mapping of --map or --mapping, whichever is set, for a table with these columns; `text` is
// the content of the latter's file. Throws Error: `usage`, or `config` for the file.
lake::Mappings mappings_of(const config::Settings& settings, const std::string& text,
                           const std::vector<flow::Column>& columns);

// The percentage of --partial, if it is set.
std::optional<double> partial_percent(const config::Settings& settings);

// Waits until the run has ended; with an empty `run_id`, until the dataflow is enabled and its
// newest run has ended. Shows progress.
// Throws Error: `unavailable` if it has not ended within --wait-timeout, or interrupted.
dataflow::Run wait_for_run(Context& context, const Task& task, flow::FlowService& service,
                           const std::string& id, const std::string& run_id = {});

// Throws Error for a run that failed (`rejected`) or rejected records (`partial`); its message
// names the cause.
void require_success(const dataflow::Run& run, const std::string& connection_id);

// Waits for the state that an action leads to: "enabled" or "disabled". Throws Error as above.
void wait_for_state(Context& context, const Task& task, flow::FlowService& service,
                    const std::string& id, const std::string& state);

// Calls `wait` after a change, and returns its error. That error is `partial`, because the change
// was made, unless --wait-timeout expired. `done` begins the message: "the dataflow ID was
// enabled".
std::optional<Error> wait_after(const std::string& done, const std::function<void()>& wait);

// Prints a run just started; with --wait, waits for its end first. Throws Error, after printing, as
// the functions above.
void finish_run(Context& context, const Task& task, flow::FlowService& service,
                const dataflow::Dataflow& one, const std::string& run_id);

}  // namespace bqconn::commands
