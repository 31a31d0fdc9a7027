// The verbs that look and change nothing.
#include "bqconn/commands/verbs.hpp"
#include "cli/verb_tables.hpp"

namespace bqconn::cli {

using config::Offers;
using config::Setting;
using output::Format;

Verb check_verb() {
    Verb verb{
        "check",
        "Look whether a connection would work, before it is made",
        "check [flags]",
        "Looks at all that a connection needs, one line for each: settings and files; that the "
        "services are reached, and the clock; that Adobe gives an access token, knows the sandbox "
        "and may use the BigQuery source with these credentials; that Google takes the "
        "credentials, with both scopes, and that the project and the datasets answer. ✓ is good, "
        "! is odd, ✗ is to be mended, and - could not be looked at. Nothing is created or changed "
        "anywhere. The exit code is that of the worst ✗; the report stands on stdout in either "
        "case. A value or a file that cannot be read at all ends it before: then there is the "
        "error "
        "alone.",
        "  # All of it\n"
        "  bqconn check\n\n"
        "  # What can be told without a network\n"
        "  bqconn check --offline\n\n"
        "  # What is wrong, in a script\n"
        "  bqconn check -o json | jq -r '.checks[] | select(.verdict == \"failed\") | .code'",
        {{"--offline", "", "Look at settings and files alone"}},
        with_common({Setting::project, Setting::client_id, Setting::client_secret,
                     Setting::refresh_token, Setting::key_file, Setting::large_results_dataset,
                     Setting::dataset, Setting::google_token_url, Setting::bigquery_url}),
        {Format::text, Format::json},
        {},
        "",
        commands::check,
    };
    verb.has_warnings = true;
    return verb;
}

Verb list_verb() {
    return {
        "list",
        "List the Google BigQuery base connections of a sandbox",
        "list [flags]",
        "Lists the Google BigQuery base connections of a sandbox, all pages of them, oldest first. "
        "With -o ndjson (a JSON object on each line) and -o id each page is written as it comes; "
        "an error on a later page then leaves the lines that stand already.",
        "  # All of them, as a table on a terminal and as a JSON array in a script\n"
        "  bqconn list\n\n"
        "  # Is there one of this name?\n"
        "  bqconn list --name \"Google BigQuery my-project-123\" -o id\n\n"
        "  # Those that are not enabled, however many there are\n"
        "  bqconn list -o ndjson | jq -r 'select(.state != \"enabled\") | .name'\n\n"
        "  # The last five that were changed\n"
        "  bqconn list --sort=-updated --limit 5",
        {{"--all-sources", "", "Connections to other sources too"}},
        with_common({Setting::name, Setting::state, Setting::sort, Setting::limit}),
        {Format::text, Format::json, Format::ndjson, Format::id},
        {},
        "",
        commands::list,
    };
}

Verb get_verb() {
    return {
        "get",
        "Show one connection",
        "get (ID | --name NAME) [flags]",
        "Shows one connection. Of its credentials only the names of the parameters that are set "
        "are shown, never a value.",
        "  # By its name\n"
        "  bqconn get --name Warehouse\n\n"
        "  # Its etag, to pin the version that an update is for\n"
        "  etag=$(bqconn get --name Warehouse -o etag)",
        {},
        with_common({Setting::name}),
        {Format::text, Format::json, Format::id, Format::etag},
        {1, {Offers::connection_ids}},
        "",
        commands::get,
    };
}

Verb test_verb() {
    return {
        "test",
        "Test whether a connection works",
        "test (ID | --name NAME) [flags]",
        "Has the service try the connection's credentials. The exit code is 0 if they work and 5 "
        "if not. The service gives no reason.",
        "  # Does it work?\n"
        "  bqconn test --name Warehouse\n\n"
        "  # A role was granted a moment ago: try for up to five minutes\n"
        "  bqconn test --name Warehouse --wait --timeout 300",
        {{"--wait", "", "Test again until it works, for --timeout seconds at most"}},
        with_common({Setting::name}),
        {Format::text, Format::json, Format::id},
        {1, {Offers::connection_ids}},
        "",
        commands::test,
    };
}

Verb explore_verb() {
    return {
        "explore",
        "Look at the tables behind a connection",
        "explore (ID | --name NAME) [DATASET.TABLE] [flags]",
        "Lists the tables that the connection sees; with a table, its columns and their types. "
        "--preview shows sample rows instead: these are your data, so they come only where they "
        "are asked for. -o id prints the bare names of tables or columns.",
        "  # The tables\n"
        "  bqconn explore --name Warehouse\n\n"
        "  # The columns of one\n"
        "  bqconn explore --name Warehouse shop.orders\n\n"
        "  # Some of its rows, for a spreadsheet\n"
        "  bqconn explore --name Warehouse shop.orders --preview -o csv",
        {{"--preview", "", "Show sample rows of the table"}},
        with_common({Setting::name}),
        {Format::text, Format::json, Format::id, Format::csv},
        {2, {Offers::connection_ids, Offers::tables}},
        "",
        commands::explore,
    };
}

Verb sandboxes_verb() {
    std::vector<Setting> settings = with_common({});
    std::erase(settings, Setting::sandbox_name);
    return {
        "sandboxes",
        "List the sandboxes that the credential sees",
        "sandboxes [flags]",
        "Lists the sandboxes that the credential sees. The name is what --sandbox takes; the title "
        "is not.",
        "  # Names and titles\n"
        "  bqconn sandboxes\n\n"
        "  # How many connections has each?\n"
        "  for sandbox in $(bqconn sandboxes -o id); do\n"
        "      echo \"$sandbox $(bqconn list --sandbox \"$sandbox\" -o id | wc -l)\"\n"
        "  done",
        {},
        settings,
        {Format::text, Format::json, Format::id},
        {},
        "",
        commands::sandboxes,
    };
}

}  // namespace bqconn::cli
