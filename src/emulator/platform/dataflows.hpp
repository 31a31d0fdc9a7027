// The dataflows of Flow Service, here called flows as in its API: what their parts share. Flow
// specs, the checks of source and target connections and of flows, and the runs are in a file each.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/google/bigquery_project.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {

// Throws invalid_request() if `condition` holds.
void refuse_if(bool condition, std::string_view code, std::string_view message);

// Throws FLOW-1439-STATUS if the flow spec does not exist.
void check_flow_spec(const std::string& id, int status);

// Whether a row of the table passes `filter`, params.filters of a source connection
// (row_filter.cpp). A comparison with null is false. Throws Refused (1349-400 to 1352-400),
// whatever the row, if the filter is invalid or does not fit the columns of `table`; if `table` is
// null, only the filter's form is checked.
bool passes(const Json& row, const Json& filter, const BigQueryTable* table);

void add_flow_spec_routes(Routes& routes);  // GET /flowSpecs and /flowSpecs/{id}

// --- The content of a flow (flow.cpp).

// scheduleParams in epoch milliseconds.
struct Schedule {
    std::int64_t start = 0;
    std::int64_t interval = 0;  // 0: once
    bool backfill = true;
};

// Numbers and booleans may be strings, as in Adobe's samples. Throws Refused if it breaks a rule.
Schedule read_schedule(const Json& params);

// Where that transformation is in the flow; none if it is missing.
std::optional<std::size_t> find_transformation(const Json& flow, std::string_view name);

// The params of that transformation; null if it is missing.
const Json& transformation_params(const Json& flow, std::string_view name);

// The mapping set of the flow's transformation; null if there is none.
Json mapping_set_of(const Json& flow, const Call& call);

// Throws Refused (1368-400) for ?mode=draft.
void refuse_mode(const Call& call);

// An integer, or the text of one.
std::optional<std::int64_t> lenient_integer(const Json& value);

ResourceKind flow_kind();

// --- Runs (runs.cpp). Times are epoch milliseconds, in the time of the flow.

// `to` is not included.
struct Window {
    std::int64_t from = 0;
    std::int64_t to = 0;
};

struct PendingRun {
    std::int64_t start = 0;
    std::string delta_column = {};
    std::optional<Window> window = {};  // none: every row
    std::string id = {};
};

// How long a run takes, and enabling or disabling a flow.
std::int64_t run_time(const Call& call);

// What the document of a run shows before its end.
Json unfinished_run(const Json& flow, const PendingRun& run);

// Copies the rows. Returns what the document shows from then on.
Json execute_run(const Json& flow, const PendingRun& run, const Call& call);

// The same, made up; every tenth run has failed.
Json made_up_run(const Json& flow, const PendingRun& run, std::int64_t end, std::size_t number);

// --- What time does to flows (flow_progress.cpp): they become enabled, and run. Nothing happens
// between requests; each request first catches up on the time that has passed. The time of a flow
// begins at its creation and passes --speed times as fast as real time.

// What is known about a flow besides its document.
struct FlowProgress {
    bool is_enabled(std::int64_t now) const { return enabled && settles_at <= now; }

    bool enabled = true;
    std::int64_t settles_at = 0;             // until then, it is still enabling or disabling
    std::optional<std::int64_t> last_start;  // of the last scheduled run
    std::int64_t copied_until = 0;           // the end of its window
    Json delta_column = nullptr;             // of a flow that runs once: from the first POST /runs
    std::vector<PendingRun> pending;
    Json last_run = nullptr;  // lastRunDetails
};

struct Dataflows {
    std::mutex mutex;
    std::map<std::string, FlowProgress> progress;  // by the flow's id
};

// Catches up on the time since the last call, in the sandbox of `call`. Starts at most
// most_runs_per_request runs of each flow; the next request continues.
inline constexpr int most_runs_per_request = 100;
void advance_dataflows(const Call& call);

// The time of that flow now.
std::int64_t flow_time(const Json& flow, const Call& call);

void add_run_routes(Routes& routes);  // /runs, and the actions of flows and runs

}  // namespace bqconn::emulator
