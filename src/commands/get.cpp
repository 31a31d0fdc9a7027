// bqconn get: shows one connection.
#include "bqconn/commands/verb.hpp"
#include "bqconn/output/result.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

void get(Context& context, const Task& task) {
    const connection::Access access = access_of(task.settings);
    Session session(context, task.settings, access);
    const std::string id = target_id(session.service(), task);
    const flow::Connection one = read_target(session.service(), id);
    print_one(context, task,
              {.id = one.id,
               .etag = one.etag,
               .missing_etag = "bad_response.connection",
               .text = output::text_of(one, access.sandbox_name),
               .document = output::to_json(one)});
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
