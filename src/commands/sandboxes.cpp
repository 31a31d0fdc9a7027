// bqconn sandboxes: lists the sandboxes the credential can access.
#include "bqconn/flow/sandboxes.hpp"

#include "bqconn/commands/verb.hpp"
#include "bqconn/output/result.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {

namespace {

void sandboxes(Context& context, const Task& task) {
    Session session(context, task.settings,
                    access_of(task.settings, config::AccessTo::organisation));
    context.console.show(task.format, output::render(flow::read_sandboxes(session.service()),
                                                     task.format, context.console.style()));
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
