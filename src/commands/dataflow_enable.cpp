// bqconn dataflow enable and disable.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/core/inert.hpp"
#include "bqconn/dataflow/change.hpp"
#include "commands/flows.hpp"
#include "commands/preview.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

struct Action {
    std::string_view word;      // in the call: "enable"
    std::string_view state;     // after it: "enabled"
    std::string_view underway;  // the state until then: "enabling"
};

constexpr Action enabling{"enable", "enabled", "enabling"};
constexpr Action disabling{"disable", "disabled", "disabling"};

std::string text_of(const dataflow::Dataflow& one, const Action& action, bool acted) {
    const std::string name = "dataflow \"" + inert_line(one.name) + "\"";
    const std::string words =
        acted ? (action.word == enabling.word ? "Enabled " : "Disabled ") + name
              : "The " + name + (one.state == action.state ? " is already " : " is being ") +
                    std::string(action.state);
    return words + "\n  id  " + one.id + "\n";
}

void set_state(Context& context, const Task& task, const Action& action) {
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    const dataflow::Dataflow one = target_dataflow(service, task);
    refuse_other_source(one);
    const bool acts = one.state != action.state && one.state != action.underway;
    if (task.has(Flag::dry_run)) {
        std::vector<flow::Call> calls;
        if (acts) {
            calls.push_back(dataflow::action_call(one.id, action.word));
        }
        context.console.result(requests_json(service.access(), calls));
        return;
    }
    if (acts) {
        dataflow::act(service, one.id, action.word);
    }
    std::string state = acts ? "" : one.state;  // not known after an action
    const std::string done = "the dataflow " + one.id + " was " + std::string(action.state);
    std::optional<Error> failure;
    if (task.has(Flag::wait)) {
        failure = wait_after(done, [&] {
            wait_for_state(context, task, service, one.id, std::string(action.state));
            state = action.state;
        });
    }
    json::OrderedJson document{
        {"id", one.id}, {"name", one.name}, {"sandboxName", service.access().sandbox_name}};
    if (!state.empty()) {
        document["state"] = state;
    }
    document["outcome"] = flow::name_of(acts ? flow::Outcome::updated : flow::Outcome::existing);
    print_change(context.console, task.format, document, text_of(one, action, acts), done);
    if (failure) {
        throw Error(*failure);
    }
}

void enable_dataflow(Context& context, const Task& task) {
    set_state(context, task, enabling);
}

void disable_dataflow(Context& context, const Task& task) {
    set_state(context, task, disabling);
}

}  // namespace

Verb dataflow_enable_verb() {
    return {
        .name = "dataflow enable",
        .summary = "Enable a dataflow",
        .usage = "dataflow enable (ID | --name NAME) [flags]",
        .description =
            "Enables a dataflow, so that it runs on its schedule. If it is already enabled, "
            "nothing is sent and the outcome is \"existing\". The service takes a while: --wait "
            "waits until it reports that the dataflow is enabled (exit code 8 after "
            "--wait-timeout).",
        .examples =
            "  # After the cause of its failures is fixed\n"
            "  bqconn dataflow enable --name Orders --wait",
        .switches = {{Flag::wait, "--wait", "Wait until the dataflow is enabled"},
                     {Flag::dry_run, "--dry-run",
                      "Read the dataflow, print the request as JSON, and change nothing"}},
        .settings = with_common({Setting::dataflow_name, Setting::wait_timeout}),
        .formats = {Format::text, Format::json, Format::id},
        .operands = {.most = 1, .offers = {Offers::dataflow_ids}},
        .participle = "enabled",
        .run = enable_dataflow,
    };
}

Verb dataflow_disable_verb() {
    return {
        .name = "dataflow disable",
        .summary = "Disable a dataflow",
        .usage = "dataflow disable (ID | --name NAME) [flags]",
        .description =
            "Disables a dataflow: it keeps its schedule and its objects, but does not run until "
            "it is enabled. A run that has started continues. If it is already disabled, nothing "
            "is sent and the outcome is \"existing\". --wait waits until the service reports that "
            "the dataflow is disabled (exit code 8 after --wait-timeout).",
        .examples =
            "  # While the table is being changed\n"
            "  bqconn dataflow disable --name Orders",
        .switches = {{Flag::wait, "--wait", "Wait until the dataflow is disabled"},
                     {Flag::dry_run, "--dry-run",
                      "Read the dataflow, print the request as JSON, and change nothing"}},
        .settings = with_common({Setting::dataflow_name, Setting::wait_timeout}),
        .formats = {Format::text, Format::json, Format::id},
        .operands = {.most = 1, .offers = {Offers::dataflow_ids}},
        .participle = "disabled",
        .run = disable_dataflow,
    };
}

}  // namespace bqconn::commands
