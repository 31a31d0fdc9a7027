// bqconn config: every setting, its value and where it comes from. No call is made.
#include <string>
#include <utility>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/config/settings.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/output/table.hpp"

namespace bqconn::commands {
namespace {

using config::SettingSpec;

// The flag without dashes ("project"), or else the variable in lower case ("pager").
std::string name_of(const SettingSpec& spec) {
    return spec.flag.empty() ? to_lower_ascii(spec.variable.substr(config::variable_prefix.size()))
                             : std::string(spec.flag.substr(2));
}

// Those of a dataflow belong to a single command.
std::vector<Setting> shown_settings() {
    std::vector<Setting> shown;
    for (const auto& spec : config::all_settings()) {
        if (spec.group != config::Group::dataflow) {
            shown.push_back(spec.setting);
        }
    }
    return shown;
}

std::string as_json(const config::Settings& settings) {
    auto array = json::OrderedJson::array();
    for (const Setting setting : shown_settings()) {
        const SettingSpec& spec = config::spec_of(setting);
        const auto [value, source] = settings.shown(setting);
        array.push_back({{"setting", name_of(spec)},
                         {"variable", json::text_or_null(spec.variable)},
                         {"value", json::text_or_null(value)},
                         {"source", json::text_or_null(source)}});
    }
    return json::to_line(array) + "\n";
}

std::string as_text(const config::Settings& settings, const output::Style& style) {
    std::vector<output::Row> rows;
    for (const Setting setting : shown_settings()) {
        const SettingSpec& spec = config::spec_of(setting);
        const auto [value, source] = settings.shown(setting);
        rows.push_back({std::string(spec.flag.empty() ? spec.variable : spec.flag),
                        value.empty() ? "-" : value, source.empty() ? "not set" : source});
    }
    return output::table({{"SETTING"}, {"VALUE", true}, {"FROM", true}}, rows, style);
}

void show_config(Context& context, const Task& task) {
    context.console.show(task.format, task.format == Format::json
                                          ? as_json(task.settings)
                                          : as_text(task.settings, context.console.style()));
}

}  // namespace

Verb config_verb() {
    return {
        .name = "config",
        .summary = "Show every setting, its value and where it comes from",
        .usage = "config [flags]",
        .description =
            "Lists every setting with its value and where the value comes from: a flag, a "
            "variable, a line of a file, or the default. Secrets are shown as [redacted]. Any "
            "setting can be given as a flag, to see which one wins. No call is made.",
        .examples =
            "  # Show all settings\n"
            "  bqconn config\n\n"
            "  # List what is set, in a script\n"
            "  bqconn config -o json | jq -r '.[] | select(.source) | \"\\(.setting): "
            "\\(.source)\"'",
        .settings = shown_settings(),
        .formats = {Format::text, Format::json},
        .run = show_config,
    };
}

}  // namespace bqconn::commands
