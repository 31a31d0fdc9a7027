// bqconn dataflow get: shows one dataflow.
#include "bqconn/commands/verb.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/dataflow/dataflows.hpp"
#include "bqconn/output/dataflow.hpp"
#include "commands/flows.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

std::string rendered(const dataflow::Dataflow& one, const std::string& sandbox_name,
                     Format format) {
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

void dataflow_get(Context& context, const Task& task) {
    Session session(context, task.settings, access_of(task.settings));
    flow::FlowService& service = session.service();
    dataflow::Dataflow one = target_dataflow(service, task);
    if (task.format == Format::etag && one.etag.empty()) {
        throw Error(ExitCode::bad_response, "bad_response.dataflow",
                    "the service returned the dataflow without an etag",
                    "run the command again later");
    }
    if (task.format == Format::text || task.format == Format::json) {
        dataflow::read_ends(service, one);
    }
    context.console.page(rendered(one, service.access().sandbox_name, task.format));
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
