// bqconn check: finds problems before the credentials go to Adobe.
#include "bqconn/commands/verb.hpp"
#include "commands/checks.hpp"

namespace bqconn::commands {
namespace {

void check(Context& context, const Task& task) {
    const output::Report report =
        run_checks(context, task.settings,
                   task.has(Flag::offline) ? CheckScope::local : CheckScope::dataflows);
    context.console.result(task.format == Format::json
                               ? output::json_of(report)
                               : output::text_of(report, context.console.style()));
    throw_worst(report, Failures::reported);
}

}  // namespace

Verb check_verb() {
    return {
        .name = "check",
        .summary = "Check whether a connection would work, without creating it",
        .usage = "check [flags]",
        .description =
            "Checks everything a connection needs and prints one line for each check: the "
            "settings and files; access to each service over the network; this machine's clock; "
            "Adobe's access token, sandbox and BigQuery source; whether dataflows, datasets and "
            "schemas can be read, which only the dataflow verbs need; Google's credentials, their "
            "scopes, the project and its datasets. Each line starts with a mark: a tick or + "
            "(passed), ! (warning), a cross or x (failed), - (skipped). Nothing is created or "
            "changed. The exit code is that of the worst failure; the report is printed on stdout "
            "in any case. If a value or a file cannot be read at all, only that error is "
            "reported.",
        .examples =
            "  # Run all checks\n"
            "  bqconn check\n\n"
            "  # Run the checks that need no network\n"
            "  bqconn check --offline\n\n"
            "  # List the failures in a script\n"
            "  bqconn check -o json | jq -r '.checks[] | select(.verdict == \"failed\") | .code'",
        .switches = {{Flag::offline, "--offline", "Check settings and files only"}},
        .settings = with_common(with_google({})),
        .formats = {Format::text, Format::json},
        .has_warnings = true,
        .run = check,
    };
}

}  // namespace bqconn::commands
