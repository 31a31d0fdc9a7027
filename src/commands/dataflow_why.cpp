// bqconn dataflow why: shows why a run failed or what its errors are.
#include <algorithm>

#include "bqconn/commands/verb.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/dataflow/runs.hpp"
#include "bqconn/output/dataflow.hpp"
#include "commands/flows.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

// `dataflow` is empty if the dataflow is selected by --name.
struct WhyOperands {
    std::vector<std::string> dataflow;
    std::optional<std::string> run;
};

WhyOperands why_operands(const Task& task) {
    WhyOperands operands;
    auto next = task.operands.begin();
    if (!task.settings.has(Setting::dataflow_name) && next != task.operands.end()) {
        operands.dataflow.push_back(*next++);
    }
    if (next != task.operands.end()) {
        operands.run = checked_id(*next++, IdOf::run);
    }
    if (next != task.operands.end()) {
        throw Error(ExitCode::usage, "usage.unexpected_argument", "too many arguments",
                    "pass an ID or --name, and at most one run");
    }
    return operands;
}

// The last run that failed or has errors. The service can filter only by failure, so among runs
// older than the latest 100, those that only have errors are not found.
std::optional<dataflow::Run> last_bad_run(flow::FlowService& service, const std::string& id) {
    constexpr int latest = 100;
    std::optional<dataflow::Run> found;
    std::size_t seen = 0;
    const auto keep_first = [&](std::vector<dataflow::Run>& page) {
        const auto bad = std::find_if(page.begin(), page.end(), [](const dataflow::Run& run) {
            return run.state == dataflow::RunState::failed || dataflow::cause_of(run, "");
        });
        if (bad != page.end()) {
            found = std::move(*bad);
        }
        seen += page.size();
        return !found && seen < latest;
    };
    dataflow::visit_runs(service, {.flow_id = id, .page_size = latest}, keep_first);
    if (!found && seen >= latest) {
        seen = 0;
        dataflow::visit_runs(service, {.flow_id = id, .failed = true, .page_size = latest},
                             keep_first);
    }
    return found;
}

dataflow::Run run_of_dataflow(flow::FlowService& service, const std::string& run_id,
                              const std::string& id) {
    const std::string how_to_list = "list its runs: bqconn dataflow runs " + id;
    try {
        dataflow::Run run = dataflow::read_run(service, run_id);
        if (run.flow_id != id) {
            throw Error(ExitCode::not_found, "not_found.run",
                        "run " + run_id + " does not belong to dataflow " + id, how_to_list);
        }
        return run;
    } catch (const Error& error) {
        if (error.exit_code() != ExitCode::not_found || error.code() == "not_found.run") {
            throw;
        }
        throw Error(error.exit_code(), "not_found.run",
                    "dataflow " + id + " has no run " + run_id + ": " + error.message(),
                    how_to_list)
            .answered_as(error);
    }
}

std::vector<json::OrderedJson> rejected_rows(flow::FlowService& service, const dataflow::Run& run) {
    constexpr std::size_t most_rows = 20;
    std::vector<json::OrderedJson> rows;
    if (run.batch_id.empty()) {
        return rows;
    }
    try {
        dataflow::visit_rejected_rows(service, run.batch_id, most_rows,
                                      [&rows](const json::Json& row) { rows.emplace_back(row); });
    } catch (const Error& error) {
        if (error.exit_code() != ExitCode::not_found) {
            throw;
        }
    }
    return rows;
}

void dataflow_why(Context& context, const Task& task) {
    const WhyOperands operands = why_operands(task);
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    output::Diagnosis diagnosis{.dataflow = target_dataflow(service, {.settings = task.settings,
                                                                      .flags = task.flags,
                                                                      .operands = operands.dataflow,
                                                                      .format = task.format}),
                                .run = {},
                                .cause = {},
                                .rejected_rows = {}};
    const std::string& id = diagnosis.dataflow.id;
    diagnosis.run =
        operands.run ? run_of_dataflow(service, *operands.run, id) : last_bad_run(service, id);
    if (diagnosis.run) {
        diagnosis.cause = dataflow::cause_of(*diagnosis.run, diagnosis.dataflow.base_connection_id);
        if (task.has(Flag::rows)) {
            diagnosis.rejected_rows = rejected_rows(service, *diagnosis.run);
        }
    }
    context.console.show(task.format,
                         output::render(diagnosis, task.format, context.console.style()));
}

}  // namespace

Verb dataflow_why_verb() {
    return {
        .name = "dataflow why",
        .summary = "Show why a run failed or has errors, and what to do",
        .usage = "dataflow why (ID | --name NAME) [RUN] [flags]",
        .description =
            "Explains the given RUN of a dataflow, or else the last one that failed or has errors: "
            "the cause in one line, the error code, the activity that failed, the records, and "
            "what to do next. The exit code is 0 whether or not there is such a run. "
            "--rows adds up to 20 rejected rows with their errors: these are your data, so they "
            "are shown only on request.",
        .examples =
            "  # The last run that failed or has errors\n"
            "  bqconn dataflow why --name \"shop.orders to Orders\"\n\n"
            "  # The causes of a week's failures\n"
            "  name=\"shop.orders to Orders\"\n"
            "  for run in $(bqconn dataflow runs --name \"$name\" --failed --since 7d -o id); do\n"
            "      bqconn dataflow why --name \"$name\" \"$run\" -o json | jq -r .cause.message\n"
            "  done",
        .switches = {{Flag::rows, "--rows", "Show up to 20 rejected rows with their errors"}},
        .settings = with_common({Setting::dataflow_name}),
        .formats = {Format::text, Format::json, Format::id},
        .operands = {.most = 2, .offers = {Offers::dataflow_ids, Offers::nothing}},
        .run = dataflow_why,
    };
}

}  // namespace bqconn::commands
