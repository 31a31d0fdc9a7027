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

struct Shown {
    std::string value;
    std::string source;  // empty: not set and no default
};

Shown shown(const config::Settings& settings, const SettingSpec& spec) {
    if (settings.has(spec.setting)) {
        return {spec.takes == config::Takes::secret ? std::string(redacted_text)
                                                    : settings.text(spec.setting),
                describe(settings.source(spec.setting))};
    }
    const auto value = config::default_of(spec.setting);
    return value.empty() ? Shown{} : Shown{std::string(value), describe(config::Source{})};
}

// The flag without dashes ("project"), or else the variable in lower case ("pager").
std::string name_of(const SettingSpec& spec) {
    return spec.flag.empty() ? to_lower_ascii(spec.variable.substr(config::variable_prefix.size()))
                             : std::string(spec.flag.substr(2));
}

json::OrderedJson text_or_null(std::string_view text) {
    return text.empty() ? json::OrderedJson() : json::OrderedJson(std::string(text));
}

std::string as_json(const config::Settings& settings) {
    auto array = json::OrderedJson::array();
    for (const auto& spec : config::all_settings()) {
        const Shown one = shown(settings, spec);
        array.push_back({{"setting", name_of(spec)},
                         {"variable", text_or_null(spec.variable)},
                         {"value", text_or_null(one.value)},
                         {"source", text_or_null(one.source)}});
    }
    return json::to_line(array) + "\n";
}

std::string as_text(const config::Settings& settings, const output::Style& style) {
    std::vector<output::Row> rows;
    for (const auto& spec : config::all_settings()) {
        const Shown one = shown(settings, spec);
        rows.push_back({std::string(spec.flag.empty() ? spec.variable : spec.flag),
                        one.value.empty() ? "-" : one.value,
                        one.source.empty() ? "not set" : one.source});
    }
    return output::table({{"SETTING"}, {"VALUE", true}, {"FROM", true}}, rows, style);
}

void show_config(Context& context, const Task& task) {
    if (task.format == Format::text) {
        context.console.page(as_text(task.settings, context.console.style()));
    } else {
        context.console.result(as_json(task.settings));
    }
}

}  // namespace

Verb config_verb() {
    std::vector<config::Setting> settings;
    for (const auto& spec : config::all_settings()) {
        settings.push_back(spec.setting);
    }
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
        .settings = std::move(settings),
        .formats = {Format::text, Format::json},
        .run = show_config,
    };
}

}  // namespace bqconn::commands
