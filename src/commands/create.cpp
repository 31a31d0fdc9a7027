// bqconn create: settings → base connection → one POST → id and etag.
#include <string>

#include "bqconn/commands/verbs.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/flow/change.hpp"
#include "bqconn/flow/connections.hpp"
#include "commands/checks.hpp"
#include "commands/preview.hpp"
#include "commands/print_result.hpp"
#include "commands/session.hpp"
#include "commands/test_result.hpp"

namespace bqconn::commands {
namespace {

using config::Setting;

void refuse_pair(const Task& task, const char* one, const char* other) {
    if (task.has(one) && task.has(other)) {
        throw Error(ExitCode::usage, "usage.exclusive_flags",
                    std::string(one) + " and " + other + " cannot be combined", "give one of them");
    }
}

flow::CreateOptions options_of(const Task& task) {
    flow::CreateOptions options;
    options.recover = !task.has("--no-recover");
    if (task.settings.has(Setting::if_exists)) {
        options.if_exists = flow::parse_if_exists(task.settings.text(Setting::if_exists)).value();
    }
    return options;
}

void preview(Context& context, const Task& task, const connection::BaseConnection& connection) {
    if (options_of(task).if_exists != flow::IfExists::create) {
        context.console.warning(
            "--if-exists is not part of the shown request, which creates a connection even if one "
            "of that name exists");
    }
    for (const char* const flag : {"--check", "--test"}) {
        if (task.has(flag)) {
            context.console.warning(std::string(flag) + " is not part of the shown request");
        }
    }
    config::Missing not_needed;
    const connection::Access access = config::access(task.settings, not_needed);
    context.console.result(task.has("--dry-run") ? dry_run(access, connection, not_needed)
                                                 : curl_command(access, connection));
}

// The message says whether the connection was kept or deleted.
[[noreturn]] void end_failed_test(flow::FlowService& service, const Task& task,
                                  const flow::CreateResult& result, const Clock& clock) {
    const std::string kept = "; the connection was kept (etag " + result.etag + ")";
    if (result.outcome == flow::Outcome::existing) {
        throw test_failed(result.id, kept + ": it existed before");
    }
    if (task.has("--keep-on-failure")) {
        throw test_failed(result.id, kept);
    }
    try {
        flow::remove(service, result.id, clock);
    } catch (const Error& error) {
        throw Error(ExitCode::partial, "partial.create",
                    "the connection " + result.id + " was created (etag " + result.etag +
                        "), its test failed, and it could not be deleted: " + error.message(),
                    "check whether it still exists: bqconn get " + result.id);
    }
    throw test_failed(result.id, "; the connection was deleted",
                      "create it again with the new credentials");
}

void test_new(flow::FlowService& service, const Task& task, const flow::CreateResult& result,
              const Clock& clock) {
    bool passed = false;
    try {
        passed = flow::test_connection(service, result.id);
    } catch (const Error& error) {
        throw Error(ExitCode::partial, "partial.create",
                    "the connection " + result.id + " was created and kept (etag " + result.etag +
                        "), but could not be tested: " + error.message(),
                    "test it again: bqconn test " + result.id)
            .answered_as(error);
    }
    if (!passed) {
        end_failed_test(service, task, result, clock);
    }
}

}  // namespace

void create(Context& context, const Task& task) {
    refuse_pair(task, "--dry-run", "--print-curl");
    if (task.has("--keep-on-failure") && !task.has("--test")) {
        throw Error(ExitCode::usage, "usage.exclusive_flags", "--keep-on-failure requires --test",
                    "add --test, or leave it out");
    }
    config::Missing missing;
    const connection::BaseConnection connection = config::base_connection(task.settings, missing);
    if (task.has("--dry-run") || task.has("--print-curl")) {
        missing.report();
        preview(context, task, connection);
        return;
    }
    const connection::Access access = config::access(task.settings, missing);
    missing.report();
    if (task.has("--check")) {
        require_checks(context, task.settings, connection.auth, "created");
    }

    Session session(context, task.settings, access);
    const flow::CreateResult result =
        flow::create_once(session.service(), connection, options_of(task), context.clock);
    if (task.has("--test")) {
        test_new(session.service(), task, result, context.clock);
    }
    print_result(context.console,
                 {result.id, result.etag, connection.name, access.sandbox_name, result.outcome},
                 task.format);
}

}  // namespace bqconn::commands
