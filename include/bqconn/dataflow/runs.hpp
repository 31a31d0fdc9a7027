// Reads the runs of dataflows, and finds why one failed. Source: Adobe's monitoring tutorial and
// published samples of run documents.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/flow/service.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::dataflow {

// How a run ended. `partly`: it succeeded, but records were rejected. An unknown word of the
// service counts as `running`.
enum class RunState { running, succeeded, partly, failed };

std::string_view name_of(RunState state);  // "succeeded"

// The state that the service's word stands for. The usual word for success does not show whether
// records were rejected.
RunState state_of(std::string_view status);

// An error as the service reports it, made inert.
struct RunError {
    std::string code;  // "CONNECTOR-1001-500"; may be empty
    std::string message;
    std::optional<std::int64_t> records = {};  // how many it concerns
};

struct Activity {
    std::string name;  // "copy", "promotion", or the service's own word
    bool failed = false;
    std::vector<RunError> errors;
    std::string detail;  // the words of the source system; may be empty
};

struct Run {
    std::string id;
    std::string flow_id;
    std::string status;  // the service's word: "success", "failed", "inProgress", …
    RunState state = RunState::running;
    // Milliseconds since 1970; 0 if unknown.
    std::int64_t created_at = 0;
    std::int64_t started_at = 0;
    std::int64_t completed_at = 0;
    // None if the service does not say.
    std::optional<std::int64_t> read;
    std::optional<std::int64_t> written;
    std::optional<std::int64_t> failed;
    std::vector<RunError> errors;  // of the run as a whole
    std::vector<Activity> activities;
    std::string batch_id;  // empty if there is none

    bool has_ended() const { return state != RunState::running; }
};

struct RunQuery {
    std::string flow_id;
    bool failed = false;                     // only those
    std::optional<std::int64_t> since = {};  // started then or later; milliseconds since 1970
    int page_size = 0;                       // 0: the service's own
};

// Called with the runs of each page that match; return false to stop.
using VisitRuns = std::function<bool(std::vector<Run>& runs)>;

// The runs of a dataflow, newest first. Throws Error: the service's refusal, or `bad_response`.
void visit_runs(flow::FlowService& service, const RunQuery& query, const VisitRuns& visit);

// Throws Error, such as `not_found`.
Run read_run(flow::FlowService& service, const std::string& id);

// The one cause of a run's errors.
struct Cause {
    std::string code;      // the most specific one; may be empty
    std::string activity;  // that failed; may be empty
    std::string message;   // one line
    std::string hint;      // what to do

    bool operator==(const Cause&) const = default;
};

// None if the run has no errors. The hint names the base connection, or "CONNECTION" if its ID is
// empty.
std::optional<Cause> cause_of(const Run& run, const std::string& connection_id);

// The rows of a run that were rejected, as the service stored them: JSON with the row and its
// _errors. These are customer data. Visits at most `limit`. Throws Error.
void visit_rejected_rows(flow::FlowService& service, const std::string& batch_id, std::size_t limit,
                         const std::function<void(const json::Json& row)>& visit);

}  // namespace bqconn::dataflow
