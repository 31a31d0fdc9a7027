#include "commands/session.hpp"

#include "bqconn/auth/access_token.hpp"
#include "bqconn/config/assemble.hpp"

namespace bqconn::commands {
namespace {

// The user's own token, or one that is fetched when it is first needed and kept for the run.
flow::FlowService::TokenSource token_source(Context& context, http::Transport& transport,
                                            const connection::Access& access) {
    return [&context, &transport, access, token = access.access_token](bool renew) mutable {
        if (!token || renew) {
            token = auth::fetch_access_token(transport, *access.fetching, access.api_key).token;
            context.console.hide(*token);
        }
        return *token;
    };
}

}  // namespace

Session::Session(Context& context, const config::Settings& settings,
                 const connection::Access& access)
    : transport_(context.make_transport(config::transport_options(settings))),
      service_(*transport_, access, token_source(context, *transport_, access),
               !access.access_token) {}

}  // namespace bqconn::commands
