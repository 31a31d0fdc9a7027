#include "bqconn/cli/verbs.hpp"

#include <array>

namespace bqconn::cli {
namespace {

using config::Setting;

constexpr auto common = std::to_array<Switch>({
    {"--verbose", "-v", "Log each request on stderr: method, URL, status, time; never a secret"},
    {"--quiet", "-q", "No warnings on stderr"},
    {"--no-color", "", "No colours (also: NO_COLOR in the environment)"},
    {"--help", "-h", "Show this help"},
});

// The settings of one verb, and those of every verb that talks to Adobe.
std::vector<Setting> with_common(std::vector<Setting> settings) {
    settings.insert(
        settings.end(),
        {Setting::access_token, Setting::api_key, Setting::api_secret, Setting::scopes,
         Setting::org_id, Setting::sandbox_name, Setting::credentials, Setting::env_file,
         Setting::profile, Setting::allow_insecure_files, Setting::platform_url, Setting::ims_url,
         Setting::ca_file, Setting::connect_timeout, Setting::timeout, Setting::output,
         Setting::log, Setting::log_file});
    return settings;
}

Verb create_verb() {
    return {
        "create",
        "Create a base connection to Google BigQuery",
        "create [flags]",
        "Creates a base connection to Google BigQuery in a sandbox of Adobe Experience Platform "
        "and prints its id and "
        "etag. It is applied at most once. If its answer is lost, the connection is "
        "looked for by its name; if "
        "it cannot be told whether it was created, the exit code is 10.\n\n"
        "The kind of authentication follows from what is given: --client-id, --client-secret and "
        "--refresh-token make "
        "Basic Authentication; --key-file makes Service Authentication; --key-file with --dataset "
        "makes Service "
        "Authentication for an organisation on AWS.\n\n"
        "Each setting may come from its flag, from its variable (in brackets), or from a file; in "
        "this order. A secret "
        "is better not typed: give @FILE to read it from a file, - to read it from standard input, "
        "or set "
        "the variable with _FILE at its end to the file's path.",
        "  # With the settings in a profile or in the environment\n"
        "  bqconn create\n\n"
        "  # With an OAuth client and a refresh token of Google, read from a file\n"
        "  bqconn create --sandbox prod --project my-project-123 \\\n"
        "      --client-id ID --client-secret @client-secret.txt --refresh-token "
        "@refresh-token.txt\n\n"
        "  # With a service-account key and an Adobe credential file\n"
        "  bqconn create --sandbox prod --key-file key.json --credentials adobe.json\n\n"
        "  # Look at the request first; nothing is sent\n"
        "  bqconn create --project my-project-123 --key-file key.json --dry-run\n\n"
        "  # Run again and again without a second connection (CI)\n"
        "  bqconn create --if-exists reuse\n\n"
        "  # In a script\n"
        "  id=$(bqconn create -o id)\n"
        "  bqconn create | jq -r .id",
        {{"--dry-run", "", "Print the request as JSON, secrets redacted, and send nothing"},
         {"--print-curl", "", "Print the same call for a shell with curl, and send nothing"},
         {"--no-recover", "", "After a lost answer, do not look for the connection by its name"}},
        with_common({Setting::project, Setting::client_id, Setting::client_secret,
                     Setting::refresh_token, Setting::key_file, Setting::large_results_dataset,
                     Setting::dataset, Setting::name, Setting::description, Setting::if_exists}),
    };
}

Verb list_verb() {
    return {
        "list",
        "List the Google BigQuery base connections of a sandbox",
        "list [flags]",
        "Lists the Google BigQuery base connections of a sandbox, oldest first.",
        "  # All of them, as a table on a terminal and as a JSON array in a script\n"
        "  bqconn list\n\n"
        "  # Is there one of this name?\n"
        "  bqconn list --name \"Google BigQuery my-project-123\" -o id",
        {},
        with_common({Setting::name}),
    };
}

}  // namespace

std::span<const Verb> verbs() {
    static const std::array<Verb, 2> table{create_verb(), list_verb()};
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

}  // namespace bqconn::cli
