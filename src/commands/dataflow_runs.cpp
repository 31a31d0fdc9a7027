// bqconn dataflow runs: lists the runs of a dataflow and, if asked, those that end from then on.
#include <algorithm>
#include <chrono>
#include <limits>
#include <set>

#include "bqconn/commands/verb.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/time_text.hpp"
#include "bqconn/dataflow/runs.hpp"
#include "bqconn/output/dataflow.hpp"
#include "commands/flows.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using dataflow::Run;

constexpr int page_of_runs = 100;

// The time of --since, in milliseconds since 1970.
std::optional<std::int64_t> since_of(const Task& task, const Clock& clock) {
    const auto text = task.settings.text_if_set(Setting::since);
    if (!text) {
        return std::nullopt;
    }
    const auto duration = parse_duration(*text);
    const auto time = duration ? clock.date() - *duration : parse_time(*text).value();
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

// The runs that end from now on: those that have not ended yet, and newer ones.
class Endings {
  public:
    Endings(flow::FlowService& service, std::string id) : service_(service), id_(std::move(id)) {
        next();
    }

    // The run was shown, so that next() leaves it out if it had ended.
    void shown(const Run& run) {
        if (run.has_ended() && run.created_at >= from_) {
            ended_.insert(run.id);
        }
    }

    // Those that have ended since the last call, oldest first.
    std::vector<Run> next() {
        std::vector<Run> fresh;
        std::set<std::string> ended;
        std::int64_t newest = from_;
        std::int64_t oldest_open = std::numeric_limits<std::int64_t>::max();
        for (auto& run : recent()) {
            newest = std::max(newest, run.created_at);
            if (!run.has_ended()) {
                oldest_open = std::min(oldest_open, run.created_at);
                continue;
            }
            ended.insert(run.id);
            if (!ended_.contains(run.id)) {
                fresh.push_back(std::move(run));
            }
        }
        from_ = std::min(oldest_open, newest);
        ended_ = std::move(ended);
        std::reverse(fresh.begin(), fresh.end());
        return fresh;
    }

  private:
    // Those created at from_ or later; at first, one page.
    std::vector<Run> recent() {
        std::vector<Run> found;
        dataflow::visit_runs(service_, {.flow_id = id_, .page_size = page_of_runs},
                             [&](std::vector<Run>& page) {
                                 for (auto& run : page) {
                                     if (run.created_at < from_) {
                                         return false;
                                     }
                                     found.push_back(std::move(run));
                                 }
                                 return from_ > 0;
                             });
        return found;
    }

    flow::FlowService& service_;
    std::string id_;
    std::int64_t from_ = 0;        // every run created before it has ended
    std::set<std::string> ended_;  // the runs created since then that have ended
};

// Ends with an interruption or an error.
[[noreturn]] void follow(Context& context, const Task& task, Format format, Endings& endings) {
    constexpr std::chrono::seconds pause{10};
    while (context.clock.pause(pause)) {
        for (const auto& run : endings.next()) {
            if (task.has(Flag::failed) && run.state != dataflow::RunState::failed) {
                continue;
            }
            std::string text = output::render(std::vector{run}, format, {});
            if (format == Format::text) {
                text.erase(0, text.find('\n') + 1);  // the titles
            }
            context.console.result(text);
        }
    }
    throw Error(ExitCode::unavailable, code::interrupted, "interrupted while following the runs");
}

void dataflow_runs(Context& context, const Task& task) {
    const bool follows = task.has(Flag::follow);
    // An array would never be complete.
    const Format format = follows && task.format == Format::json ? Format::ndjson : task.format;
    const bool streamed = format == Format::ndjson || format == Format::id;
    const std::size_t limit = task.limit();
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    const std::string id = dataflow_id(service, task);
    // Before the list, so that a run that ends in between is not missed.
    std::optional<Endings> endings;
    if (follows) {
        endings.emplace(service, id);
    }
    std::vector<Run> kept;
    std::size_t count = 0;
    const dataflow::RunQuery query{.flow_id = id,
                                   .failed = task.has(Flag::failed),
                                   .since = since_of(task, context.clock),
                                   .page_size = page_of_runs};
    dataflow::visit_runs(service, query, [&](std::vector<Run>& page) {
        page.resize(std::min(page.size(), limit - count));
        count += page.size();
        if (endings) {
            for (const auto& run : page) {
                endings->shown(run);
            }
        }
        if (streamed) {
            context.console.result(output::render(page, format, {}));
        } else {
            std::move(page.begin(), page.end(), std::back_inserter(kept));
            context.console.progress(std::to_string(count) + " runs");
        }
        return count < limit;
    });
    if (count == 0 && !task.operands.empty()) {
        read_target_dataflow(service, id);  // throws if there is none
    }
    if (!streamed && !follows) {
        context.console.show(format, output::render(kept, format, context.console.style()));
    } else if (!streamed) {
        // Neither cut, so that later lines have the same columns, nor paged.
        context.console.result(output::render(kept, format, {}));
    }
    if (endings) {
        follow(context, task, format, *endings);
    }
}

}  // namespace

Verb dataflow_runs_verb() {
    return {
        .name = "dataflow runs",
        .summary = "List the runs of a dataflow",
        .usage = "dataflow runs (ID | --name NAME) [flags]",
        .description =
            "Lists the runs of a dataflow, newest first: start, duration, records read, written "
            "and failed, and the state: running, succeeded, partly (records were rejected) or "
            "failed. With -o ndjson or -o id, each page is written as it arrives. In JSON, times "
            "are in milliseconds since 1970.\n\n"
            "--follow then prints each run when it ends, until interrupted. As JSON it prints "
            "one object per line.",
        .examples =
            "  # The last five\n"
            "  bqconn dataflow runs --name \"shop.orders to Orders\" --limit 5\n\n"
            "  # How many records arrived in a week?\n"
            "  bqconn dataflow runs --name \"shop.orders to Orders\" --since 7d -o json |\n"
            "      jq 'map(.written // 0) | add'",
        .switches = {{Flag::failed, "--failed", "Only those that failed"},
                     {Flag::follow, "--follow",
                      "After the list, print each run when it ends, until interrupted"}},
        .settings = with_common({Setting::dataflow_name, Setting::since, Setting::limit}),
        .formats = {Format::text, Format::json, Format::ndjson, Format::id},
        .operands = {.most = 1, .offers = {Offers::dataflow_ids}},
        .run = dataflow_runs,
    };
}

}  // namespace bqconn::commands
