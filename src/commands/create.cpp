#include "bqconn/commands/create.hpp"

#include <string>

#include "bqconn/config/assemble.hpp"
#include "bqconn/flow/create_once.hpp"
#include "bqconn/output/result.hpp"
#include "commands/preview.hpp"
#include "commands/session.hpp"

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

    Session session(context, settings, access);
    const flow::CreateResult result =
        flow::create_once(session.service(), connection, options.once, context.clock);
    print(context,
          {result.id, result.etag, connection.name, access.sandbox_name,
           std::string(name_of(result.outcome))},
          format);
}

}  // namespace bqconn::commands
