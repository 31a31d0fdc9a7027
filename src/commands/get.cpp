// bqconn get: shows one connection.
#include "bqconn/commands/verb.hpp"
#include "bqconn/output/result.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

std::string rendered(const flow::Connection& one, const std::string& sandbox_name, Format format) {
    switch (format) {
        case Format::text:
            return output::text_of(one, sandbox_name);
        case Format::id:
            return one.id + "\n";
        case Format::etag:
            return one.etag + "\n";
        default:
            break;
    }
    json::OrderedJson document = output::to_json(one);
    document["sandboxName"] = sandbox_name;
    return json::to_line(document) + "\n";
}

void get(Context& context, const Task& task) {
    Session session(context, task.settings, access_of(task.settings));
    const std::string id = target_id(session.service(), task);
    const flow::Connection one = read_target(session.service(), id);
    if (task.format == Format::etag && one.etag.empty()) {
        throw Error(ExitCode::bad_response, "bad_response.connection",
                    "the service returned the connection without an etag",
                    "run the command again later");
    }
    context.console.page(rendered(one, session.service().access().sandbox_name, task.format));
}

}  // namespace

Verb get_verb() {
    return {
        .name = "get",
        .summary = "Show one connection",
        .usage = "get (ID | --name NAME) [flags]",
        .description =
            "Shows one connection. Of its credentials, it shows which parameters are set, never "
            "their values.",
        .examples =
            "  # By name\n"
            "  bqconn get --name Warehouse\n\n"
            "  # Its etag, to pin the version for an update\n"
            "  etag=$(bqconn get --name Warehouse -o etag)",
        .settings = with_common({Setting::name}),
        .formats = {Format::text, Format::json, Format::id, Format::etag},
        .operands = {.most = 1, .offers = {Offers::connection_ids}},
        .run = get,
    };
}

}  // namespace bqconn::commands
