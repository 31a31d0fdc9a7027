#include "bqconn/commands/create.hpp"

#include <memory>
#include <optional>

#include "bqconn/auth/access_token.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/flow/create.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/output/result.hpp"
#include "commands/preview.hpp"

namespace bqconn::commands {
namespace {

// What was made must be known to the user, whatever has become of stdout.
void print(Context& context, const output::ConnectionResult& result, output::Format format) {
    try {
        context.console.result(output::render(result, format));
    } catch (const Error& error) {
        throw Error(error.exit_code(), error.code(),
                    "the connection exists (" + result.outcome + "), but " + error.message() +
                        "\n  id    " + result.id + "\n  etag  " + result.etag,
                    error.hint() + "; do not create it again");
    }
}

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

void create(Context& context, const config::Settings& settings, const CreateOptions& options,
            output::Format format) {
    config::Missing missing;
    const connection::BaseConnection connection = config::base_connection(settings, missing);
    if (options.dry_run || options.print_curl) {
        missing.report();
        config::Missing not_needed;
        const connection::Access access = config::access(settings, not_needed);
        context.console.result(options.dry_run ? dry_run(access, connection, not_needed)
                                               : curl_command(access, connection));
        return;
    }
    const connection::Access access = config::access(settings, missing);
    missing.report();

    const std::unique_ptr<http::Transport> transport =
        context.make_transport(config::transport_options(settings));
    flow::FlowService service(*transport, access, token_source(context, *transport, access),
                              !access.access_token);
    const flow::Stored stored = flow::create(service, connection);
    print(context, {stored.id, stored.etag, connection.name, access.sandbox_name, "created"},
          format);
}

}  // namespace bqconn::commands
