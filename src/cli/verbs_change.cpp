// The verbs that change something.
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
        "  # Make it, and see that it works\n"
        "  bqconn create --test\n\n"
        "  # In a script\n"
        "  id=$(bqconn create -o id)\n"
        "  bqconn create | jq -r .id",
        {{"--check", "", "First do what bqconn check does; create nothing if a check fails"},
         {"--test", "",
          "Test the new connection; if it does not work, delete it again (exit code 5)"},
         {"--keep-on-failure", "", "With --test: keep the connection that does not work"},
         {"--dry-run", "", "Print the request as JSON, secrets redacted, and send nothing"},
         {"--print-curl", "", "Print the same call for a shell with curl, and send nothing"},
         {"--no-recover", "", "After a lost answer, do not look for the connection by its name"}},
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
        "Change the name, the description or the credentials of a connection",
        "update (ID | --name NAME) [flags]",
        "Changes a connection, if it is still the one that bqconn saw: --if-match pins the version "
        "that a script read earlier; otherwise it is the one that is there now. A connection that "
        "was changed meanwhile is left alone (exit code 7).\n\n"
        "Credentials are replaced as a whole, and only if one of them is typed as a flag or "
        "--rotate is given; those that merely stand in the environment or a profile change "
        "nothing. The kind of authentication stays as it is.\n\n"
        "With an ID, --name is the new name. Without one, --name says which connection is meant, "
        "and --new-name renames it.",
        "  # A new description\n"
        "  bqconn update --name Warehouse --description \"Read by the nightly load\"\n\n"
        "  # The credentials were rotated at Google: send the new ones, and see that they work\n"
        "  bqconn update --name Warehouse --rotate --test\n\n"
        "  # Only if nobody has changed it since\n"
        "  etag=$(bqconn get --name Warehouse -o etag)\n"
        "  bqconn update --name Warehouse --new-name \"Warehouse EU\" --if-match \"$etag\"",
        {{"--check", "", "First do what bqconn check does; change nothing if a check fails"},
         {"--rotate", "", "Replace the credentials by those of the settings, wherever they stand"},
         {"--test", "", "Test the connection afterwards (exit code 5 if it does not work)"}},
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
        "Deletes connections. Shows the name of each and what hangs on it first; refuses one that "
        "dataflows use (exit code 7). Asks on a terminal, and needs --yes where nobody can be "
        "asked. If some of several were not deleted, the exit code is 11 and the result says "
        "which.",
        "  # Look, answer the question\n"
        "  bqconn delete --name Warehouse --yes\n\n"
        "  # In a script, and again: what is gone already is fine\n"
        "  id=$(bqconn list --name Warehouse -o id)\n"
        "  bqconn delete \"$id\" --yes --if-exists\n"
        "  bqconn delete \"$id\" --yes --if-exists",
        {{"--yes", "-y", "Do not ask"},
         {"--if-exists", "", "A connection that is not there is fine"},
         {"--no-recover", "", "After a lost answer, do not look whether the connection is gone"}},
        with_common({Setting::name}),
        {Format::text, Format::json, Format::id},
        {most, {Offers::connection_ids}},
        "deleted",
        commands::remove,
    };
}

}  // namespace bqconn::cli
