// bqconn test: tests the connection's credentials.
#include <algorithm>
#include <chrono>

#include "bqconn/commands/verb.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/flow/connections.hpp"
#include "bqconn/json/parse.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using std::chrono::milliseconds;

// Repeats the test until it succeeds or the time is up.
bool test_until(Context& context, flow::FlowService& service, const std::string& id,
                milliseconds limit) {
    constexpr milliseconds longest_pause{10'000};
    milliseconds pause{1'000};
    const auto began = context.clock.now();
    for (int tests = 1;; ++tests) {
        if (flow::test_connection(service, id)) {
            return true;
        }
        const auto passed = std::chrono::duration_cast<milliseconds>(context.clock.now() - began);
        if (passed >= limit) {
            return false;
        }
        context.console.progress("tested " + std::to_string(tests) + " times, still failing");
        if (!context.clock.pause(std::min(pause, limit - passed))) {
            throw Error(ExitCode::rejected, code::interrupted,
                        "interrupted while waiting for the test to succeed");
        }
        pause = std::min(pause * 2, longest_pause);
    }
}

void test(Context& context, const Task& task) {
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    const std::string id = target_id(service, task);
    read_target(service, id);
    const bool passed =
        task.has(Flag::wait)
            ? test_until(context, service, id, config::transport_options(task.settings).timeout)
            : flow::test_connection(service, id);
    if (!passed) {
        throw test_failed(id, "");
    }
    context.console.result(task.format == Format::text ? "Connection " + id + " works.\n"
                           : task.format == Format::id
                               ? id + "\n"
                               : json::to_line(json::OrderedJson{{"id", id}, {"result", true}}) +
                                     "\n");
}

}  // namespace

Verb test_verb() {
    return {
        .name = "test",
        .summary = "Test whether a connection works",
        .usage = "test (ID | --name NAME) [flags]",
        .description =
            "Asks the service to try the connection's credentials. The exit code is 0 if they work "
            "and 5 if not. The service gives no reason.",
        .examples =
            "  # Does it work?\n"
            "  bqconn test --name Warehouse\n\n"
            "  # After granting a role: keep trying for up to five minutes\n"
            "  bqconn test --name Warehouse --wait --timeout 300",
        .switches = {{Flag::wait, "--wait",
                      "Repeat the test until it succeeds, for at most --timeout seconds"}},
        .settings = with_common({Setting::name}),
        .formats = {Format::text, Format::json, Format::id},
        .operands = {.most = 1, .offers = {Offers::connection_ids}},
        .run = test,
    };
}

}  // namespace bqconn::commands
