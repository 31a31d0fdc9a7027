// The verbs that deal with settings and call nobody.
#include "bqconn/commands/verbs.hpp"
#include "cli/verb_tables.hpp"

namespace bqconn::cli {

using config::Setting;
using output::Format;

Verb config_verb() {
    std::vector<Setting> settings;
    for (const auto& spec : config::all_settings()) {
        settings.push_back(spec.setting);
    }
    return {
        "config",
        "Show every setting, its value and where it comes from",
        "config [flags]",
        "Lists every setting that bqconn knows, with its value and where that comes from: a flag, "
        "a variable, a line of a file, or the default. A secret is shown as [redacted]. Any "
        "setting can be given as a flag, to see which one wins. No call is made.",
        "  # Which profile, which file, which variable?\n"
        "  bqconn config\n\n"
        "  # What is set, in a script\n"
        "  bqconn config -o json | jq -r '.[] | select(.source) | \"\\(.setting): \\(.source)\"'",
        {},
        std::move(settings),
        {Format::text, Format::json},
        {},
        "",
        commands::show_config,
    };
}

}  // namespace bqconn::cli
