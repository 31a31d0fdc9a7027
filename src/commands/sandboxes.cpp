// bqconn sandboxes: lists the sandboxes the credential can access.
#include "bqconn/flow/sandboxes.hpp"

#include "bqconn/commands/verbs.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/output/result.hpp"
#include "commands/session.hpp"

namespace bqconn::commands {

void sandboxes(Context& context, const Task& task) {
    config::Missing missing;
    const connection::Access access =
        config::access(task.settings, missing, config::NeedsSandbox::no);
    missing.report();
    Session session(context, task.settings, access);
    const auto found = flow::read_sandboxes(session.service());
    if (task.format == output::Format::text) {
        context.console.page(output::text_of(found, context.console.style()));
        return;
    }
    std::string names;
    auto array = json::OrderedJson::array();
    for (const auto& one : found) {
        names += inert_line(one.name) + "\n";
        array.push_back(output::to_json(one));
    }
    context.console.result(task.format == output::Format::id ? names : json::to_line(array) + "\n");
}

}  // namespace bqconn::commands
