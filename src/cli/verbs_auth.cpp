// The verbs for Adobe access tokens.
#include "bqconn/commands/verbs.hpp"
#include "cli/verb_tables.hpp"

namespace bqconn::cli {

using config::Setting;
using output::Format;

Verb auth_token_verb() {
    Verb verb{
        "auth token",
        "Print an Adobe access token",
        "auth token [flags]",
        "Prints an access token for other programs that call Adobe: the cached one, or a new one. "
        "The token is a secret, and it is shown on a terminal too.",
        "  # Call Adobe with curl\n"
        "  curl -fsS -H \"Authorization: Bearer $(bqconn auth token)\" \\\n"
        "      -H \"x-api-key: $BQCONN_API_KEY\" -H \"x-gw-ims-org-id: $BQCONN_ORG_ID\" \\\n"
        "      \"$BQCONN_PLATFORM_URL/data/foundation/sandbox-management/\"\n\n"
        "  # When does it expire?\n"
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
        "Show the Adobe identity in use",
        "auth status [flags]",
        "Shows the API key, organisation, sandbox and identity service, where each setting comes "
        "from, and which access token the next call will use. It makes no call: it reads the "
        "token's own claims, so a revoked token still looks valid here.\n\n"
        "The exit code is 0 if a call can be made; 2 if settings are missing; 4 if the token has "
        "expired or was issued to a client other than the API key. The status is printed in every "
        "case.",
        "  # Who am I?\n"
        "  bqconn auth status\n\n"
        "  # In a script: is everything set?\n"
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
        "Remove the cached access tokens",
        "auth clear [flags]",
        "Removes every access token from $XDG_CACHE_HOME/bqconn, for all profiles. The next call "
        "fetches a new one. No call is made: Adobe keeps accepting the removed tokens until they "
        "expire.",
        "  # Before handing the machine to someone else\n"
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
