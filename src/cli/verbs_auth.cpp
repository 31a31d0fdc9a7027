// The verbs that deal with credentials.
#include "bqconn/commands/verbs.hpp"
#include "cli/verb_tables.hpp"

namespace bqconn::cli {

using config::Setting;
using output::Format;

Verb auth_token_verb() {
    Verb verb{
        "auth token",
        "Print an access token of Adobe",
        "auth token [flags]",
        "Prints an access token, for other programs that call Adobe: the one that is kept, or a "
        "new one. It shows a secret, on a terminal too: mind who sees it.",
        "  # A call with curl\n"
        "  curl -fsS -H \"Authorization: Bearer $(bqconn auth token)\" \\\n"
        "      -H \"x-api-key: $BQCONN_API_KEY\" -H \"x-gw-ims-org-id: $BQCONN_ORG_ID\" \\\n"
        "      \"$BQCONN_PLATFORM_URL/data/foundation/sandbox-management/\"\n\n"
        "  # How long it is good for\n"
        "  bqconn auth token -o json | jq -r .expiresAt",
        {},
        {Setting::api_key, Setting::api_secret, Setting::scopes, Setting::no_cache,
         Setting::credentials, Setting::env_file, Setting::profile, Setting::allow_insecure_files,
         Setting::ims_url, Setting::ca_file, Setting::connect_timeout, Setting::timeout,
         Setting::output, Setting::log, Setting::log_file},
        {Format::text, Format::json},
        {},
        "",
        commands::auth_token,
    };
    verb.auto_is_text = true;
    return verb;
}

Verb auth_status_verb() {
    return {
        "auth status",
        "Show who one is to Adobe, and with which token",
        "auth status [flags]",
        "Shows the API key, the organisation, the sandbox and the identity service, where each "
        "setting came from, and which access token the next call will be made with. No call is "
        "made: what is said of the token is what it tells of itself, so that a token that was "
        "revoked looks good here.\n\n"
        "The exit code is 0 if a call can be made; 2 if settings are missing for one; 4 if the "
        "token was issued to another client than the API key, or has expired. What is known is "
        "printed in each case.",
        "  # Who am I?\n"
        "  bqconn auth status\n\n"
        "  # In a script: is all there?\n"
        "  if bqconn auth status -q >/dev/null; then bqconn list; fi",
        {},
        {Setting::access_token, Setting::api_key, Setting::api_secret, Setting::scopes,
         Setting::no_cache, Setting::org_id, Setting::sandbox_name, Setting::credentials,
         Setting::env_file, Setting::profile, Setting::allow_insecure_files, Setting::platform_url,
         Setting::ims_url, Setting::output, Setting::log},
        {Format::text, Format::json},
        {},
        "",
        commands::auth_status,
    };
}

Verb auth_clear_verb() {
    return {
        "auth clear",
        "Remove the access tokens that are kept",
        "auth clear [flags]",
        "Removes every access token from $XDG_CACHE_HOME/bqconn, whichever profile it was fetched "
        "for. The next call fetches another one. No call is made: Adobe goes on to accept the "
        "tokens until they expire.",
        "  # Before somebody else gets the machine\n"
        "  bqconn auth clear",
        {},
        {Setting::output},
        {Format::text, Format::json},
        {},
        "",
        commands::auth_clear,
    };
}

}  // namespace bqconn::cli
