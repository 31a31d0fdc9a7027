#include "bqconn/commands/completion.hpp"

#include <algorithm>
#include <string>

#include "bqconn/completion_scripts.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::commands {
namespace {

static_assert(shells.size() == completion_scripts.size());

std::string choice() {
    std::string words;
    for (const auto shell : shells) {
        words += (words.empty() ? "" : ", ") + std::string(shell);
    }
    return words;
}

}  // namespace

void completion(Context& context, const Task& task) {
    if (task.operands.empty()) {
        throw Error(ExitCode::usage, "usage.missing_value", "no shell given",
                    "use one of: " + choice());
    }
    const std::string& wanted = task.operands.front();
    const auto shell = std::find(shells.begin(), shells.end(), wanted);
    if (shell == shells.end()) {
        const auto meant = nearest(wanted, shells);
        throw Error(ExitCode::usage, "usage.invalid_value", "the shell must be one of: " + choice(),
                    meant ? "did you mean \"bqconn completion " + *meant + "\"?"
                          : "other shells are not supported");
    }
    context.console.result(completion_scripts.at(static_cast<std::size_t>(shell - shells.begin())));
}

}  // namespace bqconn::commands
