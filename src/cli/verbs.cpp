#include "bqconn/cli/verbs.hpp"

#include <array>

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
    {"--help", "-h", "Show this help; bqconn VERB --help shows that of a verb"},
    {"--version", "-V", "Show the version"},
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
    static const std::array table{create_verb(), list_verb(),      get_verb(),
                                  test_verb(),   explore_verb(),   update_verb(),
                                  delete_verb(), sandboxes_verb(), completion_verb()};
    return table;
}

const Verb* find_verb(std::string_view name) {
    for (const auto& verb : verbs()) {
        if (verb.name == name) {
            return &verb;
        }
    }
    return nullptr;
}

std::span<const Switch> common_switches() {
    return common;
}

std::span<const Switch> general_switches() {
    return general;
}

}  // namespace bqconn::cli
