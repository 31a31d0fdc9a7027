// bqconn dataflow delete: deletes dataflows and what only they use, never data.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/dataflow/change.hpp"
#include "bqconn/dataflow/dataflows.hpp"
#include "bqconn/lake/mapping.hpp"
#include "commands/deletion.hpp"
#include "commands/flows.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using dataflow::Part;

// The objects to delete in order, and which dataflows of the sandbox use each.
struct Removal {
    Deletions objects;
    dataflow::Users users;

    void add(Deletion one) {
        if (!one.id.empty() && std::none_of(objects.begin(), objects.end(), [&](const auto& other) {
                return other.part == one.part && other.id == one.id;
            })) {
            objects.push_back(std::move(one));
        }
    }

    const Deletion* find(Part part, const std::string& id) const {
        const auto found = std::find_if(objects.begin(), objects.end(), [&](const auto& one) {
            return one.part == part && one.id == id;
        });
        return found == objects.end() ? nullptr : &*found;
    }
};

constexpr std::array both_ends{std::pair(Part::source, dataflow::Side::source),
                               std::pair(Part::target, dataflow::Side::target)};

Deletion end_to_delete(Part part, const dataflow::End& end) {
    return {.id = end.id,
            .name = end.name,
            .part = part,
            .about = part == Part::source
                         ? ", table " + end.table() + " of connection " + end.base_connection_id
                         : ", dataset " + end.dataset_id()};
}

// Its outcome is `absent` if it no longer exists.
Deletion end_to_delete(flow::FlowService& service, Part part, dataflow::Side side,
                       const std::string& id) {
    try {
        return end_to_delete(part, dataflow::read_end(service, side, id));
    } catch (const Error& error) {
        if (error.exit_code() != ExitCode::not_found &&
            error.code() != code::connection_not_found) {
            throw;
        }
    }
    return {.id = id, .part = part, .outcome = flow::Outcome::absent};
}

// Adds a dataflow and its parts; stores the error if it cannot be read.
void add_dataflow(flow::FlowService& service, const std::string& id, bool absent_is_fine,
                  Removal& removal) {
    Deletion flow{.id = id, .part = Part::flow};
    try {
        const dataflow::Dataflow one = read_target_dataflow(service, id);
        flow.name = one.name;
        refuse_other_source(one);
        Deletions parts;
        for (const auto& [part, side] : both_ends) {
            for (const auto& end :
                 side == dataflow::Side::source ? one.source_ids : one.target_ids) {
                parts.push_back(end_to_delete(service, part, side, end));
            }
        }
        // Renaming a dataflow leaves the names of its parts.
        const bool is_named = !parts.empty() && !parts.front().name.empty();
        parts.push_back({.id = one.mapping_id,
                         .name = is_named ? parts.front().name : one.name,
                         .part = Part::mapping});
        for (auto& part : parts) {
            removal.add(std::move(part));
        }
    } catch (const Error& error) {
        if (error.code() == code::interrupted) {
            throw;
        }
        if (absent_is_fine && error.code() == dataflow_not_found) {
            flow.outcome = flow::Outcome::absent;
        } else {
            flow.error = error;
        }
    }
    removal.add(std::move(flow));
}

// The leftovers of an interrupted create: unused objects with that name.
void add_leftovers(flow::FlowService& service, const std::string& name, Removal& removal) {
    for (const auto& [part, side] : both_ends) {
        for (const auto& end : dataflow::find_ends(service, side, {.name = name})) {
            removal.add(end_to_delete(part, end));
        }
    }
    for (const auto& set : lake::find_mapping_sets(service, name)) {
        removal.add({.id = set.id, .name = name, .part = Part::mapping});
    }
    if (!removal.objects.empty()) {
        removal.users = dataflow::read_users(service);
        std::erase_if(removal.objects,
                      [&](const Deletion& one) { return removal.users.contains(one.id); });
    }
}

Removal removal_by_name(flow::FlowService& service, const Task& task) {
    const std::string name = task.settings.text_if_set(Setting::dataflow_name).value_or("");
    Removal removal;
    std::optional<Error> missing;
    if (task.has(Flag::leftovers)) {
        add_leftovers(service, name, removal);
        if (removal.objects.empty()) {
            missing = Error(ExitCode::not_found, code::name_not_found,
                            "no unused connection or mapping set is named \"" + name + "\"",
                            "list the dataflows: bqconn dataflow list");
        }
    } else {
        try {
            add_dataflow(service, dataflow_id(service, task), task.has(Flag::if_exists), removal);
        } catch (const Error& error) {
            if (error.code() != code::name_not_found) {
                throw;
            }
            missing = Error(error.exit_code(), error.code(), error.message(),
                            error.hint() +
                                "; if a create or delete was interrupted, remove what it left: "
                                "bqconn dataflow delete --leftovers --name " +
                                shell_quoted(name));
        }
    }
    if (missing && !task.has(Flag::if_exists)) {
        throw Error(*missing);
    }
    if (missing) {
        removal.objects.push_back(
            {.id = "", .name = name, .part = Part::flow, .outcome = flow::Outcome::absent});
    }
    return removal;
}

// Keeps what other dataflows use, and sorts.
void keep_shared(flow::FlowService& service, Removal& removal) {
    const bool reads_dataflows =
        std::any_of(removal.objects.begin(), removal.objects.end(),
                    [](const Deletion& one) { return one.is_open() && one.part == Part::flow; });
    if (reads_dataflows) {
        removal.users = dataflow::read_users(service);
    }
    for (auto& one : removal.objects) {
        for (const auto& user : removal.users[one.id]) {
            if (one.is_open() && one.part != Part::flow &&
                removal.find(Part::flow, user) == nullptr) {
                one.kept = "used by dataflow " + user;
            }
        }
    }
    std::stable_sort(removal.objects.begin(), removal.objects.end(),
                     [](const Deletion& a, const Deletion& b) {
                         const auto rank = [](const Deletion& one) {
                             return std::find(dataflow::deletion_order.begin(),
                                              dataflow::deletion_order.end(), *one.part) -
                                    dataflow::deletion_order.begin();
                         };
                         return rank(a) < rank(b);
                     });
}

void show(output::Console& console, const Deletions& deletions) {
    for (const auto& one : deletions) {
        const std::string name = one.name.empty() ? "" : " \"" + one.name + "\"";
        if (!one.kept.empty()) {
            console.note("To keep: " + one.words() + name + ", " + one.kept);
        } else if (one.is_open()) {
            console.note("To delete: " + one.words() + name + one.about);
        }
    }
}

void delete_dataflows(Context& context, const Task& task) {
    if (task.has(Flag::leftovers) && !task.settings.has(Setting::dataflow_name)) {
        throw Error(ExitCode::usage, "usage.exclusive_flags", "--leftovers requires --name",
                    "pass the name of the dataflow that was not completed");
    }
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    Removal removal;
    if (task.settings.has(Setting::dataflow_name) || task.operands.empty()) {
        removal = removal_by_name(service, task);
    } else {
        for (std::size_t i = 0; i < task.operands.size(); ++i) {
            context.console.progress("checking " + std::to_string(i + 1) + " of " +
                                     std::to_string(task.operands.size()));
            const std::string& id = checked_id(task.operands[i], IdOf::dataflow);
            if (removal.find(Part::flow, id) == nullptr) {
                add_dataflow(service, id, task.has(Flag::if_exists), removal);
            }
        }
    }
    keep_shared(service, removal);
    show(context.console, removal.objects);
    const bool recover = !task.has(Flag::no_recover);
    delete_all(context, task, service, removal.objects,
               [&](Deletion& one) -> std::optional<flow::Outcome> {
                   for (const auto& user : removal.users[one.id]) {
                       const Deletion* const flow = removal.find(Part::flow, user);
                       if (one.part != Part::flow && flow != nullptr && !flow->outcome) {
                           one.kept =
                               "dataflow " + user +
                               (flow->is_unknown() ? " may still exist" : " was not deleted");
                           return std::nullopt;
                       }
                   }
                   // A dataflow that this credential cannot see may use them.
                   if (task.has(Flag::leftovers) && one.part == Part::mapping &&
                       std::any_of(removal.objects.begin(), removal.objects.end(),
                                   [](const Deletion& other) { return other.error; })) {
                       one.kept = "a connection with its name was not deleted";
                       return std::nullopt;
                   }
                   return dataflow::remove_part(service, *one.part, one.id, context.clock, recover);
               });
}

}  // namespace

Verb dataflow_delete_verb() {
    return {
        .name = "dataflow delete",
        .summary = "Delete dataflows and what only they use",
        .usage = "dataflow delete (ID... | --name NAME) [flags]",
        .description =
            "Deletes dataflows, then their target connections, source connections and mapping "
            "sets. What another dataflow uses is kept and reported as such. The dataset, its "
            "schema and its data are never deleted.\n\n"
            "First shows what would be deleted, then asks for confirmation on a terminal; "
            "elsewhere --yes is required. The result lists every object. If only some were "
            "deleted, the exit code is 11.\n\n"
            "With --leftovers, deletes instead what an interrupted create or delete has left: the "
            "source connections, target connections and mapping sets with that --name that no "
            "dataflow uses. Make sure that no create of that name is running.",
        .examples =
            "  # Show what would be deleted\n"
            "  bqconn dataflow delete --name Orders --dry-run\n\n"
            "  # Without being asked; safe to repeat\n"
            "  bqconn dataflow delete --name Orders --yes --if-exists",
        .switches = {{Flag::yes, "--yes", "Do not ask for confirmation", "-y"},
                     {Flag::if_exists, "--if-exists", "Do not fail if the dataflow does not exist"},
                     {Flag::leftovers, "--leftovers",
                      "Delete only the unused objects with that --name, no dataflow"},
                     {Flag::dry_run, "--dry-run",
                      "Read the dataflows, print the requests as JSON, and delete nothing"},
                     {Flag::no_recover, "--no-recover",
                      "After a lost response, do not check whether it is gone"}},
        .settings = with_common({Setting::dataflow_name}),
        .formats = {Format::text, Format::json, Format::id},
        .operands = {.most = 10'000, .offers = {Offers::dataflow_ids}},
        .participle = "deleted",
        .run = delete_dataflows,
    };
}

}  // namespace bqconn::commands
