#include "commands/deletion.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "bqconn/connection/access.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/flow/change.hpp"
#include "bqconn/json/parse.hpp"
#include "commands/preview.hpp"

namespace bqconn::commands {
namespace {

// "this connection", "these 3 objects"
std::string words_of(std::size_t count, const Deletion& first) {
    const std::string noun = !first.part  ? "connection"
                             : count == 1 ? std::string(dataflow::name_of(*first.part))
                                          : "object";
    return count == 1 ? "this " + noun : "these " + std::to_string(count) + " " + noun + "s";
}

// False if the answer is no.
bool ask(Context& context, const std::string& what) {
    if (!context.console.can_ask()) {
        throw Error(ExitCode::usage, "usage.needs_yes",
                    "cannot ask for confirmation without a terminal; nothing was deleted",
                    "use --yes to delete without confirmation");
    }
    const bool confirmed = context.console.confirm("Delete " + what + "?");
    if (!confirmed && !context.clock.pause(std::chrono::milliseconds(0))) {
        throw Error(ExitCode::usage, code::interrupted, "interrupted; nothing was deleted");
    }
    return confirmed;
}

std::string_view outcome_of(const Deletion& one) {
    return one.is_unknown() ? "unknown"
           : one.error      ? "failed"
           : one.outcome    ? name_of(*one.outcome)
                            : "kept";
}

std::string line_of(const Deletion& one) {
    const std::string result = one.is_unknown()    ? "May or may not have been deleted: "
                               : !one.kept.empty() ? "Kept "
                               : one.error         ? "Not deleted: "
                               : !one.outcome      ? "Not deleted: "
                               : *one.outcome == flow::Outcome::absent ? "Not found: "
                                                                       : "Deleted ";
    return result + one.words() + (one.kept.empty() ? "" : ": " + one.kept) + "\n";
}

json::OrderedJson document_of(const Deletion& one) {
    json::OrderedJson document = json::OrderedJson::object();
    if (one.part) {
        document["kind"] = dataflow::name_of(*one.part);
    }
    document["id"] = one.id;
    document["name"] = one.name;
    document["outcome"] = outcome_of(one);
    if (!one.kept.empty()) {
        document["reason"] = one.kept;
    }
    if (one.error) {
        document["error"] = output::to_json(*one.error);
    }
    return document;
}

std::string rendered(const Deletions& deletions, Format format) {
    std::string text;
    auto array = json::OrderedJson::array();
    for (const auto& one : deletions) {
        if (format == Format::id && one.outcome && !one.id.empty()) {
            text += one.id + "\n";
        } else if (format == Format::text) {
            text += line_of(one);
        }
        array.push_back(document_of(one));
    }
    return format == Format::json ? json::to_line(array) + "\n" : text;
}

// The requests that would be sent, as JSON.
std::string requests_of(const connection::Access& access, const Deletions& deletions) {
    std::vector<flow::Call> calls;
    for (const auto& one : deletions) {
        if (one.is_open()) {
            calls.push_back(one.part ? dataflow::remove_call(*one.part, one.id)
                                     : flow::remove_call(one.id));
        }
    }
    return requests_json(access, calls);
}

// What to do about those that are not known to be deleted.
std::string next_step(const Deletions& deletions, bool unknown) {
    const auto left = std::find_if(deletions.begin(), deletions.end(), [](const Deletion& one) {
        return one.error && one.part && *one.part != dataflow::Part::flow && !one.name.empty();
    });
    if (left != deletions.end()) {
        return "fix the causes, then delete the remaining objects: bqconn dataflow delete "
               "--leftovers --name " +
               shell_quoted(left->name);
    }
    const bool of_dataflows = deletions.front().part.has_value();
    return unknown ? std::string("check which still exist (bqconn ") +
                         (of_dataflows ? "dataflow " : "") +
                         "get ID), then delete those again with --if-exists"
                   : "fix the causes, then delete these again";
}

// Prints `result` unless every object failed, and throws Error if any did. If a single one was to
// be deleted, it throws that one's own error.
void report(output::Console& console, const Deletions& deletions, const std::string& result) {
    std::size_t failed = 0;
    std::size_t wanted = 0;
    bool attempted = false;
    std::string errors;
    std::string outcomes;
    std::string kept;
    const Error* worst = nullptr;  // unknown, then refused, then absent
    bool unknown = false;
    for (const auto& one : deletions) {
        outcomes += "\n  " + one.words() + "  " + std::string(outcome_of(one));
        attempted = attempted || one.outcome || one.is_unknown();
        if (one.kept.empty()) {
            ++wanted;
        } else {
            kept += "\n  " + one.words() + ": kept: " + one.kept;
        }
        if (one.error) {
            ++failed;
            errors += "\n  " + one.words() + ": " + one.error->message();
            if (worst == nullptr || (one.is_unknown() && !unknown) ||
                (!unknown && worst->exit_code() == ExitCode::not_found)) {
                worst = &*one.error;
            }
            unknown = unknown || one.is_unknown();
        }
    }
    if (failed > 0 && failed == wanted) {
        const std::string noun = deletions.front().part ? "objects" : "connections";
        const std::string all =
            failed == 1 ? worst->message()
                        : "none of the " + std::to_string(failed) + " " + noun +
                              (unknown ? " is confirmed to be deleted:" : " was deleted:") + errors;
        throw Error(worst->exit_code(), worst->code(), all + kept, worst->hint())
            .answered_as(*worst);
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
                    std::to_string(failed) + " of " + std::to_string(wanted) +
                        (unknown     ? " may not have been deleted:"
                         : attempted ? " were not deleted:"
                                     : " cannot be deleted:") +
                        errors + kept,
                    next_step(deletions, unknown));
    }
}

// False if the run was interrupted.
bool attempt(const DeleteOne& delete_one, Deletion& one) {
    try {
        one.outcome = delete_one(one);
    } catch (const flow::OutcomeUnknown& lost) {
        one.error = lost;
        return !lost.interrupted();
    } catch (const Error& error) {
        one.error = error;
        return error.code() != code::interrupted;
    }
    return true;
}

}  // namespace

std::string Deletion::words() const {
    const std::string label = id.empty() ? "\"" + inert_line(name) + "\"" : id;
    return part         ? std::string(dataflow::name_of(*part)) + " " + label
           : id.empty() ? inert_line(name)
                        : id;
}

void delete_all(Context& context, const Task& task, flow::FlowService& service,
                Deletions& deletions, const DeleteOne& delete_one) {
    if (task.has(Flag::dry_run)) {
        report(context.console, deletions, requests_of(service.access(), deletions));
        return;
    }
    const auto is_open = [](const Deletion& one) { return one.is_open(); };
    const auto first = std::find_if(deletions.begin(), deletions.end(), is_open);
    const auto open =
        static_cast<std::size_t>(std::count_if(deletions.begin(), deletions.end(), is_open));
    if (open > 0 && !task.has(Flag::yes) && !ask(context, words_of(open, *first))) {
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
                                 std::to_string(open));
        if (stopped) {
            one.error =
                Error(ExitCode::partial, code::interrupted, "interrupted before it was deleted");
        } else {
            stopped = !attempt(delete_one, one);
        }
    }
    report(context.console, deletions, rendered(deletions, task.format));
}

}  // namespace bqconn::commands
