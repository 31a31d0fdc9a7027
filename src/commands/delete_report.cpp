#include "commands/delete_report.hpp"

#include <algorithm>

#include "bqconn/core/inert.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::commands {
namespace {

json::OrderedJson to_json(const Deletion& one) {
    json::OrderedJson object = {{"id", one.id}, {"name", one.name}, {"outcome", one.outcome}};
    if (one.error) {
        object["error"] = {{"code", one.error->code()},
                           {"message", one.error->message()},
                           {"exitCode", static_cast<int>(one.error->exit_code())}};
    }
    return object;
}

std::string rendered(const std::vector<Deletion>& deletions, output::Format format) {
    std::string text;
    auto array = json::OrderedJson::array();
    for (const auto& one : deletions) {
        const bool gone = !one.error;
        if (format == output::Format::id && gone && !one.id.empty()) {
            text += one.id + "\n";
        } else if (format == output::Format::text) {
            text += (one.outcome == "absent"    ? "Not found: "
                     : gone                     ? "Deleted "
                     : one.outcome == "unknown" ? "May or may not be deleted: "
                                                : "Not deleted: ") +
                    (one.id.empty() ? inert_line(one.name) : one.id) + "\n";
        }
        array.push_back(to_json(one));
    }
    return format == output::Format::json ? json::to_line(array) + "\n" : text;
}

std::string lines_of_errors(const std::vector<Deletion>& deletions) {
    std::string lines;
    for (const auto& one : deletions) {
        if (one.error) {
            lines += "\n  " + one.id + ": " + one.error->message();
        }
    }
    return lines;
}

// An unknown outcome outranks a failure.
Error all_failed(const std::vector<Deletion>& deletions) {
    const Error* worst = &*deletions.front().error;
    for (const auto& one : deletions) {
        if (one.error->exit_code() == ExitCode::unknown &&
            worst->exit_code() != ExitCode::unknown) {
            worst = &*one.error;
        }
    }
    return {worst->exit_code(), worst->code(),
            "none of the " + std::to_string(deletions.size()) +
                " connections is known to be deleted:" + lines_of_errors(deletions),
            worst->hint()};
}

}  // namespace

void report_deletions(output::Console& console, const std::vector<Deletion>& deletions,
                      output::Format format) {
    std::size_t failed = 0;
    const Error* first = nullptr;
    for (const auto& one : deletions) {
        if (one.error) {
            ++failed;
            first = first == nullptr ? &*one.error : first;
        }
    }
    if (failed == deletions.size() && first != nullptr) {
        throw deletions.size() == 1 ? *first : all_failed(deletions);
    }
    try {
        console.result(rendered(deletions, format));
    } catch (const Error& error) {
        std::string lines;
        for (const auto& one : deletions) {
            lines += "\n  " + one.id + "  " + one.outcome;
        }
        throw Error(error.exit_code(), error.code(),
                    "the delete was done, but " + error.message() + ":" + lines, error.hint());
    }
    if (first == nullptr) {
        return;
    }
    const bool unknown = std::any_of(deletions.begin(), deletions.end(),
                                     [](const auto& one) { return one.outcome == "unknown"; });
    const std::string count = std::to_string(failed) + " of " + std::to_string(deletions.size());
    throw Error(ExitCode::partial, "partial.delete",
                count + (unknown ? " are not known to be deleted:" : " were not deleted:") +
                    lines_of_errors(deletions),
                unknown ? "check which still exist (bqconn get ID), then delete those again with "
                          "--if-exists"
                        : "fix the causes, then delete these again");
}

}  // namespace bqconn::commands
