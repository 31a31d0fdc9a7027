// bqconn apply: shows the changes, asks for confirmation, and makes each of them at most once.
#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/output/changes.hpp"
#include "commands/apply_changes.hpp"
#include "commands/hide_secrets.hpp"
#include "commands/manifests.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using manifest::Action;
using manifest::Change;
using manifest::Type;
using output::Applied;

std::string label_of(const Change& change) {
    return "sandbox " + change.sandbox + ": " + std::string(name_of(change.type)) + " " +
           in_quotes(change.name) + ": ";
}

// One Error that lists everything that prevents the changes; none if nothing does.
std::optional<Error> problems_of(const Task& task, const std::vector<Change>& changes) {
    std::vector<std::string> problems;
    std::size_t replacements = 0;
    for (const auto& change : changes) {
        for (const auto& problem : change.problems) {
            problems.push_back(label_of(change) + problem);
        }
        if (change.action == Action::replace && !task.has(Flag::replace)) {
            ++replacements;
            problems.push_back(label_of(change) +
                               "it must be replaced, which copies all rows again");
        }
    }
    if (problems.empty()) {
        return std::nullopt;
    }
    return Error(
        ExitCode::conflict, "conflict.manifest",
        (problems.size() == 1 ? "the file cannot be applied: " + problems.front()
                              : "the file cannot be applied:\n  " + join(problems, "\n  ")) +
            "\nnothing was changed",
        replacements == problems.size() ? "to replace these dataflows, use --replace"
        : replacements > 0
            ? "change the file or the sandbox; to replace dataflows, also use --replace"
            : "change the file or the sandbox, then run the command again");
}

bool sends_credentials(const Change& change) {
    return change.type == Type::connection &&
           (change.action == Action::create || change.has(manifest::credentials_key));
}

// The connections to send, by the index of their change. Throws one Error that lists all
// credentials that cannot be read.
std::map<std::size_t, Sending> read_credentials(Context& context, const Task& task,
                                                const Loaded& loaded,
                                                const std::vector<Change>& changes) {
    const auto credentials = task.settings.is_on(Setting::allow_insecure_files)
                                 ? manifest::Credentials::from_any_file
                                 : manifest::Credentials::from_private_files;
    std::map<std::size_t, Sending> connections;
    std::vector<Error> errors;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (!sends_credentials(changes[i])) {
            continue;
        }
        std::optional<output::Console::Hiding> hiding;
        try {
            const config::Settings settings =
                manifest::settings_of(loaded.manifest, *changes[i].wanted, loaded.folder,
                                      context.environment, credentials);
            std::vector<Secret> secrets = secrets_of(settings);
            hiding.emplace(context.console, secrets);
            for (const auto& warning : settings.warnings()) {
                context.console.warning(warning);
            }
            config::Missing missing;
            connections.emplace(
                i, Sending{config::base_connection(settings, missing), std::move(secrets)});
            missing.report();
        } catch (const Error& error) {
            errors.push_back(context.console.without_secrets(error));
        }
    }
    if (errors.size() == 1) {
        throw Error(errors.front());
    }
    if (!errors.empty()) {
        std::vector<std::string> lines;
        lines.reserve(errors.size());
        std::set<std::string> hints;
        for (const auto& error : errors) {
            lines.push_back(error.message());
            hints.insert(error.hint());
        }
        throw Error(
            errors.front().exit_code(), errors.front().code(),
            "the credentials of " + std::to_string(errors.size()) +
                " connections cannot be read:\n  " + join(lines, "\n  "),
            hints.size() == 1 ? *hints.begin() : "fix each of them, then run the command again");
    }
    std::vector<Secret> secrets;
    for (const auto& [index, one] : connections) {
        secrets.insert(secrets.end(), one.secrets.begin(), one.secrets.end());
    }
    refuse_secrets(loaded.manifest, std::move(secrets));
    return connections;
}

// Prints the outcome of each change, unless none was made. Throws Error if any was not made.
void report(output::Console& console, const std::vector<Applied>& results, Format format) {
    std::string lines;
    std::size_t failed = 0;
    const Error* first = nullptr;  // the first unknown outcome, or else the first error
    std::set<std::string> hints;   // each is shown once
    bool unknown = false;
    bool partly = false;
    for (const auto& one : results) {
        if (one.outcome) {
            continue;
        }
        ++failed;
        lines += "\n  " + label_of(*one.change) +
                 (one.error ? one.error->message() : "not done: " + one.not_done);
        if (one.error) {
            if (const auto& hint = one.error->hint();
                !hint.empty() && hint != go_on && hints.insert(hint).second) {
                lines += "\n    hint: " + hint;
            }
            lines += one.error->request_id().empty()
                         ? ""
                         : "\n    request id: " + one.error->request_id();
            if (first == nullptr || (one.is_unknown() && !unknown)) {
                first = &*one.error;
            }
            unknown = unknown || one.is_unknown();
            partly = partly || one.error->exit_code() == ExitCode::partial;
        }
    }
    const std::string next =
        unknown ? go_on
                : "fix the causes, then run the command again: it makes only the missing changes";
    if (first != nullptr && failed == results.size() && !partly) {
        const bool has_hint = failed == 1 && !unknown && !first->hint().empty();
        throw Error(first->exit_code(), first->code(),
                    failed == 1 ? label_of(*results.front().change) + first->message()
                                : "none of the " + std::to_string(failed) + " changes " +
                                      (unknown ? "is confirmed:" : "was made:") + lines,
                    has_hint ? first->hint() : next)
            .answered_as(*first);
    }
    const std::string result = format == Format::json
                                   ? json::to_line(output::to_json(results)) + "\n"
                                   : output::text_of(results);
    try {
        console.result(result);
    } catch (const Error& error) {
        if (failed == 0) {
            throw Error(
                error.exit_code(), error.code(),
                "all changes were made, but " + error.message() + ":\n" + output::text_of(results),
                error.hint());
        }
        lines += "\n" + error.message() + "; all outcomes:\n" + output::text_of(results);
    }
    if (failed > 0) {
        throw Error(ExitCode::partial, "partial.apply",
                    std::to_string(failed) + " of " + std::to_string(results.size()) +
                        (unknown       ? " changes may not have been made:"
                         : failed == 1 ? " changes was not made:"
                                       : " changes were not made:") +
                        lines,
                    next);
    }
}

bool is_confirmed(Context& context, const Task& task) {
    if (task.has(Flag::yes)) {
        return true;
    }
    if (!context.console.can_ask()) {
        throw Error(ExitCode::usage, "usage.needs_yes",
                    "cannot ask for confirmation without a terminal; nothing was changed",
                    "use --yes to apply without confirmation");
    }
    const bool confirmed = context.console.confirm("Make these changes?");
    if (!confirmed && !context.clock.pause(std::chrono::milliseconds(0))) {
        throw Error(ExitCode::usage, code::interrupted, "interrupted; nothing was changed");
    }
    return confirmed;
}

void apply(Context& context, const Task& task) {
    const Loaded loaded = load_manifest(context, task);
    Session session(context, task.settings,
                    access_of(task.settings, config::AccessTo::organisation));
    Comparison comparison = compare_with_service(context, task, session, loaded);
    output::Style style = context.console.style();
    style.colour = false;  // explain() would show the escape sequences
    const std::string shown = output::text_of(comparison.changes, style);
    if (!comparison.has_changes()) {
        context.console.result(task.format == Format::json
                                   ? json::to_line(output::to_json(std::vector<Applied>())) + "\n"
                                   : shown);
        return;
    }
    const auto problems = problems_of(task, comparison.changes);
    // Read first: a name that contains one of them must not be shown.
    auto sent = problems ? std::map<std::size_t, Sending>()
                         : read_credentials(context, task, loaded, comparison.changes);
    if (task.format == Format::text || context.console.can_ask()) {
        context.console.explain(shown);
    }
    if (problems) {
        throw Error(*problems);
    }
    if (!is_confirmed(context, task)) {
        throw Error(ExitCode::usage, "usage.not_confirmed", "nothing was changed",
                    "answer y to make the changes");
    }
    report(context.console,
           make_changes(context, task, session, loaded, comparison, std::move(sent)), task.format);
}

}  // namespace

Verb apply_verb() {
    return {
        .name = "apply",
        .summary = "Make sandboxes match a manifest",
        .usage = "apply FILE [flags]",
        .description =
            "Compares a manifest with its sandboxes, shows the differences as bqconn diff does, "
            "asks for confirmation (without a terminal, --yes is required), and makes the changes: "
            "connections first, then dataflows, then deletions of connections. Each change is made "
            "at most once; an update is made only to the version that was compared. Objects that "
            "the file does not name are left alone, except with --prune.\n\n"
            "If the connection, table, columns, filter, delta column or dataset of a dataflow "
            "differs, the dataflow must be replaced, which copies all rows again and requires "
            "--replace. The time of the first run, the backfill, whether a dataflow runs once, and "
            "the kind of a connection cannot be changed: if one of them differs, nothing is "
            "changed (exit code 7).\n\n"
            "The file's mark is added to the description of everything that apply creates; a "
            "replacement keeps the mark of the old dataflow, or has none. --prune deletes what has "
            "the mark but is no longer in the file.\n\n"
            "If a change fails, those that do not depend on it are still made, unless the service "
            "cannot be reached or refuses the access token. The result then lists each change, and "
            "the exit code is 11. If no change was made, nothing is printed, and the exit code is "
            "that of the failure. To continue, run the command again: no state is kept outside the "
            "service.\n\n"
            "The output is text unless -o json is given, even in a pipe.",
        .examples =
            "  # Show the changes, ask for confirmation, and make them\n"
            "  bqconn apply bqconn.yaml\n\n"
            "  # In a script\n"
            "  bqconn apply bqconn.yaml --sandbox prod --yes\n\n"
            "  # Send new credentials for every connection in the file\n"
            "  bqconn apply bqconn.yaml --rotate --yes",
        .switches =
            {{Flag::yes, "--yes", "Do not ask for confirmation", "-y"},
             {Flag::replace, "--replace",
              "Replace dataflows that cannot be updated, which copies all their rows again"},
             {Flag::prune, "--prune", "Delete what this file created and no longer names"},
             {Flag::rotate, "--rotate", "Send the credentials of every connection again"}},
        .settings = with_common({Setting::parallel}),
        .formats = {Format::text, Format::json},
        .operands = {.most = 1, .offers = {Offers::files}},
        .participle = "changed",
        .auto_is_text = true,
        .run = apply,
    };
}

}  // namespace bqconn::commands
