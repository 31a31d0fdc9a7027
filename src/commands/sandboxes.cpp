// bqconn sandboxes: lists the sandboxes the credential can access.
#include "bqconn/flow/sandboxes.hpp"

#include "bqconn/commands/verb.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/output/result.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {

namespace {

void sandboxes(Context& context, const Task& task) {
    Session session(context, task.settings, access_of(task.settings, config::NeedsSandbox::no));
    const auto found = flow::read_sandboxes(session.service());
    if (task.format == Format::text) {
        context.console.page(output::text_of(found, context.console.style()));
        return;
    }
    std::string names;
    auto array = json::OrderedJson::array();
    for (const auto& one : found) {
        names += inert_line(one.name) + "\n";
        array.push_back(output::to_json(one));
    }
    context.console.result(task.format == Format::id ? names : json::to_line(array) + "\n");
}

}  // namespace

Verb sandboxes_verb() {
    return {
        .name = "sandboxes",
        .summary = "List the sandboxes the credential can access",
        .usage = "sandboxes [flags]",
        .description =
            "Lists the sandboxes the credential can access. --sandbox takes the name, not the "
            "title.",
        .examples =
            "  # Names and titles\n"
            "  bqconn sandboxes\n\n"
            "  # How many connections does each have?\n"
            "  for sandbox in $(bqconn sandboxes -o id); do\n"
            "      echo \"$sandbox $(bqconn list --sandbox \"$sandbox\" -o id | wc -l)\"\n"
            "  done",
        .settings = with_common({}, {Setting::sandbox_name}),
        .formats = {Format::text, Format::json, Format::id},
        .run = sandboxes,
    };
}

}  // namespace bqconn::commands
