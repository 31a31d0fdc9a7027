#include "bqconn/commands/verb.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "bqconn/core/text.hpp"

// Every verb, in the order of the help. Each NAME_verb() is in src/commands/NAME.cpp.
// clang-format off
#define BQCONN_VERBS(verb) \
    verb(check) verb(create) verb(list) verb(get) verb(test) verb(explore) verb(update) verb(delete) \
    verb(datasets) verb(schemas) \
    verb(dataflow_create) verb(dataflow_list) verb(dataflow_get) verb(dataflow_runs) verb(dataflow_why) \
    verb(dataflow_enable) verb(dataflow_disable) verb(dataflow_update) verb(dataflow_run) verb(dataflow_retry) \
    verb(dataflow_delete) \
    verb(diff) verb(apply) verb(export) \
    verb(sandboxes) verb(init) verb(auth_google) verb(auth_token) verb(auth_status) verb(auth_clear) \
    verb(config) verb(completion)
// clang-format on

namespace bqconn::commands {

#define BQCONN_DECLARE(name) Verb name##_verb();
BQCONN_VERBS(BQCONN_DECLARE)
#undef BQCONN_DECLARE

namespace {

using config::Group;

constexpr auto groups = std::to_array<VerbGroup>({
    {"auth", "Get credentials and show which are in use"},
    {"dataflow", "Copy tables into datasets of Experience Platform"},
});

// The value of a setting, which has been checked; the largest number if it is not set.
std::size_t number_of(const config::Settings& settings, Setting setting) {
    std::size_t number = SIZE_MAX;
    const std::string text = settings.text_or_default(setting);
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace

std::size_t Task::limit() const {
    return number_of(settings, Setting::limit);
}

std::size_t Task::parallel() const {
    return number_of(settings, Setting::parallel);
}

std::vector<Setting> with_google(std::vector<Setting> settings) {
    for (const auto& spec : config::all_settings()) {
        if (spec.group == Group::google || spec.setting == Setting::google_token_url ||
            spec.setting == Setting::bigquery_url) {
            settings.push_back(spec.setting);
        }
    }
    return settings;
}

std::vector<Setting> with_common(const std::vector<Setting>& added,
                                 const std::vector<Setting>& removed) {
    const auto is_in = [](const std::vector<Setting>& list, Setting setting) {
        return std::find(list.begin(), list.end(), setting) != list.end();
    };
    const auto of_google = with_google({Setting::google_auth_url});
    std::vector<Setting> settings;
    for (const auto& spec : config::all_settings()) {
        const bool is_common = spec.group != Group::connection && spec.group != Group::dataflow &&
                               spec.group != Group::manifest && !is_in(of_google, spec.setting);
        if ((is_common || is_in(added, spec.setting)) && !is_in(removed, spec.setting)) {
            settings.push_back(spec.setting);
        }
    }
    return settings;
}

std::vector<Setting> accepted_settings(const Verb& verb) {
    std::vector<Setting> settings = verb.settings;
    const auto has = [&settings](Setting setting) {
        return std::find(settings.begin(), settings.end(), setting) != settings.end();
    };
    const bool calls_adobe = has(Setting::ims_url);
    for (const auto& spec : config::all_settings()) {
        const bool sets_access = spec.group == Group::adobe || spec.group == Group::files ||
                                 spec.group == Group::network;
        if (calls_adobe && sets_access && !has(spec.setting)) {
            settings.push_back(spec.setting);
        }
    }
    return settings;
}

std::span<const Verb> verbs() {
#define BQCONN_MAKE(name) name##_verb(),
    static const std::array table{BQCONN_VERBS(BQCONN_MAKE)};
#undef BQCONN_MAKE
    return table;
}

NamedVerb find_verb(std::span<const std::string> words) {
    for (const auto& verb : verbs()) {
        const auto name = split(verb.name, ' ');
        if (name.size() <= words.size() && std::equal(name.begin(), name.end(), words.begin())) {
            return {&verb, name.size()};
        }
    }
    return {};
}

const VerbGroup* find_group(std::string_view word) {
    const auto* const found = std::find_if(
        groups.begin(), groups.end(), [word](const VerbGroup& one) { return one.name == word; });
    return found == groups.end() ? nullptr : found;
}

std::string_view group_of(const Verb& verb) {
    const auto space = verb.name.find(' ');
    return space == std::string_view::npos ? std::string_view{} : verb.name.substr(0, space);
}

std::string formats_of(const Verb& verb) {
    std::string words = "auto";
    for (const Format format : verb.formats) {
        words += ", " + std::string(output::name_of(format));
    }
    return words;
}

}  // namespace bqconn::commands
