#include "bqconn/cli/verbs.hpp"

#include <algorithm>
#include <array>

#include "bqconn/core/text.hpp"
#include "cli/verb_tables.hpp"

namespace bqconn::cli {
namespace {

using config::Setting;

constexpr auto common = std::to_array<Switch>({
    {"--verbose", "-v", "Log each request on stderr: method, URL, status, time; never a secret"},
    {"--quiet", "-q", "No warnings on stderr"},
    {"--no-color", "", "No colours (also: NO_COLOR in the environment)"},
    {"--help", "-h", "Show this help"},
});

constexpr auto general = std::to_array<Switch>({
    {"--help", "-h", "Show this help; bqconn VERB --help shows the help of a verb"},
    {"--version", "-V", "Show the version"},
});

constexpr auto groups = std::to_array<VerbGroup>({
    {"auth", "Get credentials and show which are in use"},
});

}  // namespace

std::vector<Setting> with_common(std::vector<Setting> settings) {
    settings.insert(settings.end(), {Setting::access_token,
                                     Setting::api_key,
                                     Setting::api_secret,
                                     Setting::scopes,
                                     Setting::no_cache,
                                     Setting::org_id,
                                     Setting::sandbox_name,
                                     Setting::credentials,
                                     Setting::env_file,
                                     Setting::profile,
                                     Setting::allow_insecure_files,
                                     Setting::platform_url,
                                     Setting::ims_url,
                                     Setting::ca_file,
                                     Setting::connect_timeout,
                                     Setting::timeout,
                                     Setting::output,
                                     Setting::pager,
                                     Setting::log,
                                     Setting::log_file});
    return settings;
}

std::span<const Verb> verbs() {
    static const std::array table{
        check_verb(),       create_verb(),     list_verb(),        get_verb(),
        test_verb(),        explore_verb(),    update_verb(),      delete_verb(),
        sandboxes_verb(),   init_verb(),       auth_google_verb(), auth_token_verb(),
        auth_status_verb(), auth_clear_verb(), config_verb(),      completion_verb(),
    };
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

std::span<const Switch> common_switches() {
    return common;
}

std::span<const Switch> general_switches() {
    return general;
}

}  // namespace bqconn::cli
