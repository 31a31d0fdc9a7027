// bqconn get: shows one connection.
#include "bqconn/commands/verbs.hpp"
#include "bqconn/output/result.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

std::string rendered(const flow::Connection& one, const std::string& sandbox_name,
                     output::Format format) {
    switch (format) {
        case output::Format::text:
            return output::text_of(one, sandbox_name);
        case output::Format::id:
            return one.id + "\n";
        case output::Format::etag:
            return one.etag + "\n";
        default:
            break;
    }
    json::OrderedJson document = output::to_json(one);
    document["sandboxName"] = sandbox_name;
    return json::to_line(document) + "\n";
}

}  // namespace

void get(Context& context, const Task& task) {
    Session session(context, task.settings, access_of(task.settings));
    const std::string id = target_id(session.service(), task);
    const flow::Connection one = read_target(session.service(), id);
    if (task.format == output::Format::etag && one.etag.empty()) {
        throw Error(ExitCode::bad_response, "bad_response.connection",
                    "the service returned the connection without an etag", "run it again later");
    }
    context.console.page(rendered(one, session.service().access().sandbox_name, task.format));
}

}  // namespace bqconn::commands
