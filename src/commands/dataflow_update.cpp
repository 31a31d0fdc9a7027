// bqconn dataflow update: changes name, description, schedule, options or mapping, in one PATCH of
// a known version.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/dataflow/change.hpp"
#include "bqconn/flow/wire.hpp"
#include "commands/dataflow_plan.hpp"
#include "commands/flows.hpp"
#include "commands/preview.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using json::Json;

void check_change(const config::Settings& settings) {
    if (settings.has(Setting::map) && settings.has(Setting::mapping)) {
        throw Error(ExitCode::usage, "usage.exclusive_flags",
                    "--map and --mapping cannot be combined", "pass one of them");
    }
    for (const Setting setting : {Setting::new_name, Setting::description, Setting::every,
                                  Setting::partial, Setting::map, Setting::mapping}) {
        if (settings.has(setting)) {
            return;
        }
    }
    throw Error(ExitCode::usage, "usage.nothing_to_change", "nothing to change",
                "pass --new-name, --description, --every, --partial, --map or --mapping");
}

// Everything but the mapping.
Json operations_for(const config::Settings& settings, const dataflow::Dataflow& one) {
    Json operations = flow::to_json({.name = settings.text_if_set(Setting::new_name),
                                     .description = settings.text_if_set(Setting::description),
                                     .has_description = !one.description.empty()},
                                    {});
    if (const auto every = settings.text_if_set(Setting::every)) {
        for (auto& operation :
             dataflow::schedule_operations(one, dataflow::parse_every(*every).value())) {
            operations.push_back(std::move(operation));
        }
    }
    if (const auto percent = partial_percent(settings)) {
        operations.push_back(dataflow::options_operation(one, percent));
    }
    return operations;
}

void print_requests(Context& context, flow::FlowService& service, const dataflow::Dataflow& one,
                    const std::string& etag, Json operations, const std::string& name,
                    const std::optional<NewMapping>& mapping) {
    std::vector<flow::Call> calls;
    if (mapping) {
        calls.push_back(dataflow::create_mapping_call(name, mapping->schema_id, mapping->mappings));
        operations.push_back(dataflow::mapping_operation(one, "ID of the mapping set", "0"));
    }
    calls.push_back(dataflow::update_call(one.id, etag, operations));
    context.console.result(requests_json(service.access(), calls));
}

void update_dataflow(Context& context, const Task& task) {
    const config::Settings& settings = task.settings;
    check_change(settings);
    const std::string text = text_of_file(settings, Setting::mapping);
    Session session(context, settings, access_of(settings));
    flow::FlowService& service = session.service();
    const dataflow::Dataflow one = target_dataflow(service, task);
    refuse_other_source(one);
    const std::string etag =
        etag_for(settings, one.etag, {"the dataflow", "bad_response.dataflow"});
    const std::string name = settings.text_if_set(Setting::new_name).value_or(one.name);
    Json operations = operations_for(settings, one);
    std::optional<NewMapping> mapping;
    if (settings.has(Setting::map) || settings.has(Setting::mapping)) {
        dataflow::mapping_operation(one, "", "");  // refuses a dataflow without a mapping
        mapping = checked_mapping(
            settings, text, service, [&](const auto& reads) { session.read_all(reads); }, one);
    }
    if (task.has(Flag::dry_run)) {
        print_requests(context, service, one, etag, std::move(operations), name, mapping);
        return;
    }
    std::string mapping_id;
    if (mapping) {
        const auto [id, version] =
            dataflow::create_mapping(service, name, mapping->schema_id, mapping->mappings);
        mapping_id = id;
        operations.push_back(dataflow::mapping_operation(one, id, version));
    }
    const flow::Stored stored =
        dataflow::update_or_remove(service, context.clock, one, etag, operations, mapping_id);
    if (mapping) {
        context.console.note("This dataflow no longer uses the mapping set " + one.mapping_id +
                             "; if no other uses it, delete it: bqconn dataflow delete --leftovers "
                             "--name " +
                             shell_quoted(one.name));
    }
    print_change(context.console, task.format,
                 {{"id", stored.id},
                  {"etag", stored.etag},
                  {"name", name},
                  {"sandboxName", service.access().sandbox_name},
                  {"mappingSetId", json::text_or_null(mapping ? mapping_id : one.mapping_id)},
                  {"previousMappingSetId", json::text_or_null(mapping ? one.mapping_id : "")},
                  {"outcome", flow::name_of(flow::Outcome::updated)}},
                 "Updated dataflow \"" + inert_line(name) + "\"\n  id    " + stored.id +
                     "\n  etag  " + stored.etag + "\n",
                 "the dataflow " + stored.id + " was updated (etag " + stored.etag + ")");
}

}  // namespace

Verb dataflow_update_verb() {
    return {
        .name = "dataflow update",
        .summary = "Change the name, schedule or mapping of a dataflow",
        .usage = "dataflow update (ID | --name NAME) [flags]",
        .description =
            "Changes a dataflow, unless it has changed since it was read (exit code 7). bqconn "
            "reads it first; --if-match pins a version that a script read earlier. --name selects "
            "the dataflow, --new-name renames it.\n\n"
            "A new mapping replaces the old one as a whole. It is checked as in dataflow "
            "create, and is stored as a new mapping set. The old mapping set is kept, because "
            "another dataflow may use it; the result shows its ID, and dataflow delete "
            "--leftovers deletes it by the dataflow's name, if no dataflow uses it. If the change "
            "is refused, the new mapping set is removed.\n\n"
            "The rest cannot change once a dataflow is created: base connection, table, columns, "
            "filter, delta column, dataset, first run, and whether it runs once. Instead, create "
            "a new dataflow, which copies all rows again, and delete the old one.",
        .examples =
            "  # Run every day from now on\n"
            "  bqconn dataflow update --name Orders --every 1d\n\n"
            "  # Replace the mapping: first show the requests, then send them\n"
            "  bqconn dataflow update --name Orders --mapping orders.csv --dry-run\n"
            "  bqconn dataflow update --name Orders --mapping orders.csv",
        .switches = {{Flag::dry_run, "--dry-run",
                      "Read and check, print the requests as JSON, and change nothing"}},
        .settings = with_common({Setting::dataflow_name, Setting::new_name, Setting::description,
                                 Setting::every, Setting::partial, Setting::map, Setting::mapping,
                                 Setting::if_match}),
        .formats = {Format::text, Format::json, Format::id},
        .operands = {.most = 1, .offers = {Offers::dataflow_ids}},
        .participle = "changed",
        .refused_flags = {"--connection-name", "--table", "--columns", "--filter", "--delta",
                          "--into", "--start", "--once", "--no-backfill"},
        .refusal = dataflow::create_anew,
        .run = update_dataflow,
    };
}

}  // namespace bqconn::commands
