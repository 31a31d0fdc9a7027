// bqconn update: changes name, description or credentials, in one change to a known version.
#include "bqconn/commands/verb.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/flow/change.hpp"
#include "bqconn/json/parse.hpp"
#include "commands/checks.hpp"
#include "commands/preview.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

// Credentials are replaced only with --rotate or if one is given as a flag. Those merely present in
// the environment or a profile do not count: updating the description must not rotate.
bool rotates(const Task& task) {
    for (const auto& kind : config::auth_kinds()) {
        for (const auto& parameter : kind.parameters) {
            if (task.settings.source(parameter.setting).kind == config::Source::Kind::flag) {
                return true;
            }
        }
    }
    return task.has(Flag::rotate);
}

flow::Change change_of(const Task& task, config::Missing& missing) {
    // With an ID, --name is the new name; without one, it selects the connection.
    const bool renamed_by_name = !task.operands.empty() && task.settings.has(Setting::name);
    if (renamed_by_name && task.settings.has(Setting::new_name)) {
        throw Error(ExitCode::usage, "usage.exclusive_flags",
                    "with an ID, --name and --new-name mean the same", "pass one of them");
    }
    flow::Change change;
    change.name = task.settings.text_if_set(renamed_by_name ? Setting::name : Setting::new_name);
    change.description = task.settings.text_if_set(Setting::description);
    if (rotates(task)) {
        change.auth = config::authentication(task.settings, missing);
    }
    if (!change.name && !change.description && !change.auth) {
        throw Error(ExitCode::usage, "usage.nothing_to_change", "nothing to change",
                    "pass --new-name, --description or new credentials; use --rotate to send those "
                    "in the environment, profile or credential files");
    }
    if (task.has(Flag::check) && !change.auth) {
        throw Error(ExitCode::usage, "usage.nothing_to_check",
                    "--check needs new credentials, but none are passed",
                    "pass them as flags, or use --rotate for those in the environment, profile or "
                    "credential files; to check settings without an update, use bqconn check");
    }
    return change;
}

void update(Context& context, const Task& task) {
    config::Missing missing;
    flow::Change change = change_of(task, missing);
    const connection::Access access = config::access(task.settings, missing);
    missing.report();
    Session session(context, task.settings, access);
    flow::FlowService& service = session.service();
    const std::string id =
        task.operands.empty() ? target_id(service, task) : checked_id(task.operands.front());
    const flow::Connection one = read_target(service, id);
    change.has_description = !one.description.empty();
    refuse_other_source(one);
    if (change.auth) {
        change.auth = auth_for(task.settings, one);
    }
    const std::string etag = etag_for(task.settings, one.etag);
    if (task.has(Flag::dry_run)) {
        warn_not_shown(context, task, {Flag::check, Flag::test});
        context.console.result(
            json::to_lines(request_json(access, flow::update_call(id, etag, change),
                                        flow::to_json(change, redact_parameter))) +
            "\n");
        return;
    }
    if (task.has(Flag::check)) {
        require_checks(context, task.settings, *change.auth, "changed");
    }
    const flow::Stored stored = flow::update(service, id, etag, change);
    if (task.has(Flag::test)) {
        const std::string done = "was updated (etag " + stored.etag + ")";
        if (!passes_test(service, id, "partial.update", done)) {
            throw test_failed(id, "; the connection " + done);
        }
    }
    print_result(context.console,
                 {.id = stored.id,
                  .etag = stored.etag,
                  .name = change.name.value_or(one.name),
                  .sandbox_name = access.sandbox_name,
                  .outcome = flow::Outcome::updated},
                 task.format);
}

}  // namespace

Verb update_verb() {
    return {
        .name = "update",
        .summary = "Change the name, description or credentials of a connection",
        .usage = "update (ID | --name NAME) [flags]",
        .description =
            "Changes a connection, unless it has changed since it was read (exit code 7). bqconn "
            "reads it first; --if-match pins a version that a script read earlier.\n\n"
            "Credentials are replaced as a whole, and only if you give one of them as a flag or "
            "use --rotate; credentials in the environment or a profile alone are not sent. The "
            "authentication type cannot change.\n\n"
            "With an ID, --name is the new name. Without one, --name selects the connection, and "
            "--new-name renames it.",
        .examples =
            "  # Set a new description\n"
            "  bqconn update --name Warehouse --description \"Read by the nightly load\"\n\n"
            "  # Credentials were rotated at Google: send the new ones and test them\n"
            "  bqconn update --name Warehouse --rotate --test\n\n"
            "  # Show the request without sending it\n"
            "  bqconn update --name Warehouse --rotate --dry-run\n\n"
            "  # Only if nobody has changed it since\n"
            "  etag=$(bqconn get --name Warehouse -o etag)\n"
            "  bqconn update --name Warehouse --new-name \"Warehouse EU\" --if-match \"$etag\"",
        .switches =
            {{Flag::check, "--check",
              "Run the checks of bqconn check first; change nothing if one fails"},
             {Flag::rotate, "--rotate",
              "Replace the credentials with those in the settings, from any source"},
             {Flag::test, "--test",
              "Test the connection afterwards (exit code 5 if the test fails)"},
             {Flag::dry_run, "--dry-run",
              "Read the connection, print the request as JSON, secrets redacted, and change "
              "nothing"}},
        .settings = with_common(with_google(
            {Setting::name, Setting::new_name, Setting::description, Setting::if_match})),
        .formats = {Format::text, Format::json, Format::id, Format::etag, Format::env},
        .operands = {.most = 1, .offers = {Offers::connection_ids}},
        .participle = "changed",
        .run = update,
    };
}

}  // namespace bqconn::commands
