// The verbs that deal with settings and call nobody.
#include "bqconn/commands/verbs.hpp"
#include "cli/verb_tables.hpp"

namespace bqconn::cli {

using config::Setting;
using output::Format;

Verb init_verb() {
    Verb verb{
        "init",
        "Write a profile, so that settings need not be given again",
        "init [flags]",
        "Writes $XDG_CONFIG_HOME/bqconn/NAME.env (default: default.env), which every verb reads, "
        "with a comment at each line and for your eyes alone (mode 0600). On a terminal it asks "
        "for what is missing and says where to find it; secrets are not shown while they are "
        "typed. Elsewhere it writes what flags, variables and files give, and leaves the rest to "
        "be filled in.\n\n"
        "A file of --credentials stays where it is: the profile names it. Other profiles are not "
        "read. No call is made.",
        "  # On a terminal: question by question\n"
        "  bqconn init\n\n"
        "  # With the files that you have already\n"
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
