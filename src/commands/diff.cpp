// bqconn diff: shows what apply would change.
#include <string>

#include "bqconn/commands/verb.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/output/changes.hpp"
#include "commands/manifests.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

// A refused read must not look like a difference, whose exit code is the same.
Comparison compare(Context& context, const Task& task, Session& session, const Loaded& loaded) {
    try {
        return compare_with_service(context, task, session, loaded);
    } catch (const Error& error) {
        if (error.exit_code() != ExitCode::rejected) {
            throw;
        }
        throw Error(ExitCode::bad_response, error.code(), error.message(), error.hint())
            .answered_as(error);
    }
}

void diff(Context& context, const Task& task) {
    const Loaded loaded = load_manifest(context, task);
    Session session(context, task.settings,
                    access_of(task.settings, config::AccessTo::organisation));
    const Comparison comparison = compare(context, task, session, loaded);
    context.console.show(task.format,
                         task.format == Format::json
                             ? json::to_line(output::to_json(comparison.changes)) + "\n"
                             : output::text_of(comparison.changes, context.console.style()));
    if (const auto number = count_with_problems(comparison.changes); number > 0) {
        throw Error(ExitCode::conflict, "conflict.manifest",
                    "apply would refuse the file: " + std::to_string(number) +
                        (number == 1 ? " object has problems" : " objects have problems"),
                    "see the lines with ! (in JSON: problems)");
    }
    if (comparison.has_changes()) {
        throw Error(ExitCode::rejected, code::differs, "the sandboxes differ from the file");
    }
}

}  // namespace

Verb diff_verb() {
    return {
        .name = "diff",
        .summary = "Show what apply would change",
        .usage = "diff FILE [flags]",
        .description =
            "Compares a manifest with its sandboxes, and prints what apply would do: create (+), "
            "update (~), replace (±) or, with --prune, delete (-). Nothing is changed, and the "
            "credentials that the manifest refers to are not read. The exit code is 0 if nothing "
            "would change, 5 if something would, and 7 if apply could not make the changes even "
            "with --replace.\n\n"
            "If FILE is -, the manifest is read from standard input. docs/as-code.md describes its "
            "keys; bqconn init --manifest writes an example, and bqconn export prints a manifest "
            "of an existing sandbox. --sandbox limits the run to one sandbox; BQCONN_SANDBOX_NAME "
            "and the profile do not.\n\n"
            "Credentials are not compared, because the service does not return them. The output is "
            "text unless -o json is given, even in a pipe.",
        .examples =
            "  # What a pull request would change\n"
            "  bqconn diff bqconn.yaml\n\n"
            "  # In one sandbox, for a script\n"
            "  bqconn diff bqconn.yaml --sandbox prod -o json | jq .summary",
        .switches = {{Flag::prune, "--prune", "Also show what apply --prune would delete"},
                     {Flag::rotate, "--rotate",
                      "Also show which credentials apply --rotate would send"}},
        .settings = with_common({Setting::parallel}),
        .formats = {Format::text, Format::json},
        .operands = {.most = 1, .offers = {Offers::files}},
        .auto_is_text = true,
        .run = diff,
    };
}

}  // namespace bqconn::commands
