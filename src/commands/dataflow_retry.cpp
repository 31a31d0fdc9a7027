// bqconn dataflow retry: runs a failed run again.
#include <string>

#include "bqconn/core/inert.hpp"
#include "bqconn/dataflow/change.hpp"
#include "commands/flows.hpp"
#include "commands/preview.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

// The service repeats only a run that failed, or that succeeded without reading a record.
void refuse_run(const dataflow::Run& run) {
    const bool brought_nothing = run.state == dataflow::RunState::succeeded && run.read == 0;
    if (run.state == dataflow::RunState::failed || brought_nothing) {
        return;
    }
    throw Error(ExitCode::conflict, "conflict.run_state",
                "the run " + run.id + (run.has_ended() ? " has not failed (" : " has not ended (") +
                    std::string(name_of(run.state)) + "); nothing was started",
                run.has_ended() ? "only a run that failed, or read no records, can be repeated"
                                : "wait until it has ended: bqconn dataflow runs " + run.flow_id);
}

void refuse_disabled(const dataflow::Dataflow& one) {
    if (!one.is_enabled()) {
        throw Error(ExitCode::conflict, "conflict.dataflow_state",
                    "dataflow " + one.id + " \"" + inert_line(one.name) + "\" is " +
                        inert_line(one.state) + ", not enabled; nothing was started",
                    "enable it first: bqconn dataflow enable " + one.id + " --wait");
    }
}

std::string run_operand(const Task& task) {
    if (task.operands.empty()) {
        throw Error(ExitCode::usage, "usage.missing_id", "no run specified",
                    "pass its ID: bqconn dataflow runs ID --failed lists those that failed");
    }
    return checked_id(task.operands.front(), IdOf::run);
}

dataflow::Run read_target_run(flow::FlowService& service, const std::string& id) {
    try {
        return dataflow::read_run(service, id);
    } catch (const Error& error) {
        if (error.code() != code::connection_not_found) {
            throw;
        }
        const std::string& sandbox = service.access().sandbox_name;
        throw Error(error.exit_code(), "not_found.run",
                    "no run " + id + " in sandbox " + sandbox + ": " + error.message(),
                    "list the runs of a dataflow: bqconn dataflow runs ID --sandbox " + sandbox)
            .answered_as(error);
    }
}

void retry(Context& context, const Task& task) {
    const std::string id = run_operand(task);
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    const dataflow::Run run = read_target_run(service, id);
    refuse_run(run);
    const dataflow::Dataflow one = read_target_dataflow(service, run.flow_id);
    refuse_other_source(one);
    refuse_disabled(one);
    if (task.has(Flag::dry_run)) {
        context.console.result(requests_json(service.access(), {dataflow::retry_call(id)}));
        return;
    }
    finish_run(context, task, service, one, dataflow::retry_run(service, id, one.id));
}

}  // namespace

Verb dataflow_retry_verb() {
    return {
        .name = "dataflow retry",
        .summary = "Repeat a failed run of a dataflow",
        .usage = "dataflow retry RUN [flags]",
        .description =
            "Starts a new run for the same rows as an earlier one, which must have failed or read "
            "no records. The dataflow must be enabled. bqconn dataflow runs lists the runs.\n\n"
            "--wait waits until the new run has ended. Exit codes: 0 succeeded, 11 records were "
            "rejected, 5 failed, 8 still running after --wait-timeout.",
        .examples =
            "  # Find out why it failed, fix that, then run it again\n"
            "  bqconn dataflow why --name Orders\n"
            "  run=$(bqconn dataflow runs --name Orders --failed --limit 1 -o id)\n"
            "  bqconn dataflow retry \"$run\"",
        .switches = {{Flag::wait, "--wait", "Wait until the new run has ended"},
                     {Flag::dry_run, "--dry-run",
                      "Read the run, print the request as JSON, and start nothing"}},
        .settings = with_common({Setting::wait_timeout}),
        .formats = {Format::text, Format::json, Format::id},
        .operands = {.most = 1},
        .participle = "started",
        .run = retry,
    };
}

}  // namespace bqconn::commands
