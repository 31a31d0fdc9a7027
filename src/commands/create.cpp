// bqconn create: settings → base connection → one POST → id and etag.
#include <string>

#include "bqconn/commands/verb.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/flow/change.hpp"
#include "bqconn/flow/connections.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/flow/wire.hpp"
#include "bqconn/json/parse.hpp"
#include "commands/checks.hpp"
#include "commands/preview.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

flow::CreateOptions options_of(const Task& task) {
    return {.if_exists =
                flow::parse_if_exists(task.settings.text_or_default(Setting::if_exists)).value(),
            .recover = !task.has(Flag::no_recover)};
}

void preview(Context& context, const Task& task, const connection::BaseConnection& connection) {
    const auto if_exists = options_of(task).if_exists;
    if (if_exists != flow::IfExists::create) {
        context.console.warning(
            std::string("--if-exists is not part of the request shown, which creates a connection "
                        "even if one with that name exists") +
            (if_exists == flow::IfExists::update
                 ? "; bqconn update --rotate --dry-run shows the update"
                 : ""));
    }
    warn_not_shown(context, task, {Flag::check, Flag::test});
    config::Missing not_needed;
    const connection::Access access = config::access(task.settings, not_needed);
    if (task.has(Flag::print_curl)) {
        context.console.result(curl_command(access, connection));
        return;
    }
    json::OrderedJson document = request_json(access, flow::create_call(connection),
                                              flow::to_json(connection, redact_parameter));
    document["missing"] = not_needed.flags();
    context.console.result(json::to_lines(document) + "\n");
}

// --if-exists update: one PATCH of the existing connection, with the new credentials and, if given,
// the description.
flow::CreateResult update_existing(flow::FlowService& service, const Task& task,
                                   const std::string& id) {
    const flow::Connection one = read_target(service, id);
    const flow::Change change{.description = task.settings.text_if_set(Setting::description),
                              .has_description = !one.description.empty(),
                              .auth = auth_for(task.settings, one)};
    const flow::Stored stored =
        flow::update(service, id, etag_for(task.settings, one.etag), change);
    return {stored.id, stored.etag, flow::Outcome::updated};
}

// The message says whether the connection was kept or deleted.
[[noreturn]] void end_failed_test(flow::FlowService& service, const Task& task,
                                  const flow::CreateResult& result, const Clock& clock) {
    const std::string etag = " (etag " + result.etag + ")";
    const std::string kept = "; the connection was kept" + etag;
    if (result.outcome == flow::Outcome::updated) {
        throw test_failed(result.id, "; the connection was updated" + etag);
    }
    if (result.outcome == flow::Outcome::existing) {
        throw test_failed(result.id, kept + ", because it already existed");
    }
    if (task.has(Flag::keep_on_failure)) {
        throw test_failed(result.id, kept);
    }
    try {
        flow::remove(service, result.id, clock);
    } catch (const Error& error) {
        throw Error(ExitCode::partial, "partial.create",
                    "the connection " + result.id + " was created (etag " + result.etag +
                        "), its test failed, and it could not be deleted: " + error.message(),
                    "check whether it still exists: bqconn get " + result.id)
            .answered_as(error);
    }
    throw test_failed(result.id, "; the connection was deleted",
                      "create it again with the new credentials");
}

void create(Context& context, const Task& task) {
    if (task.has(Flag::dry_run) && task.has(Flag::print_curl)) {
        throw Error(ExitCode::usage, "usage.exclusive_flags",
                    "--dry-run and --print-curl cannot be combined", "pass one of them");
    }
    if (task.has(Flag::keep_on_failure) && !task.has(Flag::test)) {
        throw Error(ExitCode::usage, "usage.exclusive_flags", "--keep-on-failure requires --test",
                    "add --test, or leave it out");
    }
    config::Missing missing;
    const connection::BaseConnection connection = config::base_connection(task.settings, missing);
    if (task.has(Flag::dry_run) || task.has(Flag::print_curl)) {
        missing.report();
        static_cast<void>(config::transport_options(task.settings));  // refuses an invalid value
        preview(context, task, connection);
        return;
    }
    const connection::Access access = config::access(task.settings, missing);
    missing.report();
    if (task.has(Flag::check)) {
        require_checks(context, task.settings, connection.auth, "created");
    }

    Session session(context, task.settings, access);
    const flow::CreateOptions options = options_of(task);
    flow::CreateResult result =
        flow::create_once(session.service(), connection, options, context.clock);
    const bool updates =
        result.outcome == flow::Outcome::existing && options.if_exists == flow::IfExists::update;
    if (updates) {
        result = update_existing(session.service(), task, result.id);
    }
    if (!result.namesakes.empty()) {
        context.console.warning("other connections named \"" + connection.name +
                                "\" exist: " + join(result.namesakes, ", ") +
                                "; use --if-exists reuse or update to avoid duplicates");
    }
    const std::string done = updates                                     ? "was updated"
                             : result.outcome == flow::Outcome::existing ? "already existed"
                                                                         : "was created and kept";
    if (task.has(Flag::test) &&
        !passes_test(session.service(), result.id, updates ? "partial.update" : "partial.create",
                     done + " (etag " + result.etag + ")")) {
        end_failed_test(session.service(), task, result, context.clock);
    }
    print_result(context.console,
                 {.id = result.id,
                  .etag = result.etag,
                  .name = connection.name,
                  .sandbox_name = access.sandbox_name,
                  .outcome = result.outcome},
                 task.format);
}

}  // namespace

Verb create_verb() {
    return {
        .name = "create",
        .summary = "Create a base connection to Google BigQuery",
        .usage = "create [flags]",
        .description =
            "Creates a base connection to Google BigQuery in a sandbox of Adobe Experience "
            "Platform and prints its id and etag. The request is applied at most once. If the "
            "response is lost, bqconn looks for the connection by name; if it cannot tell whether "
            "it was created, the exit code is 10.\n\n"
            "The authentication type follows from the settings: --client-id, --client-secret and "
            "--refresh-token select Basic Authentication; --key-file selects Service "
            "Authentication; --key-file with --dataset selects Service Authentication for an "
            "organisation on AWS.\n\n"
            "Each setting is taken from its flag, its variable (in brackets) or a file, in this "
            "order. Do not type secrets on the command line: use @FILE to read one from a file, - "
            "to read it from standard input, or set the variable whose name ends in _FILE to the "
            "file's path.",
        .examples =
            "  # With the settings in a profile or in the environment\n"
            "  bqconn create\n\n"
            "  # With a Google OAuth client and a refresh token, secrets read from files\n"
            "  bqconn create --sandbox prod --project my-project-123 \\\n"
            "      --client-id ID --client-secret @client-secret.txt --refresh-token "
            "@refresh-token.txt\n\n"
            "  # With a service-account key and an Adobe credential file\n"
            "  bqconn create --sandbox prod --key-file key.json --credentials adobe.json\n\n"
            "  # Show the request without sending it\n"
            "  bqconn create --project my-project-123 --key-file key.json --dry-run\n\n"
            "  # Safe to repeat: update the connection if it exists (CI)\n"
            "  bqconn create --if-exists update\n\n"
            "  # Create it and test it\n"
            "  bqconn create --test\n\n"
            "  # In a script\n"
            "  id=$(bqconn create -o id)\n"
            "  bqconn create | jq -r .id",
        .switches = {{Flag::check, "--check",
                      "Run the checks of bqconn check first; create nothing if one fails"},
                     {Flag::test, "--test",
                      "Test the new connection; if the test fails, delete it (exit code 5)"},
                     {Flag::keep_on_failure, "--keep-on-failure",
                      "With --test: keep the connection if the test fails"},
                     {Flag::dry_run, "--dry-run",
                      "Print the request as JSON, secrets redacted, and send nothing"},
                     {Flag::print_curl, "--print-curl",
                      "Print the request as a shell script with curl, and send nothing"},
                     {Flag::no_recover, "--no-recover",
                      "After a lost response, do not look for the connection by name"}},
        .settings =
            with_common(with_google({Setting::name, Setting::description, Setting::if_exists})),
        .formats = {Format::text, Format::json, Format::id, Format::etag, Format::env},
        .participle = "created",
        .name_is_new = true,
        .run = create,
    };
}

}  // namespace bqconn::commands
