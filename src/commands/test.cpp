// bqconn test: tests the connection's credentials.
#include <algorithm>
#include <chrono>

#include "bqconn/commands/verbs.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/flow/connections.hpp"
#include "bqconn/json/parse.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"
#include "commands/test_result.hpp"

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

}  // namespace

void test(Context& context, const Task& task) {
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    const std::string id = target_id(service, task);
    read_target(service, id);
    const bool passed =
        task.has("--wait")
            ? test_until(context, service, id, config::transport_options(task.settings).timeout)
            : flow::test_connection(service, id);
    if (!passed) {
        throw test_failed(id, "");
    }
    switch (task.format) {
        case output::Format::text:
            context.console.result("Connection " + id + " works.\n");
            return;
        case output::Format::id:
            context.console.result(id + "\n");
            return;
        default:
            context.console.result(json::to_line(json::OrderedJson{{"id", id}, {"result", true}}) +
                                   "\n");
    }
}

}  // namespace bqconn::commands
