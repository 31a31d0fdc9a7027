// bqconn delete: shows what would go, asks, and reports on each.
#include <algorithm>
#include <optional>
#include <vector>

#include "bqconn/commands/verbs.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/flow/change.hpp"
#include "bqconn/flow/dependants.hpp"
#include "bqconn/json/parse.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using config::Setting;

// One of those that are to go.
struct Candidate {
    std::string id;
    std::string name;
    std::string outcome;  // "deleted", "absent", "recovered", "failed", "unknown"; empty so far
    std::optional<Error> error;  // where it failed
};

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

void refuse_used(const Candidate& one, const flow::Dependants& dependants) {
    if (!dependants.dataflows.empty()) {
        throw Error(
            ExitCode::conflict, "conflict.in_use",
            "the connection " + one.id + " is used by dataflows:" + names_of(dependants.dataflows) +
                "\nnothing of it was deleted",
            "delete these dataflows first, in Experience Platform under Sources, Dataflows");
    }
}

// Looks at one: its name, and whether it may go. What stands in the way is kept with it.
void look_at(Context& context, flow::FlowService& service, bool absent_is_fine, Candidate& one) {
    try {
        const flow::Connection found = read_target(service, one.id);
        one.name = found.name;
        refuse_other_source(found);
        const flow::Dependants dependants = flow::find_dependants(service, one.id);
        refuse_used(one, dependants);
        const std::size_t sources = dependants.source_connections.size();
        context.console.note("Connection " + one.id + " \"" + one.name +
                             "\": " + std::to_string(sources) +
                             (sources == 1 ? " source connection" : " source connections") +
                             " and no dataflow on it");
    } catch (const Error& error) {
        if (error.code() == "interrupted") {
            throw;
        }
        if (absent_is_fine && error.code() == "not_found.connection") {
            one.outcome = "absent";
            return;
        }
        one.outcome = "failed";
        one.error = error;
    }
}

// False if the run was stopped meanwhile.
bool remove_one(flow::FlowService& service, const Clock& clock, bool recover, Candidate& one) {
    try {
        one.outcome = name_of(flow::remove(service, one.id, clock, recover));
    } catch (const flow::OutcomeUnknown& lost) {
        one.outcome = "unknown";
        one.error = lost;
        return !lost.interrupted();
    } catch (const Error& error) {
        one.outcome = "failed";
        one.error = error;
        return error.code() != "interrupted";
    }
    return true;
}

void ask(Context& context, const Task& task, std::size_t count) {
    if (task.has("--yes")) {
        return;
    }
    if (!context.console.can_ask()) {
        throw Error(ExitCode::usage, "usage.needs_yes",
                    "nobody can be asked whether to delete; nothing was deleted",
                    "give --yes to delete without a question");
    }
    const std::string what = count == 1 ? "Delete this connection?"
                                        : "Delete these " + std::to_string(count) + " connections?";
    if (!context.console.confirm(what)) {
        throw Error(ExitCode::usage, "usage.not_confirmed", "nothing was deleted",
                    "answer y, or give --yes");
    }
}

json::OrderedJson to_json(const Candidate& one) {
    json::OrderedJson object = {{"id", one.id}, {"name", one.name}, {"outcome", one.outcome}};
    if (one.error) {
        object["error"] = {{"code", one.error->code()},
                           {"message", one.error->message()},
                           {"exitCode", static_cast<int>(one.error->exit_code())}};
    }
    return object;
}

std::string rendered(const std::vector<Candidate>& candidates, output::Format format) {
    std::string text;
    auto array = json::OrderedJson::array();
    for (const auto& one : candidates) {
        const bool gone = !one.error;
        if (format == output::Format::id && gone && !one.id.empty()) {
            text += one.id + "\n";
        } else if (format == output::Format::text) {
            text += (one.outcome == "absent"    ? "Not there: "
                     : gone                     ? "Deleted "
                     : one.outcome == "unknown" ? "Not known to be deleted: "
                                                : "Not deleted: ") +
                    (one.id.empty() ? inert_line(one.name) : one.id) + "\n";
        }
        array.push_back(to_json(one));
    }
    return format == output::Format::json ? json::to_line(array) + "\n" : text;
}

std::string lines_of_errors(const std::vector<Candidate>& candidates) {
    std::string lines;
    for (const auto& one : candidates) {
        if (one.error) {
            lines += "\n  " + one.id + ": " + one.error->message();
        }
    }
    return lines;
}

// What may have happened all the same weighs most.
Error all_failed(const std::vector<Candidate>& candidates) {
    const Error* worst = &*candidates.front().error;
    for (const auto& one : candidates) {
        if (one.error->exit_code() == ExitCode::unknown &&
            worst->exit_code() != ExitCode::unknown) {
            worst = &*one.error;
        }
    }
    return {worst->exit_code(), worst->code(),
            "none of " + std::to_string(candidates.size()) +
                " is known to be deleted:" + lines_of_errors(candidates),
            worst->hint()};
}

// One failure of one is that failure; of several it depends on whether anything was done.
void report(Context& context, const Task& task, const std::vector<Candidate>& candidates) {
    std::size_t failed = 0;
    const Error* first = nullptr;
    for (const auto& one : candidates) {
        if (one.error) {
            ++failed;
            first = first == nullptr ? &*one.error : first;
        }
    }
    if (failed == candidates.size() && first != nullptr) {
        throw candidates.size() == 1 ? *first : all_failed(candidates);
    }
    try {
        context.console.result(rendered(candidates, task.format));
    } catch (const Error& error) {
        std::string lines;
        for (const auto& one : candidates) {
            lines += "\n  " + one.id + "  " + one.outcome;
        }
        throw Error(error.exit_code(), error.code(),
                    "the work was done, but " + error.message() + ":" + lines, error.hint());
    }
    if (first == nullptr) {
        return;
    }
    const bool unknown = std::any_of(candidates.begin(), candidates.end(),
                                     [](const auto& one) { return one.outcome == "unknown"; });
    const std::string count = std::to_string(failed) + " of " + std::to_string(candidates.size());
    throw Error(
        ExitCode::partial, "partial.delete",
        count + (unknown ? " are not known to be deleted:" : " were not deleted:") +
            lines_of_errors(candidates),
        unknown ? "look which are there (bqconn get ID), then delete these again with --if-exists"
                : "mend what stands in the way, then delete these again");
}

std::vector<Candidate> candidates_of(flow::FlowService& service, const Task& task) {
    std::vector<Candidate> candidates;
    if (task.settings.has(Setting::name) || task.operands.empty()) {
        try {
            candidates.push_back({target_id(service, task), "", "", std::nullopt});
        } catch (const Error& error) {
            if (error.code() != "not_found.name" || !task.has("--if-exists")) {
                throw;
            }
            candidates.push_back({"", task.settings.text(Setting::name), "absent", std::nullopt});
        }
        return candidates;
    }
    for (const auto& id : task.operands) {
        const bool twice = std::any_of(candidates.begin(), candidates.end(),
                                       [&id](const Candidate& other) { return other.id == id; });
        if (!twice) {
            candidates.push_back({checked_id(id), "", "", std::nullopt});
        }
    }
    return candidates;
}

}  // namespace

void remove(Context& context, const Task& task) {
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    std::vector<Candidate> candidates = candidates_of(service, task);
    std::size_t open = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        context.console.progress("looking at " + std::to_string(i + 1) + " of " +
                                 std::to_string(candidates.size()));
        if (candidates[i].outcome.empty()) {
            look_at(context, service, task.has("--if-exists"), candidates[i]);
        }
        open += candidates[i].outcome.empty() ? 1 : 0;
    }
    if (open > 0) {
        ask(context, task, open);
    }
    std::size_t done = 0;
    bool stopped = false;
    for (auto& one : candidates) {
        if (!one.outcome.empty()) {
            continue;
        }
        context.console.progress("deleting " + std::to_string(++done) + " of " +
                                 std::to_string(open));
        if (stopped) {
            one.outcome = "failed";
            one.error = Error(ExitCode::partial, "interrupted", "stopped before it was deleted");
            continue;
        }
        stopped = !remove_one(service, context.clock, !task.has("--no-recover"), one);
    }
    report(context, task, candidates);
}

}  // namespace bqconn::commands
