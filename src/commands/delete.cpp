// bqconn delete: shows what would be deleted, asks, and reports each outcome.
#include <algorithm>
#include <vector>

#include "bqconn/commands/verbs.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/flow/change.hpp"
#include "bqconn/flow/connections.hpp"
#include "commands/delete_report.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using config::Setting;

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

void refuse_used(const Deletion& one, const flow::Dependants& dependants) {
    if (!dependants.dataflows.empty()) {
        throw Error(
            ExitCode::conflict, "conflict.in_use",
            "connection " + one.id + " is used by dataflows:" + names_of(dependants.dataflows) +
                "\nit was not deleted",
            "delete these dataflows first, in Experience Platform under Sources > Dataflows");
    }
}

// Reads the connection's name and checks that it may be deleted; stores the error if not.
void inspect(Context& context, flow::FlowService& service, bool absent_is_fine, Deletion& one) {
    try {
        const flow::Connection found = read_target(service, one.id);
        one.name = found.name;
        refuse_other_source(found);
        const flow::Dependants dependants = flow::find_dependants(service, one.id);
        refuse_used(one, dependants);
        const std::size_t sources = dependants.source_connections.size();
        context.console.note(
            "Connection " + one.id + " \"" + one.name + "\": " + std::to_string(sources) +
            (sources == 1 ? " source connection" : " source connections") + ", no dataflows");
    } catch (const Error& error) {
        if (error.code() == code::interrupted) {
            throw;
        }
        if (absent_is_fine && error.code() == code::connection_not_found) {
            one.outcome = "absent";
            return;
        }
        one.outcome = "failed";
        one.error = error;
    }
}

// False if the run was interrupted.
bool remove_one(flow::FlowService& service, const Clock& clock, bool recover, Deletion& one) {
    try {
        one.outcome = name_of(flow::remove(service, one.id, clock, recover));
    } catch (const flow::OutcomeUnknown& lost) {
        one.outcome = "unknown";
        one.error = lost;
        return !lost.interrupted();
    } catch (const Error& error) {
        one.outcome = "failed";
        one.error = error;
        return error.code() != code::interrupted;
    }
    return true;
}

void ask(Context& context, const Task& task, std::size_t count) {
    if (task.has("--yes")) {
        return;
    }
    if (!context.console.can_ask()) {
        throw Error(ExitCode::usage, "usage.needs_yes",
                    "cannot ask for confirmation without a terminal; nothing was deleted",
                    "use --yes to delete without confirmation");
    }
    const std::string what = count == 1 ? "Delete this connection?"
                                        : "Delete these " + std::to_string(count) + " connections?";
    if (!context.console.confirm(what)) {
        throw Error(ExitCode::usage, "usage.not_confirmed", "nothing was deleted",
                    "answer y, or use --yes");
    }
}

std::vector<Deletion> deletions_of(flow::FlowService& service, const Task& task) {
    std::vector<Deletion> deletions;
    if (task.settings.has(Setting::name) || task.operands.empty()) {
        try {
            deletions.push_back({target_id(service, task), "", "", {}});
        } catch (const Error& error) {
            if (error.code() != code::name_not_found || !task.has("--if-exists")) {
                throw;
            }
            deletions.push_back({"", task.settings.text(Setting::name), "absent", {}});
        }
        return deletions;
    }
    for (const auto& id : task.operands) {
        const bool duplicate = std::any_of(deletions.begin(), deletions.end(),
                                           [&id](const Deletion& other) { return other.id == id; });
        if (!duplicate) {
            deletions.push_back({checked_id(id), "", "", {}});
        }
    }
    return deletions;
}

}  // namespace

void remove(Context& context, const Task& task) {
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    std::vector<Deletion> deletions = deletions_of(service, task);
    std::size_t remaining = 0;
    for (std::size_t i = 0; i < deletions.size(); ++i) {
        context.console.progress("checking " + std::to_string(i + 1) + " of " +
                                 std::to_string(deletions.size()));
        if (deletions[i].outcome.empty()) {
            inspect(context, service, task.has("--if-exists"), deletions[i]);
        }
        remaining += deletions[i].outcome.empty() ? 1 : 0;
    }
    if (remaining > 0) {
        ask(context, task, remaining);
    }
    std::size_t done = 0;
    bool stopped = false;
    for (auto& one : deletions) {
        if (!one.outcome.empty()) {
            continue;
        }
        context.console.progress("deleting " + std::to_string(++done) + " of " +
                                 std::to_string(remaining));
        if (stopped) {
            one.outcome = "failed";
            one.error =
                Error(ExitCode::partial, code::interrupted, "interrupted before it was deleted");
            continue;
        }
        stopped = !remove_one(service, context.clock, !task.has("--no-recover"), one);
    }
    report_deletions(context.console, deletions, task.format);
}

}  // namespace bqconn::commands
