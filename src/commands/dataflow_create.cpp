// bqconn dataflow create: checks everything by reading, then creates the source connection, the
// target connection, the mapping set and the dataflow, each at most once.
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/core/time_text.hpp"
#include "bqconn/dataflow/change.hpp"
#include "bqconn/dataflow/dataflows.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/lake/mapping.hpp"
#include "bqconn/lake/schemas.hpp"
#include "commands/dataflow_plan.hpp"
#include "commands/flows.hpp"
#include "commands/preview.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using dataflow::Part;
using dataflow::Plan;

// --- What the flags say, before anything is read.

dataflow::Schedule schedule_of(const Clock& clock, const Task& task, Problems& problems) {
    constexpr std::chrono::seconds usual_delay(60);
    const config::Settings& settings = task.settings;
    const bool once = task.has(Flag::once);
    const bool recurs = settings.has(Setting::every);
    if (once && recurs) {
        // Only this: advice about one flag would contradict the other.
        problems.emplace_back("--every and --once cannot be combined");
    } else if (recurs && !settings.has(Setting::delta)) {
        problems.emplace_back(
            "--delta is missing: name the column by which each run finds new rows");
    } else if (!once && !recurs && !proposes(settings)) {
        problems.emplace_back("--every or --once is missing: set how often it runs");
    } else if (once) {
        constexpr char copies_all[] = " cannot be combined with --once, which copies all rows";
        if (settings.has(Setting::delta)) {
            problems.push_back("--delta" + std::string(copies_all));
        }
        if (task.has(Flag::no_backfill)) {
            problems.push_back("--no-backfill" + std::string(copies_all));
        }
    }
    dataflow::Schedule schedule{.frequency = "once"};
    if (recurs) {
        schedule = dataflow::parse_every(settings.text(Setting::every)).value();
    }
    schedule.backfill = !task.has(Flag::no_backfill);
    const auto now = clock.date();
    auto start = now + usual_delay;
    if (const auto text = settings.text_if_set(Setting::start)) {
        start = text->starts_with('+') ? now + parse_duration(text->substr(1)).value()
                                       : parse_time(*text).value();
        if (start <= now) {
            problems.push_back("--start: " + *text + " is in the past");
        }
    }
    schedule.start = start.time_since_epoch().count();
    return schedule;
}

// The checks that need no call: missing and incompatible flags.
void check_flags(const Task& task, Problems& problems) {
    const config::Settings& settings = task.settings;
    if (task.operands.empty() && !settings.has(Setting::connection_name)) {
        problems.emplace_back("the base connection is missing: pass its ID or --connection-name");
    }
    if (!task.operands.empty() && settings.has(Setting::connection_name)) {
        problems.emplace_back("an ID and --connection-name cannot be combined");
    }
    for (const Setting needed : {Setting::table, Setting::into}) {
        if (!settings.has(needed)) {
            problems.push_back(std::string(config::spec_of(needed).flag) + " is missing");
        }
    }
    if (settings.has(Setting::map) == settings.has(Setting::mapping)) {
        problems.emplace_back(settings.has(Setting::map)
                                  ? "--map and --mapping cannot be combined"
                                  : "--map or --mapping is missing; --map auto proposes a mapping");
    }
}

// --- Results

// Name and schedule are the dataflow's own: those of an existing one may differ from the plan.
struct Result {
    std::string name;
    dataflow::Schedule schedule;
    dataflow::Chain chain = {};
    flow::Outcome outcome = flow::Outcome::created;
    std::optional<dataflow::Run> run = {};
};

void print(Context& context, const Plan& plan, const Result& result,
           const std::string& sandbox_name, Format format) {
    const std::string& id = result.chain[Part::flow];
    const bool existed = result.outcome == flow::Outcome::existing;
    std::string text = std::string(existed ? "Found" : "Created") + " dataflow \"" +
                       inert_line(result.name) + "\" in sandbox " + inert_line(sandbox_name) +
                       "\n  id        " + id + "\n  schedule  " + words_of(result.schedule) + "\n";
    json::OrderedJson document{{"id", id},
                               {"etag", result.chain.etag},
                               {"name", result.name},
                               {"sandboxName", sandbox_name},
                               {"outcome", flow::name_of(result.outcome)},
                               {"connectionId", plan.base_connection_id},
                               {"table", plan.table},
                               {"datasetId", plan.dataset_id},
                               {"sourceConnectionId", result.chain[Part::source]},
                               {"targetConnectionId", result.chain[Part::target]},
                               {"mappingSetId", result.chain[Part::mapping]}};
    if (result.run) {
        const std::string state(name_of(result.run->state));
        const auto& written = result.run->written;
        text += "  run       " + state +
                (written ? ", records written: " + std::to_string(*written) : "") + "\n";
        document["run"] = {{"id", result.run->id}, {"state", state}};
    }
    print_change(context.console, format, document, text, "the dataflow " + id + " exists");
}

void print_proposal(Context& context, const Mappable& mappable) {
    const lake::SchemaFields& schema = mappable.schema;
    const lake::Proposal proposal = lake::propose(mappable.columns, schema);
    if (proposal.mappings.empty()) {
        throw Error(ExitCode::usage, "usage.dataflow",
                    "--map auto found nothing to map: no column matches a field of the schema \"" +
                        inert_line(schema.schema.title) + "\" in name and type",
                    "list the fields with bqconn schemas " + shell_quoted(schema.schema.id) +
                        ", then map each column with --map COLUMN=PATH");
    }
    const auto clean = [&context](const std::vector<std::string>& names) {
        return context.console.clean(join(names, ", "));
    };
    if (!proposal.unmapped_columns.empty()) {
        context.console.note("Columns without a field of the same name and type: " +
                             clean(proposal.unmapped_columns));
    }
    if (!proposal.missing_fields.empty()) {
        context.console.warning("required fields without a mapping: " +
                                clean(proposal.missing_fields));
    }
    context.console.result(
        json::to_lines(json::OrderedJson{{"mappings", lake::to_json(proposal.mappings)}}) + "\n");
}

// The requests that would be sent, with placeholders for ids that do not exist yet.
std::string requests_of(const connection::Access& access, const Plan& plan, dataflow::Chain chain) {
    auto array = json::OrderedJson::array();
    for (const Part part : dataflow::parts) {
        if (chain[part].empty() && chain[Part::flow].empty()) {
            const flow::Call call = create_call(plan, part, chain);
            array.push_back(request_json(access, call, json::parse(call.body.reveal())));
            chain[part] = "ID of the " + std::string(name_of(part));
        }
    }
    return json::to_lines(array) + "\n";
}

// A dataflow that already copies the table into the dataset, if there is one: the one of the
// planned name, or else the first.
const dataflow::Dataflow* existing(flow::FlowService& service, const Plan& plan,
                                   const std::vector<dataflow::Dataflow>& readers) {
    const dataflow::Dataflow* first = nullptr;
    for (const auto& one : readers) {
        for (const auto& target : one.target_ids) {
            if ((first == nullptr || one.name == plan.name) &&
                dataflow::read_end(service, dataflow::Side::target, target).dataset_id() ==
                    plan.dataset_id) {
                first = &one;
            }
        }
    }
    return first;
}

// What exists: the objects that --resume finds, or the dataflow that already copies the table.
Result find_existing(const Task& task, flow::FlowService& service, const Planned& planned) {
    const Plan& plan = planned.plan;
    const std::string if_exists = task.settings.text_or_default(Setting::if_dataflow_exists);
    Result result{.name = plan.name, .schedule = plan.schedule};
    if (task.has(Flag::resume)) {
        result.chain = dataflow::find_parts(service, plan);
    }
    if (result.chain[Part::flow].empty() && if_exists != "new") {
        if (const auto* const one = existing(service, plan, planned.readers)) {
            if (if_exists == "error") {
                throw Error(ExitCode::conflict, "conflict.dataflow_exists",
                            "the dataflow " + one->id + " \"" + inert_line(one->name) +
                                "\" already copies " + inert_line(plan.table) +
                                " into that dataset; nothing was created",
                            "use --if-exists reuse to print it, or new to create another, which "
                            "copies the rows again");
            }
            result.name = one->name;
            result.schedule = one->schedule;
            result.chain = dataflow::chain_of(*one);
        }
    }
    if (!result.chain[Part::flow].empty()) {
        result.outcome = flow::Outcome::existing;
    }
    return result;
}

void create_dataflow(Context& context, const Task& task) {
    const connection::Access access = access_of(task.settings);
    Problems problems;
    check_flags(task, problems);
    Draft draft{.schedule = schedule_of(context.clock, task, problems)};
    refuse(task.settings, problems);
    // The files are read before the first call, so that a signal ends the wait for a slow one.
    draft.mapping = text_of_file(task.settings, Setting::mapping);
    draft.filter = text_of_file(task.settings, Setting::filter);
    Session session(context, task.settings, access);
    flow::FlowService& service = session.service();
    const std::string connection_id =
        task.operands.empty() ? id_of_name(service, task.settings.text(Setting::connection_name))
                              : checked_id(task.operands.front(), IdOf::base_connection);
    const RunReads run_reads = [&](const auto& reads) { session.read_all(reads); };
    if (proposes(task.settings)) {
        print_proposal(context, read_mappable(task.settings, run_reads, connection_id));
        return;
    }
    const Planned planned =
        plan_dataflow(task.settings, std::move(draft), service, run_reads, connection_id);
    const Plan& plan = planned.plan;
    Result result = find_existing(task, service, planned);
    const bool exists = result.outcome == flow::Outcome::existing;
    if (task.has(Flag::dry_run)) {
        if (exists) {
            context.console.note("The dataflow " + result.chain[Part::flow] +
                                 " already exists: nothing would be created");
        }
        context.console.result(requests_of(access, plan, result.chain));
        return;
    }
    if (!exists) {
        dataflow::create_parts(
            service, plan, result.chain, context.clock,
            [&context](Part part, const std::string& id) {
                context.console.note("Created " + std::string(name_of(part)) + " " + id);
            });
    }
    std::optional<Error> failure;
    if (task.has(Flag::wait)) {
        const std::string& id = result.chain[Part::flow];
        failure = wait_after("the dataflow " + id + " exists",
                             [&] { result.run = wait_for_run(context, task, service, id); });
    }
    print(context, plan, result, access.sandbox_name, task.format);
    if (failure) {
        throw Error(*failure);
    }
    if (result.run) {
        require_success(*result.run, connection_id);
    }
}

}  // namespace

Verb dataflow_create_verb() {
    return {
        .name = "dataflow create",
        .summary = "Copy a table into a dataset of Experience Platform",
        .usage =
            "dataflow create (ID | --connection-name NAME) --table DATASET.TABLE "
            "--into DATASET [flags]",
        .description =
            "Creates a dataflow, which copies a table of Google BigQuery through a base connection "
            "into a dataset of Experience Platform, once or at an interval. First checks "
            "everything without creating anything, and reports all problems in one message. Then "
            "creates the source connection, the target connection, the mapping set and the "
            "dataflow, each at most once. If one is refused, those created before it are removed. "
            "If the outcome of one is unknown (exit code 10), nothing is removed, and the same "
            "command with --resume continues.\n\n"
            "With --wait, the exit code tells how the first run ended: 0 if it succeeded, 11 if "
            "records were rejected, 5 if it failed, 8 if it did not end within --wait-timeout.",
        .examples =
            "  # Propose a mapping; creates nothing\n"
            "  bqconn dataflow create --connection-name Warehouse --table shop.customers \\\n"
            "      --into Customers --map auto\n\n"
            "  # Copy the table every hour, by the time of each row's last change\n"
            "  bqconn dataflow create --connection-name Warehouse --table shop.customers \\\n"
            "      --into Customers --mapping mapping.json --every 1h --delta created_at\n\n"
            "  # Copy it once and wait for the result\n"
            "  bqconn dataflow create --connection-name Warehouse --table shop.customers \\\n"
            "      --into Customers --mapping mapping.json --once --wait",
        .switches = {{Flag::once, "--once", "Run once instead of at an interval"},
                     {Flag::no_backfill, "--no-backfill",
                      "Do not copy rows from before the first run"},
                     {Flag::wait, "--wait", "Wait until the first run has ended"},
                     {Flag::resume, "--resume",
                      "Continue a create that was interrupted or had an unknown outcome"},
                     {Flag::dry_run, "--dry-run",
                      "Check everything, print the requests as JSON, and create nothing"}},
        .settings = with_common({Setting::dataflow_name, Setting::description,
                                 Setting::connection_name, Setting::table, Setting::into,
                                 Setting::map, Setting::mapping, Setting::columns, Setting::filter,
                                 Setting::every, Setting::delta, Setting::start, Setting::partial,
                                 Setting::if_dataflow_exists, Setting::wait_timeout}),
        .formats = {Format::text, Format::json, Format::id},
        .operands = {.most = 1, .offers = {Offers::connection_ids}},
        .participle = "created",
        .name_is_new = true,
        .run = create_dataflow,
    };
}

}  // namespace bqconn::commands
