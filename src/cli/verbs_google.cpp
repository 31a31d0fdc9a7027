// The verb that gets Google credentials.
#include "bqconn/commands/verbs.hpp"
#include "cli/verb_tables.hpp"

namespace bqconn::cli {

using config::Setting;
using output::Format;

Verb auth_google_verb() {
    Verb verb{
        "auth google",
        "Get a Google refresh token by consent in a browser",
        "auth google [flags]",
        "Opens Google's consent page for your OAuth client (Google Cloud console, type \"Desktop "
        "app\"), checks that both scopes Adobe needs were granted, and writes the refresh token to "
        "a profile. The profile is created if needed; the client's id and secret are added if it "
        "lacks them.\n\n"
        "Google redirects the browser to this machine. If the browser runs on another machine, use "
        "--no-browser: it prints the address to open and reads the address of the final page from "
        "standard input.\n\n"
        "It waits five minutes for the browser, or --timeout; with --no-browser it waits without "
        "limit. -o env prints the token for a shell and writes nothing.",
        "  # With the OAuth client file downloaded from Google\n"
        "  bqconn auth google --credentials client.json\n\n"
        "  # Write to another profile\n"
        "  bqconn auth google --credentials client.json --profile warehouse\n\n"
        "  # For this shell only\n"
        "  eval \"export $(bqconn auth google --credentials client.json -o env)\"",
        {{"--no-browser", "",
          "Do not open a browser; read the address of the final page, or the code in it, from "
          "standard input"}},
        {Setting::client_id, Setting::client_secret, Setting::credentials, Setting::env_file,
         Setting::profile, Setting::allow_insecure_files, Setting::google_auth_url,
         Setting::google_token_url, Setting::ca_file, Setting::connect_timeout, Setting::timeout,
         Setting::output, Setting::log, Setting::log_file},
        {Format::text, Format::json, Format::env},
        {},
        "",
        commands::auth_google,
    };
    verb.profiles = config::Profiles::may_be_new;
    return verb;
}

}  // namespace bqconn::cli
