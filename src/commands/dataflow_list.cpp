// bqconn dataflow list: lists the dataflows of the sandbox with what they read and write.
#include <algorithm>
#include <map>

#include "bqconn/commands/verb.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/dataflow/dataflows.hpp"
#include "bqconn/dataflow/runs.hpp"
#include "bqconn/lake/datasets.hpp"
#include "bqconn/output/dataflow.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using dataflow::Dataflow;
using dataflow::End;
using dataflow::Side;

std::map<std::string, End> ends_by_id(flow::FlowService& service, Side side) {
    std::map<std::string, End> ends;
    for (auto& one : dataflow::find_ends(service, side)) {
        std::string id = one.id;
        ends.emplace(std::move(id), std::move(one));
    }
    return ends;
}

// What the dataflows read and write: three lists, however many dataflows there are.
class Ends {
  public:
    Ends(Context& context, flow::FlowService& service)
        : sources_(ends_by_id(service, Side::source)), targets_(ends_by_id(service, Side::target)) {
        try {
            for (auto& one : lake::find_datasets(service)) {
                names_.emplace(std::move(one.id), std::move(one.name));
            }
        } catch (const Error& error) {
            if (error.exit_code() != ExitCode::auth) {
                throw;
            }
            // Datasets need a permission that dataflows do not.
            context.console.warning("dataset names are not shown: " + error.message() + "; " +
                                    error.hint());
        }
    }

    void describe(Dataflow& one) const {
        if (const End* const source = find(sources_, one.source_ids)) {
            one.table = source->table();
            one.base_connection_id = source->base_connection_id;
        }
        if (const End* const target = find(targets_, one.target_ids)) {
            one.dataset_id = target->dataset_id();
        }
        if (const auto name = names_.find(one.dataset_id); name != names_.end()) {
            one.dataset_name = name->second;
        }
    }

  private:
    static const End* find(const std::map<std::string, End>& ends,
                           const std::vector<std::string>& ids) {
        const auto found = ids.empty() ? ends.end() : ends.find(ids.front());
        return found == ends.end() ? nullptr : &found->second;
    }

    std::map<std::string, End> sources_;
    std::map<std::string, End> targets_;
    std::map<std::string, std::string> names_;  // of datasets, by id
};

void dataflow_list(Context& context, const Task& task) {
    constexpr int page_size = 100;
    const std::size_t limit = task.limit();
    const bool streamed = task.format == Format::ndjson || task.format == Format::id;
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    std::optional<Ends> ends;
    std::vector<Dataflow> kept;
    std::size_t count = 0;
    const dataflow::DataflowQuery query{.name = task.settings.text_if_set(Setting::dataflow_name),
                                        .page_size = page_size};
    dataflow::visit_dataflows(service, query, [&](std::vector<Dataflow>& page) {
        if (task.has(Flag::failed)) {
            std::erase_if(page, [](const Dataflow& one) {
                return !one.last_run || one.last_run->state != dataflow::RunState::failed;
            });
        }
        page.resize(std::min(page.size(), limit - count));
        count += page.size();
        if (!page.empty() && !ends && task.format != Format::id) {
            ends.emplace(context, service);
        }
        for (auto& one : page) {
            if (ends) {
                ends->describe(one);
            }
        }
        if (streamed) {
            context.console.result(output::render(page, task.format, {}));
        } else {
            std::move(page.begin(), page.end(), std::back_inserter(kept));
            context.console.progress(std::to_string(count) + " dataflows");
        }
        return count < limit;
    });
    if (!streamed) {
        context.console.show(task.format,
                             output::render(kept, task.format, context.console.style()));
    }
}

}  // namespace

Verb dataflow_list_verb() {
    return {
        .name = "dataflow list",
        .summary = "List the dataflows that read Google BigQuery",
        .usage = "dataflow list [flags]",
        .description =
            "Lists the dataflows of the sandbox that read Google BigQuery: their table, dataset, "
            "schedule, state and last run, which shows as succeeded even if it rejected records. "
            "With -o ndjson or -o id, each page is written as it arrives. In JSON, the schedule's "
            "startTime is in seconds since 1970, every other time in milliseconds.",
        .examples =
            "  # A table on a terminal, a JSON array in a script\n"
            "  bqconn dataflow list\n\n"
            "  # Did every last run succeed?\n"
            "  failed=$(bqconn dataflow list --failed -o id) && test -z \"$failed\"\n\n"
            "  # Which dataflows write to one dataset?\n"
            "  bqconn dataflow list -o ndjson | jq -r 'select(.datasetName == \"Orders\") | .name'",
        .switches = {{Flag::failed, "--failed", "Only those whose last run failed"}},
        .settings = with_common({Setting::dataflow_name, Setting::limit}),
        .formats = {Format::text, Format::json, Format::ndjson, Format::id},
        .run = dataflow_list,
    };
}

}  // namespace bqconn::commands
