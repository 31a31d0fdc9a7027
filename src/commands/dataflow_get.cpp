// bqconn dataflow get: shows one dataflow.
#include "bqconn/commands/verb.hpp"
#include "bqconn/dataflow/dataflows.hpp"
#include "bqconn/output/dataflow.hpp"
#include "commands/flows.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

void dataflow_get(Context& context, const Task& task) {
    const connection::Access access = access_of(task.settings);
    Session session(context, task.settings, access);
    flow::FlowService& service = session.service();
    dataflow::Dataflow one = target_dataflow(service, task);
    if (task.format == Format::text || task.format == Format::json) {
        dataflow::read_ends(service, one);
    }
    print_one(context, task,
              {.id = one.id,
               .etag = one.etag,
               .missing_etag = "bad_response.dataflow",
               .text = output::text_of(one, access.sandbox_name),
               .document = output::to_json(one)});
}

}  // namespace

Verb dataflow_get_verb() {
    return {
        .name = "dataflow get",
        .summary = "Show one dataflow",
        .usage = "dataflow get (ID | --name NAME) [flags]",
        .description =
            "Shows one dataflow: its table, dataset, schedule, mapping set, options and last run. "
            "In JSON, the schedule's startTime is in seconds since 1970, every other time in "
            "milliseconds.",
        .examples =
            "  # By name\n"
            "  bqconn dataflow get --name \"shop.orders to Orders\"\n\n"
            "  # Its state\n"
            "  bqconn dataflow get --name \"shop.orders to Orders\" -o json | jq -r .state",
        .settings = with_common({Setting::dataflow_name}),
        .formats = {Format::text, Format::json, Format::id, Format::etag},
        .operands = {.most = 1, .offers = {Offers::dataflow_ids}},
        .run = dataflow_get,
    };
}

}  // namespace bqconn::commands
