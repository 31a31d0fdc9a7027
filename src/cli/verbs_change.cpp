// The verbs that change connections.
#include "bqconn/commands/verbs.hpp"
#include "cli/verb_tables.hpp"

namespace bqconn::cli {

using config::Offers;
using config::Setting;
using output::Format;

Verb create_verb() {
    return {
        "create",
        "Create a base connection to Google BigQuery",
        "create [flags]",
        "Creates a base connection to Google BigQuery in a sandbox of Adobe Experience Platform "
        "and prints its id and etag. The request is applied at most once. If the response is lost, "
        "bqconn looks for the connection by name; if it cannot tell whether it was created, the "
        "exit code is 10.\n\n"
        "The authentication type follows from the settings: --client-id, --client-secret and "
        "--refresh-token select Basic Authentication; --key-file selects Service Authentication; "
        "--key-file with --dataset selects Service Authentication for an organisation on AWS.\n\n"
        "Each setting is taken from its flag, its variable (in brackets) or a file, in this order. "
        "Do not type secrets on the command line: use @FILE to read one from a file, - to read it "
        "from standard input, or set the variable whose name ends in _FILE to the file's path.",
        "  # With the settings in a profile or in the environment\n"
        "  bqconn create\n\n"
        "  # With a Google OAuth client and a refresh token, secrets read from files\n"
        "  bqconn create --sandbox prod --project my-project-123 \\\n"
        "      --client-id ID --client-secret @client-secret.txt --refresh-token "
        "@refresh-token.txt\n\n"
        "  # With a service-account key and an Adobe credential file\n"
        "  bqconn create --sandbox prod --key-file key.json --credentials adobe.json\n\n"
        "  # Show the request without sending it\n"
        "  bqconn create --project my-project-123 --key-file key.json --dry-run\n\n"
        "  # Safe to repeat: reuse an existing connection (CI)\n"
        "  bqconn create --if-exists reuse\n\n"
        "  # Create it and test it\n"
        "  bqconn create --test\n\n"
        "  # In a script\n"
        "  id=$(bqconn create -o id)\n"
        "  bqconn create | jq -r .id",
        {{"--check", "", "Run the checks of bqconn check first; create nothing if one fails"},
         {"--test", "", "Test the new connection; if the test fails, delete it (exit code 5)"},
         {"--keep-on-failure", "", "With --test: keep the connection if the test fails"},
         {"--dry-run", "", "Print the request as JSON, secrets redacted, and send nothing"},
         {"--print-curl", "", "Print the request as a shell script with curl, and send nothing"},
         {"--no-recover", "", "After a lost response, do not look for the connection by name"}},
        with_common({Setting::project, Setting::client_id, Setting::client_secret,
                     Setting::refresh_token, Setting::key_file, Setting::large_results_dataset,
                     Setting::dataset, Setting::name, Setting::description, Setting::if_exists,
                     Setting::google_token_url, Setting::bigquery_url}),
        {Format::text, Format::json, Format::id, Format::etag, Format::env},
        {},
        "created",
        commands::create,
        true,
    };
}

Verb update_verb() {
    return {
        "update",
        "Change the name, description or credentials of a connection",
        "update (ID | --name NAME) [flags]",
        "Changes a connection, unless it has changed since it was read (exit code 7). bqconn reads "
        "it first; --if-match pins a version that a script read earlier.\n\n"
        "Credentials are replaced as a whole, and only if you give one of them as a flag or use "
        "--rotate; credentials in the environment or a profile alone are not sent. The "
        "authentication type cannot change.\n\n"
        "With an ID, --name is the new name. Without one, --name selects the connection, and "
        "--new-name renames it.",
        "  # Set a new description\n"
        "  bqconn update --name Warehouse --description \"Read by the nightly load\"\n\n"
        "  # Credentials were rotated at Google: send the new ones and test them\n"
        "  bqconn update --name Warehouse --rotate --test\n\n"
        "  # Only if nobody has changed it since\n"
        "  etag=$(bqconn get --name Warehouse -o etag)\n"
        "  bqconn update --name Warehouse --new-name \"Warehouse EU\" --if-match \"$etag\"",
        {{"--check", "", "Run the checks of bqconn check first; change nothing if one fails"},
         {"--rotate", "", "Replace the credentials with those in the settings, from any source"},
         {"--test", "", "Test the connection afterwards (exit code 5 if the test fails)"}},
        with_common({Setting::project, Setting::client_id, Setting::client_secret,
                     Setting::refresh_token, Setting::key_file, Setting::large_results_dataset,
                     Setting::dataset, Setting::name, Setting::new_name, Setting::description,
                     Setting::if_match, Setting::google_token_url, Setting::bigquery_url}),
        {Format::text, Format::json, Format::id, Format::etag, Format::env},
        {1, {Offers::connection_ids}},
        "changed",
        commands::update,
    };
}

Verb delete_verb() {
    constexpr std::size_t most = 10'000;
    return {
        "delete",
        "Delete connections",
        "delete (ID... | --name NAME) [flags]",
        "Deletes connections. First shows the name and the dependants of each; a connection used "
        "by dataflows is not deleted (exit code 7). Asks for confirmation on a terminal; elsewhere "
        "--yes is required. If only some were deleted, the exit code is 11 and the result lists "
        "each.",
        "  # Delete one without being asked\n"
        "  bqconn delete --name Warehouse --yes\n\n"
        "  # In a script, safe to repeat: a missing connection is not an error\n"
        "  id=$(bqconn list --name Warehouse -o id)\n"
        "  bqconn delete \"$id\" --yes --if-exists\n"
        "  bqconn delete \"$id\" --yes --if-exists",
        {{"--yes", "-y", "Do not ask for confirmation"},
         {"--if-exists", "", "Do not fail if the connection does not exist"},
         {"--no-recover", "", "After a lost response, do not check whether it is gone"}},
        with_common({Setting::name}),
        {Format::text, Format::json, Format::id},
        {most, {Offers::connection_ids}},
        "deleted",
        commands::remove,
    };
}

}  // namespace bqconn::cli
