#include "commands/flows.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>

#include "bqconn/config/files.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/core/time_text.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using std::chrono::milliseconds;

constexpr char still_running[] = "unavailable.still_running";
constexpr char disabled[] = "conflict.dataflow_state";

std::string sandbox_of(const flow::FlowService& service) {
    return service.access().sandbox_name;
}

// Names of dataflows that resemble `wanted`; empty if the lookup fails.
std::string similar_dataflows(flow::FlowService& service, const std::string& wanted) {
    constexpr std::size_t most_shown = 3;
    std::string lines;
    std::size_t count = 0;
    try {
        dataflow::visit_dataflows(service, {}, [&](const std::vector<dataflow::Dataflow>& page) {
            for (const auto& one : page) {
                const std::string_view names[] = {one.name, one.id};
                if (count < most_shown && nearest(wanted, names)) {
                    lines += "\n  " + one.id + "  " + inert_line(one.name);
                    ++count;
                }
            }
            return count < most_shown;
        });
    } catch (const Error&) {
        return "";
    }
    return lines.empty() ? "" : "; similar:" + lines;
}

dataflow::Dataflow only_named(flow::FlowService& service, const std::string& name) {
    const auto found = dataflow::find_dataflows(service, {.name = name});
    if (found.empty()) {
        throw Error(ExitCode::not_found, code::name_not_found,
                    "no dataflow in sandbox " + sandbox_of(service) + " is named \"" + name + "\"" +
                        similar_dataflows(service, name),
                    "list all of them: bqconn dataflow list --sandbox " + sandbox_of(service));
    }
    if (found.size() > 1) {
        std::string lines;
        for (const auto& one : found) {
            lines += "\n  " + one.id + "  " + inert_line(one.state);
        }
        throw Error(ExitCode::conflict, "conflict.several_exist",
                    "several dataflows in sandbox " + sandbox_of(service) + " are named \"" + name +
                        "\":" + lines,
                    "pass the ID of one of them instead of --name");
    }
    return found.front();
}

// Pauses that grow while nothing happens, until --wait-timeout expires.
class Waiting {
  public:
    Waiting(Context& context, const Task& task)
        : context_(context),
          began_(context.clock.now()),
          limit_(parse_duration(task.settings.text_or_default(Setting::wait_timeout)).value()) {}

    // `what` says what has not happened yet: "the run ID has not ended yet".
    void pause(const std::string& what) {
        const auto passed = std::chrono::duration_cast<milliseconds>(context_.clock.now() - began_);
        if (passed >= limit_) {
            throw Error(ExitCode::unavailable, still_running, "--wait-timeout expired: " + what,
                        "it continues at Adobe: check with bqconn dataflow runs, or set "
                        "a longer --wait-timeout");
        }
        context_.console.progress(
            "waiting " +
            std::to_string(std::chrono::duration_cast<std::chrono::seconds>(passed).count()) +
            " s: " + what);
        if (!context_.clock.pause(std::min(pause_, limit_ - passed))) {
            throw Error(ExitCode::unavailable, code::interrupted,
                        "interrupted while waiting: " + what,
                        "it continues at Adobe: check with bqconn dataflow runs");
        }
        pause_ = std::min(pause_ * 3 / 2, longest_pause);
    }

  private:
    static constexpr milliseconds longest_pause{10'000};

    Context& context_;
    std::chrono::steady_clock::time_point began_;
    milliseconds limit_;
    milliseconds pause_{500};
};

std::optional<dataflow::Run> newest_run(flow::FlowService& service, const std::string& id) {
    std::optional<dataflow::Run> newest;
    dataflow::visit_runs(service, {.flow_id = id, .page_size = 1},
                         [&](const std::vector<dataflow::Run>& runs) {
                             if (!runs.empty()) {
                                 newest = runs.front();
                             }
                             return runs.empty();
                         });
    return newest;
}

}  // namespace

std::string dataflow_id(flow::FlowService& service, const Task& task) {
    const bool named = task.settings.has(Setting::dataflow_name);
    if (task.operands.empty() && !named) {
        throw Error(ExitCode::usage, "usage.missing_id", "no dataflow specified",
                    "pass its ID or --name NAME; bqconn dataflow list shows both");
    }
    if (!task.operands.empty() && named) {
        throw Error(ExitCode::usage, "usage.exclusive_flags", "an ID and --name cannot be combined",
                    "pass one of them");
    }
    return named ? only_named(service, task.settings.text(Setting::dataflow_name)).id
                 : checked_id(task.operands.front(), IdOf::dataflow);
}

dataflow::Dataflow read_target_dataflow(flow::FlowService& service, const std::string& id) {
    try {
        return dataflow::read_dataflow(service, id);
    } catch (const Error& error) {
        if (error.code() != code::connection_not_found) {
            throw;
        }
        const std::string sandbox = sandbox_of(service);
        throw Error(error.exit_code(), dataflow_not_found,
                    "no dataflow " + id + " in sandbox " + sandbox + ": " + error.message(),
                    "list all of them: bqconn dataflow list --sandbox " + sandbox +
                        "; dataflows with labels that you may not see are hidden")
            .answered_as(error);
    }
}

dataflow::Dataflow target_dataflow(flow::FlowService& service, const Task& task) {
    return read_target_dataflow(service, dataflow_id(service, task));
}

void refuse_other_source(const dataflow::Dataflow& one) {
    if (!one.reads_bigquery) {
        throw Error(ExitCode::usage, "usage.other_source",
                    "dataflow " + one.id + " \"" + inert_line(one.name) +
                        "\" does not read Google BigQuery; nothing was changed",
                    "bqconn changes and deletes only dataflows that read Google BigQuery; bqconn "
                    "dataflow list shows them");
    }
}

void print_change(output::Console& console, Format format, const json::OrderedJson& document,
                  const std::string& text, const std::string& done) {
    try {
        console.result(format == Format::text ? text
                       : format == Format::id ? document.at("id").get<std::string>() + "\n"
                                              : json::to_line(document) + "\n");
    } catch (const Error& error) {
        throw Error(error.exit_code(), error.code(), done + ", but " + error.message(),
                    error.hint() + "; do not repeat the change");
    }
}

bool is_from_manifest(const config::Settings& settings) {
    return settings.source(Setting::table).kind == config::Source::Kind::manifest;
}

std::string place_of(const config::Settings& settings, Setting setting) {
    return settings.has(setting) ? describe(settings.source(setting))
                                 : std::string(config::spec_of(setting).flag);
}

std::string text_of_file(const config::Settings& settings, Setting setting) {
    return settings.has(setting) ? config::read_file(settings.text(setting)).reveal() : "";
}

lake::Mappings mappings_of(const config::Settings& settings, const std::string& text,
                           const std::vector<flow::Column>& columns) {
    if (settings.has(Setting::mapping)) {
        auto read = lake::parse_file(text, settings.text(Setting::mapping), columns);
        for (const auto& one : read) {
            config::refuse_secret(settings, one.source, one.place);
            config::refuse_secret(settings, one.destination, one.place);
        }
        return read;
    }
    const std::string place = place_of(settings, Setting::map);
    const auto pairs = split(settings.text(Setting::map), '\n');
    if (std::find(pairs.begin(), pairs.end(), "auto") != pairs.end()) {
        throw config::invalid_value(
            !is_from_manifest(settings),
            place + " auto can be used only in dataflow create, without other mappings",
            "it prints a mapping: complete it, and pass it with --mapping FILE");
    }
    return lake::parse_pairs(pairs, place, columns);
}

std::optional<double> partial_percent(const config::Settings& settings) {
    const auto text = settings.text_if_set(Setting::partial);
    double percent = 0;
    if (text) {
        std::from_chars(text->data(), text->data() + text->size(), percent);
    }
    return text ? std::optional(percent) : std::nullopt;
}

dataflow::Run wait_for_run(Context& context, const Task& task, flow::FlowService& service,
                           const std::string& id, const std::string& run_id) {
    Waiting waiting(context, task);
    if (run_id.empty()) {
        for (auto one = read_target_dataflow(service, id); !one.is_enabled();
             one = read_target_dataflow(service, id)) {
            if (one.state == "disabled") {
                throw Error(ExitCode::conflict, disabled,
                            "the dataflow " + id + " is disabled, so it does not run",
                            "enable it: bqconn dataflow enable " + id);
            }
            waiting.pause("the dataflow is " + one.state + ", not enabled yet");
        }
    }
    for (;;) {
        const auto run = run_id.empty() ? newest_run(service, id)
                                        : std::optional(dataflow::read_run(service, run_id));
        if (run && run->has_ended()) {
            return *run;
        }
        waiting.pause(run ? "the run " + run->id + " has not ended yet"
                          : "the run has not started yet");
    }
}

void require_success(const dataflow::Run& run, const std::string& connection_id) {
    if (run.state == dataflow::RunState::succeeded) {
        return;
    }
    const auto cause = dataflow::cause_of(run, connection_id);
    const std::string code = cause && !cause->code.empty() ? " (" + cause->code + ")" : "";
    const std::string words = cause ? ": " + cause->message + code : "";
    const std::string hint = cause ? cause->hint : "";
    if (run.state == dataflow::RunState::partly) {
        const std::string count = run.failed ? " (" + std::to_string(*run.failed) + ")" : "";
        throw Error(ExitCode::partial, "partial.run",
                    "the run " + run.id + " succeeded, but records were rejected" + count + words,
                    hint);
    }
    throw Error(ExitCode::rejected, "rejected.run_failed", "the run " + run.id + " failed" + words,
                hint);
}

void wait_for_state(Context& context, const Task& task, flow::FlowService& service,
                    const std::string& id, const std::string& state) {
    Waiting waiting(context, task);
    for (auto one = read_target_dataflow(service, id); one.state != state;
         one = read_target_dataflow(service, id)) {
        waiting.pause("the dataflow is " + one.state + ", not " + state + " yet");
    }
}

std::optional<Error> wait_after(const std::string& done, const std::function<void()>& wait) {
    try {
        wait();
    } catch (const Error& error) {
        if (error.code() == still_running) {
            return error;
        }
        return Error(ExitCode::partial, "partial.wait",
                     done + ", but waiting ended: " + error.message(),
                     error.code() == disabled
                         ? error.hint()
                         : "look at its runs: bqconn dataflow list, then bqconn dataflow runs ID")
            .answered_as(error);
    }
    return std::nullopt;
}

void finish_run(Context& context, const Task& task, flow::FlowService& service,
                const dataflow::Dataflow& one, const std::string& run_id) {
    const std::string done = "the run " + run_id + " was started";
    std::optional<dataflow::Run> run;
    std::optional<Error> failure;
    if (task.has(Flag::wait)) {
        failure =
            wait_after(done, [&] { run = wait_for_run(context, task, service, one.id, run_id); });
    }
    std::string text = "Started run " + run_id + "\n";
    json::OrderedJson document{
        {"id", run_id}, {"dataflowId", one.id}, {"sandboxName", sandbox_of(service)}};
    if (run) {
        document["state"] = name_of(run->state);
        std::string counts;
        for (const auto& [key, count] :
             {std::pair{"read", run->read}, {"written", run->written}, {"failed", run->failed}}) {
            counts += count ? (counts.empty() ? ": records " : ", ") + std::string(key) + " " +
                                  std::to_string(*count)
                            : "";
            document[key] = count ? json::OrderedJson(*count) : json::OrderedJson();
        }
        text += "  " + std::string(name_of(run->state)) + counts + "\n";
    }
    document["outcome"] = flow::name_of(flow::Outcome::created);
    print_change(context.console, task.format, document, text, done);
    if (failure) {
        throw Error(*failure);
    }
    if (run) {
        require_success(*run, one.base_connection_id);
    }
}

}  // namespace bqconn::commands
