// The verbs that read and change nothing.
#include "bqconn/commands/verbs.hpp"
#include "cli/verb_tables.hpp"

namespace bqconn::cli {

using config::Offers;
using config::Setting;
using output::Format;

Verb check_verb() {
    Verb verb{
        "check",
        "Check whether a connection would work, without creating it",
        "check [flags]",
        "Checks everything a connection needs, one line each: settings and files; network access "
        "to each service, and the clock; that Adobe issues an access token, the sandbox exists, "
        "and the BigQuery source accepts these credentials; that Google accepts the credentials, "
        "with both scopes, and the project and datasets are accessible. ✓ passed, ! warning, ✗ "
        "failed, - skipped. Nothing is created or changed. The exit code is that of the worst ✗; "
        "the report is printed on stdout in either case. If a value or a file cannot be read at "
        "all, only that error is reported.",
        "  # Run all checks\n"
        "  bqconn check\n\n"
        "  # Run the checks that need no network\n"
        "  bqconn check --offline\n\n"
        "  # List the failures in a script\n"
        "  bqconn check -o json | jq -r '.checks[] | select(.verdict == \"failed\") | .code'",
        {{"--offline", "", "Check settings and files only"}},
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
        "Lists all Google BigQuery base connections of a sandbox, oldest first. With -o ndjson "
        "(one "
        "JSON object per line) or -o id, each page is written as it arrives; if a later page "
        "fails, "
        "the lines already written remain.",
        "  # A table on a terminal, a JSON array in a script\n"
        "  bqconn list\n\n"
        "  # Is there one with this name?\n"
        "  bqconn list --name \"Google BigQuery my-project-123\" -o id\n\n"
        "  # Those that are not enabled, however many there are\n"
        "  bqconn list -o ndjson | jq -r 'select(.state != \"enabled\") | .name'\n\n"
        "  # The five changed most recently\n"
        "  bqconn list --sort=-updated --limit 5",
        {{"--all-sources", "", "Include connections to other sources"}},
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
        "Shows one connection. Of its credentials, it shows which parameters are set, never their "
        "values.",
        "  # By name\n"
        "  bqconn get --name Warehouse\n\n"
        "  # Its etag, to pin the version for an update\n"
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
        "Asks the service to try the connection's credentials. The exit code is 0 if they work and "
        "5 if not. The service gives no reason.",
        "  # Does it work?\n"
        "  bqconn test --name Warehouse\n\n"
        "  # After granting a role: keep trying for up to five minutes\n"
        "  bqconn test --name Warehouse --wait --timeout 300",
        {{"--wait", "", "Repeat the test until it succeeds, for at most --timeout seconds"}},
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
        "Show the tables a connection can read",
        "explore (ID | --name NAME) [DATASET.TABLE] [flags]",
        "Lists the tables the connection can read or, given a table, its columns and their types. "
        "--preview shows sample rows instead: these are your data, so they are shown only on "
        "request. -o id prints only the names of tables or columns.",
        "  # List the tables\n"
        "  bqconn explore --name Warehouse\n\n"
        "  # Show the columns of one table\n"
        "  bqconn explore --name Warehouse shop.orders\n\n"
        "  # Export sample rows for a spreadsheet\n"
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
        "List the sandboxes the credential can access",
        "sandboxes [flags]",
        "Lists the sandboxes the credential can access. --sandbox takes the name, not the title.",
        "  # Names and titles\n"
        "  bqconn sandboxes\n\n"
        "  # How many connections does each have?\n"
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
