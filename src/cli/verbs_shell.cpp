// The verbs that serve the shell and call nobody.
#include "bqconn/commands/completion.hpp"
#include "cli/verb_tables.hpp"

namespace bqconn::cli {

using config::Offers;

Verb completion_verb() {
    return {
        "completion",
        "Print the script that completes bqconn in a shell",
        "completion (bash | zsh | fish)",
        "Prints a script for the shell. With it, the tab key completes verbs, flags and their "
        "values, file names and profiles; and where the settings at hand reach Adobe, the ids and "
        "names of connections, their tables, and sandboxes. These are asked for at that moment, "
        "for less than a second, without a word if it fails.",
        "  # bash: in this shell; for all of them, the same line in ~/.bashrc\n"
        "  source <(bqconn completion bash)\n\n"
        "  # zsh: into a folder of $fpath, from which compinit takes it\n"
        "  mkdir -p ~/.zfunc\n"
        "  bqconn completion zsh >~/.zfunc/_bqconn\n\n"
        "  # fish: it looks there by itself\n"
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
