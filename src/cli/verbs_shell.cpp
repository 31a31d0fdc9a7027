// The verb for shell completion.
#include "bqconn/commands/completion.hpp"
#include "cli/verb_tables.hpp"

namespace bqconn::cli {

using config::Offers;

Verb completion_verb() {
    return {
        "completion",
        "Print the completion script for a shell",
        "completion (bash | zsh | fish)",
        "Prints the completion script for a shell. With it, the tab key completes verbs, flags and "
        "their values, file names and profiles. If Adobe can be reached with the current settings, "
        "it also completes connection ids and names, tables and sandboxes; it requests these when "
        "you press tab, takes less than a second, and prints nothing if it fails.",
        "  # bash: for this shell; for all shells, add this line to ~/.bashrc\n"
        "  source <(bqconn completion bash)\n\n"
        "  # zsh: a folder of $fpath, where compinit finds it\n"
        "  mkdir -p ~/.zfunc\n"
        "  bqconn completion zsh >~/.zfunc/_bqconn\n\n"
        "  # fish: where fish finds it\n"
        "  mkdir -p ~/.config/fish/completions\n"
        "  bqconn completion fish >~/.config/fish/completions/bqconn.fish",
        {},
        {},
        {},
        {1, {Offers::words}, commands::shells},
        "",
        commands::completion,
    };
}

}  // namespace bqconn::cli
