// bqconn delete: shows what would be deleted, asks, and reports each outcome.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/flow/change.hpp"
#include "bqconn/flow/connections.hpp"
#include "bqconn/json/parse.hpp"
#include "commands/preview.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

// One connection to delete. With neither an outcome nor an error, nothing was done.
struct Deletion {
    std::string id;
    std::string name = {};
    std::optional<flow::Outcome> outcome = {};
    std::optional<Error> error = {};

    bool is_open() const { return !outcome && !error; }
    bool is_unknown() const { return error && error->exit_code() == ExitCode::unknown; }
};

using Deletions = std::vector<Deletion>;

std::string names_of(const std::vector<flow::Dependant>& dependants) {
    constexpr std::size_t most_shown = 10;
    std::string lines;
    for (std::size_t i = 0; i < dependants.size() && i < most_shown; ++i) {
        lines += "\n  " + dependants[i].id + "  " + inert_line(dependants[i].name);
    }
    if (dependants.size() > most_shown) {
        lines += "\n  and " + std::to_string(dependants.size() - most_shown) + " more";
    }
    return lines;
}

// Reads the connection's name and checks that it may be deleted; stores the error if not.
void inspect(Context& context, flow::FlowService& service, bool absent_is_fine, Deletion& one) {
    try {
        const flow::Connection found = read_target(service, one.id);
        one.name = found.name;
        refuse_other_source(found);
        const flow::Dependants dependants = flow::find_dependants(service, one.id);
        if (!dependants.dataflows.empty()) {
            throw Error(
                ExitCode::conflict, "conflict.in_use",
                "connection " + one.id + " is used by dataflows:" + names_of(dependants.dataflows) +
                    "\nit was not deleted",
                "delete these dataflows first, in Experience Platform under Sources > Dataflows");
        }
        const std::size_t sources = dependants.source_connections.size();
        context.console.note(
            "Connection " + one.id + " \"" + one.name + "\": " + std::to_string(sources) +
            (sources == 1 ? " source connection" : " source connections") + ", no dataflows");
    } catch (const Error& error) {
        if (error.code() == code::interrupted) {
            throw;
        }
        if (absent_is_fine && error.code() == code::connection_not_found) {
            one.outcome = flow::Outcome::absent;
        } else {
            one.error = error;
        }
    }
}

// False if the run was interrupted.
bool remove_one(flow::FlowService& service, const Clock& clock, bool recover, Deletion& one) {
    try {
        one.outcome = flow::remove(service, one.id, clock, recover);
    } catch (const flow::OutcomeUnknown& lost) {
        one.error = lost;
        return !lost.interrupted();
    } catch (const Error& error) {
        one.error = error;
        return error.code() != code::interrupted;
    }
    return true;
}

// False if the answer is no.
bool ask(Context& context, std::size_t count) {
    if (!context.console.can_ask()) {
        throw Error(ExitCode::usage, "usage.needs_yes",
                    "cannot ask for confirmation without a terminal; nothing was deleted",
                    "use --yes to delete without confirmation");
    }
    const std::string what = count == 1 ? "Delete this connection?"
                                        : "Delete these " + std::to_string(count) + " connections?";
    return context.console.confirm(what);
}

Deletions deletions_of(flow::FlowService& service, const Task& task) {
    if (task.settings.has(Setting::name) || task.operands.empty()) {
        try {
            return {{target_id(service, task)}};
        } catch (const Error& error) {
            if (error.code() != code::name_not_found || !task.has(Flag::if_exists)) {
                throw;
            }
            return {{"", task.settings.text(Setting::name), flow::Outcome::absent}};
        }
    }
    Deletions deletions;
    for (const auto& id : task.operands) {
        if (std::none_of(deletions.begin(), deletions.end(),
                         [&id](const Deletion& other) { return other.id == id; })) {
            deletions.push_back({checked_id(id)});
        }
    }
    return deletions;
}

std::string_view word_of(const Deletion& one) {
    return one.is_unknown() ? "unknown"
           : one.error      ? "failed"
           : one.outcome    ? name_of(*one.outcome)
                            : "kept";
}

std::string rendered(const Deletions& deletions, Format format) {
    std::string text;
    auto array = json::OrderedJson::array();
    for (const auto& one : deletions) {
        if (format == Format::id && one.outcome && !one.id.empty()) {
            text += one.id + "\n";
        } else if (format == Format::text) {
            text += (one.is_unknown()                       ? "May or may not have been deleted: "
                     : one.error || !one.outcome            ? "Not deleted: "
                     : one.outcome == flow::Outcome::absent ? "Not found: "
                                                            : "Deleted ") +
                    (one.id.empty() ? inert_line(one.name) : one.id) + "\n";
        }
        array.push_back({{"id", one.id}, {"name", one.name}, {"outcome", word_of(one)}});
        if (one.error) {
            array.back()["error"] = {{"code", one.error->code()},
                                     {"message", one.error->message()},
                                     {"exitCode", static_cast<int>(one.error->exit_code())}};
        }
    }
    return format == Format::json ? json::to_line(array) + "\n" : text;
}

// The requests that would be sent, as JSON.
std::string requests_of(const connection::Access& access, const Deletions& deletions) {
    auto array = json::OrderedJson::array();
    for (const auto& one : deletions) {
        if (one.is_open()) {
            array.push_back(request_json(access, flow::remove_call(one.id), nullptr));
        }
    }
    return json::to_lines(array) + "\n";
}

// Prints `result` unless every connection failed, and throws Error if any did. For a single
// connection it throws that connection's own error.
void report(output::Console& console, const Deletions& deletions, const std::string& result) {
    std::size_t failed = 0;
    bool attempted = false;
    std::string errors;
    std::string outcomes;
    const Error* worst = nullptr;  // unknown, then refused, then absent
    bool unknown = false;
    for (const auto& one : deletions) {
        outcomes += "\n  " + one.id + "  " + std::string(word_of(one));
        attempted = attempted || one.outcome || one.is_unknown();
        if (one.error) {
            ++failed;
            errors += "\n  " + one.id + ": " + one.error->message();
            if (worst == nullptr || (one.is_unknown() && !unknown) ||
                (!unknown && worst->exit_code() == ExitCode::not_found)) {
                worst = &*one.error;
            }
            unknown = unknown || one.is_unknown();
        }
    }
    if (failed == deletions.size()) {
        throw failed == 1 ? *worst
                          : Error(worst->exit_code(), worst->code(),
                                  "none of the " + std::to_string(failed) +
                                      (unknown ? " connections is confirmed to be deleted:"
                                               : " connections was deleted:") +
                                      errors,
                                  worst->hint());
    }
    try {
        console.result(result);
    } catch (const Error& error) {
        if (!attempted) {
            throw;
        }
        throw Error(error.exit_code(), error.code(),
                    "the delete was done, but " + error.message() + ":" + outcomes, error.hint());
    }
    if (failed > 0) {
        throw Error(ExitCode::partial, "partial.delete",
                    std::to_string(failed) + " of " + std::to_string(deletions.size()) +
                        (unknown     ? " may not have been deleted:"
                         : attempted ? " were not deleted:"
                                     : " cannot be deleted:") +
                        errors,
                    unknown
                        ? "check which still exist (bqconn get ID), then delete those again with "
                          "--if-exists"
                        : "fix the causes, then delete these again");
    }
}

void remove(Context& context, const Task& task) {
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    Deletions deletions = deletions_of(service, task);
    std::size_t remaining = 0;
    for (std::size_t i = 0; i < deletions.size(); ++i) {
        context.console.progress("checking " + std::to_string(i + 1) + " of " +
                                 std::to_string(deletions.size()));
        if (deletions[i].is_open()) {
            inspect(context, service, task.has(Flag::if_exists), deletions[i]);
        }
        remaining += deletions[i].is_open() ? 1 : 0;
    }
    if (task.has(Flag::dry_run)) {
        report(context.console, deletions, requests_of(service.access(), deletions));
        return;
    }
    if (remaining > 0 && !task.has(Flag::yes) && !ask(context, remaining)) {
        report(context.console, deletions, rendered(deletions, task.format));
        return;
    }
    std::size_t done = 0;
    bool stopped = false;
    for (auto& one : deletions) {
        if (!one.is_open()) {
            continue;
        }
        context.console.progress("deleting " + std::to_string(++done) + " of " +
                                 std::to_string(remaining));
        if (stopped) {
            one.error =
                Error(ExitCode::partial, code::interrupted, "interrupted before it was deleted");
        } else {
            stopped = !remove_one(service, context.clock, !task.has(Flag::no_recover), one);
        }
    }
    report(context.console, deletions, rendered(deletions, task.format));
}

}  // namespace

Verb delete_verb() {
    return {
        .name = "delete",
        .summary = "Delete connections",
        .usage = "delete (ID... | --name NAME) [flags]",
        .description =
            "Deletes connections. First shows the name and the dependants of each; a connection "
            "used by dataflows is not deleted (exit code 7). Asks for confirmation on a terminal; "
            "elsewhere --yes is required. If only some were deleted, the exit code is 11 and the "
            "result lists each. If the answer is no, they are listed as kept.",
        .examples =
            "  # Delete one without being asked\n"
            "  bqconn delete --name Warehouse --yes\n\n"
            "  # Check that it can be deleted, and show the request\n"
            "  bqconn delete --name Warehouse --dry-run\n\n"
            "  # In a script, safe to repeat: a missing connection is not an error\n"
            "  id=$(bqconn list --name Warehouse -o id)\n"
            "  bqconn delete \"$id\" --yes --if-exists\n"
            "  bqconn delete \"$id\" --yes --if-exists",
        .switches = {{Flag::yes, "--yes", "Do not ask for confirmation", "-y"},
                     {Flag::if_exists, "--if-exists",
                      "Do not fail if the connection does not exist"},
                     {Flag::dry_run, "--dry-run",
                      "Read the connections, print the requests as JSON, and delete nothing"},
                     {Flag::no_recover, "--no-recover",
                      "After a lost response, do not check whether it is gone"}},
        .settings = with_common({Setting::name}),
        .formats = {Format::text, Format::json, Format::id},
        .operands = {.most = 10'000, .offers = {Offers::connection_ids}},
        .participle = "deleted",
        .run = remove,
    };
}

}  // namespace bqconn::commands
