// bqconn delete: shows what would be deleted, asks, and reports each outcome.
#include <algorithm>
#include <string>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/flow/change.hpp"
#include "bqconn/flow/connections.hpp"
#include "commands/deletion.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

constexpr std::size_t most_listed = 10;

std::string names_of(const std::vector<flow::Dependant>& dependants) {
    std::string lines;
    for (std::size_t i = 0; i < dependants.size() && i < most_listed; ++i) {
        lines += "\n  " + dependants[i].id + "  " + inert_line(dependants[i].name);
    }
    if (dependants.size() > most_listed) {
        lines += "\n  and " + std::to_string(dependants.size() - most_listed) + " more";
    }
    return lines;
}

// The command that deletes the dataflows shown.
std::string delete_command(const std::vector<flow::Dependant>& dependants) {
    std::string command = "bqconn dataflow delete";
    for (std::size_t i = 0; i < std::min(dependants.size(), most_listed); ++i) {
        command += " " + dependants[i].id;
    }
    return command;
}

// Reads the connection's name and checks that it may be deleted; stores the error if not.
void inspect(Context& context, flow::FlowService& service, bool absent_is_fine, Deletion& one) {
    try {
        const flow::Connection found = read_target(service, one.id);
        one.name = found.name;
        refuse_other_source(found);
        const flow::Dependants dependants = flow::find_dependants(service, one.id);
        if (!dependants.dataflows.empty()) {
            throw Error(ExitCode::conflict, "conflict.in_use",
                        "connection " + one.id + " is used by dataflows:" +
                            names_of(dependants.dataflows) + "\nit was not deleted",
                        "delete these dataflows first: " + delete_command(dependants.dataflows));
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

Deletions deletions_of(flow::FlowService& service, const Task& task) {
    if (task.settings.has(Setting::name) || task.operands.empty()) {
        try {
            return {{.id = target_id(service, task)}};
        } catch (const Error& error) {
            if (error.code() != code::name_not_found || !task.has(Flag::if_exists)) {
                throw;
            }
            return {{.id = "",
                     .name = task.settings.text(Setting::name),
                     .outcome = flow::Outcome::absent}};
        }
    }
    Deletions deletions;
    for (const auto& id : task.operands) {
        if (std::none_of(deletions.begin(), deletions.end(),
                         [&id](const Deletion& other) { return other.id == id; })) {
            deletions.push_back({.id = checked_id(id)});
        }
    }
    return deletions;
}

void remove(Context& context, const Task& task) {
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    Deletions deletions = deletions_of(service, task);
    for (std::size_t i = 0; i < deletions.size(); ++i) {
        context.console.progress("checking " + std::to_string(i + 1) + " of " +
                                 std::to_string(deletions.size()));
        if (deletions[i].is_open()) {
            inspect(context, service, task.has(Flag::if_exists), deletions[i]);
        }
    }
    delete_all(context, task, service, deletions, [&](const Deletion& one) {
        return flow::remove(service, one.id, context.clock, !task.has(Flag::no_recover));
    });
}

}  // namespace

Verb delete_verb() {
    return {
        .name = "delete",
        .summary = "Delete connections",
        .usage = "delete (ID... | --name NAME) [flags]",
        .description =
            "Deletes connections. First shows the name and the dependants of each; a connection "
            "used by dataflows is not deleted (exit code 7): delete those first, with dataflow "
            "delete. Asks for confirmation on a terminal; elsewhere --yes is required. If only "
            "some were deleted, the exit code is 11 and the result lists each. If the answer is "
            "no, they are listed as kept.",
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
