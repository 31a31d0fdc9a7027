// The verb that gets credentials of Google.
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
        "app\"), and writes the refresh token that comes of it into a profile, which it makes if "
        "there is none; with the client's id and secret where the profile does not have them. Both "
        "scopes that Adobe needs are checked.\n\n"
        "The browser comes back to this machine. Where it runs on another one, --no-browser prints "
        "the page's address and reads from standard input the address that the browser ends on.\n\n"
        "It waits for the browser for five minutes, or for --timeout; for what is pasted it waits "
        "as long as it takes. -o env prints the token, for a shell, and "
        "writes nothing.",
        "  # With the OAuth client as downloaded from Google\n"
        "  bqconn auth google --credentials client.json\n\n"
        "  # Into a profile of its own\n"
        "  bqconn auth google --credentials client.json --profile warehouse\n\n"
        "  # For this shell alone\n"
        "  eval \"export $(bqconn auth google --credentials client.json -o env)\"",
        {{"--no-browser", "",
          "Open no browser; read the address that it ends on, or the code in it, from standard "
          "input"}},
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
