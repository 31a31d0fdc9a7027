// The verbs for settings; they make no calls.
#include "bqconn/commands/verbs.hpp"
#include "cli/verb_tables.hpp"

namespace bqconn::cli {

using config::Setting;
using output::Format;

Verb init_verb() {
    Verb verb{
        "init",
        "Write a profile, so you need not repeat settings",
        "init [flags]",
        "Writes $XDG_CONFIG_HOME/bqconn/NAME.env (default: default.env), a profile that every verb "
        "reads, with a comment on each line and mode 0600. On a terminal it asks for missing "
        "settings and says where to find them; secrets are not shown while you type. Elsewhere it "
        "writes the settings it has and leaves the rest for you to fill in.\n\n"
        "Files given with --credentials are not copied: the profile refers to them. Other profiles "
        "are not read. No call is made.",
        "  # On a terminal: answer its questions\n"
        "  bqconn init\n\n"
        "  # From files you already have\n"
        "  bqconn init --profile prod --sandbox prod --credentials adobe.json --key-file key.json\n"
        "  bqconn list --profile prod",
        {{"--force", "", "Replace the profile if it exists, without asking"}},
        {Setting::project,
         Setting::client_id,
         Setting::client_secret,
         Setting::refresh_token,
         Setting::key_file,
         Setting::large_results_dataset,
         Setting::dataset,
         Setting::access_token,
         Setting::api_key,
         Setting::api_secret,
         Setting::scopes,
         Setting::org_id,
         Setting::sandbox_name,
         Setting::credentials,
         Setting::env_file,
         Setting::profile,
         Setting::allow_insecure_files,
         Setting::platform_url,
         Setting::ims_url,
         Setting::google_auth_url,
         Setting::google_token_url,
         Setting::bigquery_url,
         Setting::ca_file,
         Setting::output,
         Setting::log},
        {Format::text, Format::json},
        {},
        "",
        commands::init,
    };
    verb.profiles = config::Profiles::ignored;
    return verb;
}

Verb config_verb() {
    std::vector<Setting> settings;
    for (const auto& spec : config::all_settings()) {
        settings.push_back(spec.setting);
    }
    return {
        "config",
        "Show every setting, its value and where it comes from",
        "config [flags]",
        "Lists every setting with its value and where the value comes from: a flag, a variable, a "
        "line of a file, or the default. Secrets are shown as [redacted]. Any setting can be given "
        "as a flag, to see which one wins. No call is made.",
        "  # Show all settings\n"
        "  bqconn config\n\n"
        "  # List what is set, in a script\n"
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
