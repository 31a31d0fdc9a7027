// bqconn auth token: prints an access token, cached or fetched. The result is a secret.
#include "bqconn/auth/access_token.hpp"
#include "bqconn/commands/verb.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/core/time_text.hpp"
#include "bqconn/json/parse.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

std::string as_json(const auth::ObtainedToken& token) {
    return json::to_line(json::OrderedJson{
        {"accessToken", token.token.reveal()},
        {"expiresAt", json::text_or_null(token.expires_at ? utc_time(*token.expires_at) : "")},
        {"cached", token.cached}});
}

void auth_token(Context& context, const Task& task) {
    const connection::Access access = access_of(task.settings, config::AccessTo::token);
    const auto transport = make_transport(context, task.settings);
    const auth::ObtainedToken token =
        token_source(context, task.settings, access, *transport).obtain();
    context.console.reveal(
        Secret((task.format == Format::json ? as_json(token) : token.token.reveal()) + "\n"));
}

}  // namespace

Verb auth_token_verb() {
    return {
        .name = "auth token",
        .summary = "Print an Adobe access token",
        .usage = "auth token [flags]",
        .description =
            "Prints an access token for other programs that call Adobe: the cached one, or a new "
            "one. The token is a secret, and it is shown on a terminal too.",
        .examples =
            "  # Call Adobe with curl\n"
            "  curl -fsS -H \"Authorization: Bearer $(bqconn auth token)\" \\\n"
            "      -H \"x-api-key: $BQCONN_API_KEY\" -H \"x-gw-ims-org-id: $BQCONN_ORG_ID\" \\\n"
            "      \"$BQCONN_PLATFORM_URL/data/foundation/sandbox-management/\"\n\n"
            "  # When does it expire?\n"
            "  bqconn auth token -o json | jq -r .expiresAt",
        .settings = with_common({}, {Setting::access_token, Setting::org_id, Setting::sandbox_name,
                                     Setting::platform_url, Setting::pager}),
        .formats = {Format::text, Format::json},
        .auto_is_text = true,
        .run = auth_token,
    };
}

}  // namespace bqconn::commands
