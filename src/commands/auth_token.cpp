// bqconn auth token: prints an access token, cached or fetched. The result is a secret.
#include "bqconn/auth/access_token.hpp"
#include "bqconn/commands/verbs.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/output/table.hpp"
#include "commands/session.hpp"

namespace bqconn::commands {
namespace {

std::string as_json(const auth::ObtainedToken& token) {
    json::OrderedJson object = {{"accessToken", token.token.reveal()}, {"expiresAt", nullptr}};
    if (token.expires_at) {
        object["expiresAt"] = output::utc_time(*token.expires_at);
    }
    object["cached"] = token.cached;
    return json::to_line(object);
}

}  // namespace

void auth_token(Context& context, const Task& task) {
    config::Missing missing;
    const connection::Access access = config::token_access(task.settings, missing);
    missing.report();
    const auto transport = make_transport(context, task.settings);
    const auth::ObtainedToken token =
        token_source(context, task.settings, access, *transport).obtain();
    context.console.reveal(Secret(
        (task.format == output::Format::json ? as_json(token) : token.token.reveal()) + "\n"));
}

}  // namespace bqconn::commands
