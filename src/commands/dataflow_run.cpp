// bqconn dataflow run: starts a run of a dataflow that was created to run once.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/time_text.hpp"
#include "bqconn/dataflow/change.hpp"
#include "commands/flows.hpp"
#include "commands/preview.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

// The delta column to send: the service stores that of the first run, and refuses any other.
std::string delta_of(const Task& task, const dataflow::Dataflow& one) {
    const auto given = task.settings.text_if_set(Setting::delta);
    if (one.delta_column.empty() && !given) {
        throw Error(ExitCode::usage, "usage.missing_delta",
                    "a run on demand needs a delta column, and dataflow " + one.id + " has none",
                    "pass --delta COLUMN: the column with the time (UTC) of a row's last change; "
                    "after the first run on demand, the same column");
    }
    if (!one.delta_column.empty() && given && *given != one.delta_column) {
        throw Error(ExitCode::usage, "usage.fixed",
                    "the delta column of dataflow " + one.id + " is \"" +
                        inert_line(one.delta_column) + "\" and cannot be changed",
                    "leave out --delta; for another column, create a new dataflow, which copies "
                    "all rows again");
    }
    return given.value_or(one.delta_column);
}

// When the last run that copied its rows started; 0 if none did. Milliseconds since 1970.
std::int64_t last_success(flow::FlowService& service, const dataflow::Dataflow& one) {
    if (!one.last_run || one.last_run->state == dataflow::RunState::succeeded) {
        return one.last_run ? one.last_run->started_at : 0;
    }
    std::int64_t start = 0;
    dataflow::visit_runs(
        service, {.flow_id = one.id}, [&start](const std::vector<dataflow::Run>& runs) {
            const auto found = std::find_if(runs.begin(), runs.end(), [](const dataflow::Run& run) {
                return run.has_ended() && run.state != dataflow::RunState::failed;
            });
            start = found == runs.end() ? 0 : found->started_at;
            return found == runs.end();
        });
    return start;
}

// The start of the window: --since, or else the start of the last successful run. Seconds since
// 1970.
std::int64_t window_start(flow::FlowService& service, const Task& task,
                          const dataflow::Dataflow& one, std::chrono::sys_seconds now) {
    constexpr std::int64_t per_second = 1'000;
    if (const auto since = task.settings.text_if_set(Setting::since)) {
        const auto time = parse_time(*since);
        const auto start = time ? *time : now - parse_duration(*since).value();
        if (start >= now) {
            throw Error(ExitCode::usage, "usage.invalid_value",
                        "--since must be in the past: " + *since,
                        "to copy all rows, use --since 1970-01-01");
        }
        return start.time_since_epoch().count();
    }
    return last_success(service, one) / per_second;
}

json::Json run_body(flow::FlowService& service, const Task& task, const dataflow::Dataflow& one,
                    std::chrono::sys_seconds now) {
    // A start that has passed when the call arrives is refused.
    constexpr auto margin = std::chrono::minutes(1);
    const std::string delta = delta_of(task, one);
    const std::int64_t start = window_start(service, task, one, now);
    // This machine's clock may be slow, and the last run later than now.
    const std::int64_t end = std::max<std::int64_t>(now.time_since_epoch().count(), start + 1);
    return {{"flowId", one.id},
            {"params",
             {{"startTime", (now + margin).time_since_epoch().count()},
              {"windowStartTime", start},
              {"windowEndTime", end},
              {"deltaColumn", {{"name", delta}}}}}};
}

void refuse_recurring(const dataflow::Dataflow& one) {
    if (!one.schedule.is_once()) {
        throw Error(ExitCode::usage, "usage.not_once",
                    "dataflow " + one.id + " \"" + inert_line(one.name) + "\" runs " +
                        inert_line(words_of(one.schedule)) +
                        "; only a dataflow that runs once can be run on demand",
                    "to repeat a failed run: bqconn dataflow retry RUN; to change how often it "
                    "runs: bqconn dataflow update " +
                        one.id + " --every INTERVAL");
    }
}

void run_dataflow(Context& context, const Task& task) {
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    const dataflow::Dataflow one = target_dataflow(service, task);
    refuse_other_source(one);
    refuse_recurring(one);
    const json::Json body = run_body(service, task, one, context.clock.date());
    if (task.has(Flag::dry_run)) {
        context.console.result(requests_json(service.access(), {dataflow::run_call(body)}));
        return;
    }
    finish_run(context, task, service, one, dataflow::start_run(service, body));
}

}  // namespace

Verb dataflow_run_verb() {
    return {
        .name = "dataflow run",
        .summary = "Run a one-time dataflow again",
        .usage = "dataflow run (ID | --name NAME) [flags]",
        .description =
            "Starts a run of a dataflow that was created to run once; one with a schedule runs by "
            "itself. The run copies the rows whose delta column lies between --since and now; by "
            "default, those since the start of the last run that succeeded, or all if none did. "
            "Rows that an earlier run has copied are copied again.\n\n"
            "--delta is required unless dataflow get shows the column. The service refuses a "
            "column other than that of the first run on demand.\n\n"
            "--wait waits until the run has ended. Exit codes: 0 succeeded, 11 records were "
            "rejected, 5 failed, 8 still running after --wait-timeout.",
        .examples =
            "  # The rows changed since the last run that succeeded\n"
            "  bqconn dataflow run --name \"shop.orders to Orders\" --delta ordered_at --wait\n\n"
            "  # The rows of the last week\n"
            "  bqconn dataflow run --name \"shop.orders to Orders\" --delta ordered_at --since 7d",
        .switches = {{Flag::wait, "--wait", "Wait until the run has ended"},
                     {Flag::dry_run, "--dry-run",
                      "Read the dataflow, print the request as JSON, and start nothing"}},
        .settings = with_common(
            {Setting::dataflow_name, Setting::delta, Setting::since, Setting::wait_timeout}),
        .formats = {Format::text, Format::json, Format::id},
        .operands = {.most = 1, .offers = {Offers::dataflow_ids}},
        .participle = "started",
        .run = run_dataflow,
    };
}

}  // namespace bqconn::commands
