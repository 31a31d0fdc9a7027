// bqconn completion: prints the completion script of a shell.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "bqconn/commands/verb.hpp"
#include "bqconn/completion_scripts.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::commands {
namespace {

constexpr auto shells = std::to_array<std::string_view>({"bash", "zsh", "fish"});
static_assert(shells.size() == completion_scripts.size());

void completion(Context& context, const Task& task) {
    const std::string choice = join(shells, ", ");
    if (task.operands.empty()) {
        throw Error(ExitCode::usage, "usage.missing_value", "no shell specified",
                    "specify one of: " + choice);
    }
    const std::string& wanted = task.operands.front();
    const auto shell = std::find(shells.begin(), shells.end(), wanted);
    if (shell == shells.end()) {
        const auto meant = nearest(wanted, shells);
        throw Error(ExitCode::usage, "usage.invalid_value", "the shell must be one of: " + choice,
                    meant ? "did you mean \"bqconn completion " + *meant + "\"?"
                          : "other shells are not supported");
    }
    context.console.result(completion_scripts.at(static_cast<std::size_t>(shell - shells.begin())));
}

}  // namespace

Verb completion_verb() {
    return {
        .name = "completion",
        .summary = "Print the completion script for a shell",
        .usage = "completion (bash | zsh | fish)",
        .description =
            "Prints the completion script for a shell. With it, the tab key completes verbs, flags "
            "and their values, file names and profiles. If the settings allow calls to Adobe, it "
            "also completes connection IDs and names, tables and sandboxes: it asks for them when "
            "you press tab, takes less than a second, and offers nothing if that fails.",
        .examples =
            "  # bash: for this shell; for all shells, add this line to ~/.bashrc\n"
            "  source <(bqconn completion bash)\n\n"
            "  # zsh: a folder of $fpath, where compinit finds it\n"
            "  mkdir -p ~/.zfunc\n"
            "  bqconn completion zsh >~/.zfunc/_bqconn\n\n"
            "  # fish: where fish finds it\n"
            "  mkdir -p ~/.config/fish/completions\n"
            "  bqconn completion fish >~/.config/fish/completions/bqconn.fish",
        .operands = {.most = 1, .offers = {Offers::words}, .words = shells},
        .run = completion,
    };
}

}  // namespace bqconn::commands
