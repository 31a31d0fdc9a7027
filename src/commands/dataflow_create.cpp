// bqconn dataflow create: checks everything by reading, then creates the source connection, the
// target connection, the mapping set and the dataflow, each at most once.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/config/files.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/core/time_text.hpp"
#include "bqconn/dataflow/change.hpp"
#include "bqconn/dataflow/dataflows.hpp"
#include "bqconn/flow/connections.hpp"
#include "bqconn/flow/explore.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/lake/datasets.hpp"
#include "bqconn/lake/mapping.hpp"
#include "bqconn/lake/schemas.hpp"
#include "commands/flows.hpp"
#include "commands/preview.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using dataflow::Part;
using dataflow::Plan;

// Everything that is wrong, for one message.
using Problems = std::vector<std::string>;

void report(const Problems& problems) {
    if (problems.empty()) {
        return;
    }
    std::string lines;
    for (const auto& one : problems) {
        lines += "\n  " + one;
    }
    throw Error(ExitCode::usage, "usage.dataflow",
                problems.size() == 1 ? "the dataflow cannot be created: " + problems.front()
                                     : "the dataflow cannot be created, for these reasons:" + lines,
                "fix this, then run the command again: nothing was created");
}

// --- What the flags say, before anything is read.

bool proposes(const Task& task) {
    return task.settings.text_if_set(Setting::map) == "auto";
}

dataflow::Schedule schedule_of(Context& context, const Task& task, Problems& problems) {
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
    } else if (!once && !recurs && !proposes(task)) {
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
    const auto now = context.clock.date();
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

// --- What is read.

struct Found {
    std::vector<flow::Column> columns;  // of the table; empty only with a problem of the table
    std::optional<lake::Dataset> dataset;
    std::optional<lake::SchemaFields> schema;
    std::vector<dataflow::Dataflow> readers;  // the dataflows that read the table
    // Each of the parallel reads adds only to its own.
    Problems of_table;
    Problems of_dataset;
    Problems of_spec;
};

std::string did_you_mean(const std::string& word, const std::vector<std::string>& names) {
    const std::vector<std::string_view> views(names.begin(), names.end());
    const auto meant = nearest(word, views);
    return meant ? "; did you mean \"" + inert_line(*meant) + "\"?" : "";
}

void read_columns(flow::FlowService& service, const std::string& connection_id,
                  const std::string& table, Found& found) {
    const flow::Connection connection = read_target(service, connection_id);
    refuse_other_source(connection);
    try {
        found.columns = flow::read_table(service, connection_id, table, false).columns;
        if (found.columns.empty()) {
            found.of_table.push_back("--table: the service reports no columns of " +
                                     inert_line(table));
        }
        return;
    } catch (const Error& error) {
        if (error.exit_code() != ExitCode::not_found && error.exit_code() != ExitCode::rejected) {
            throw;
        }
        found.of_table.push_back("--table: the connection " + connection_id + " cannot read " +
                                 inert_line(table) + ": " + error.message());
    }
    // Find out which is wrong, the table or the credentials.
    try {
        std::vector<std::string> names;
        for (const auto& one : flow::read_tables(service, connection_id)) {
            names.push_back(one.path);
        }
        found.of_table.back() += did_you_mean(table, names);
    } catch (const Error&) {
        found.of_table.back() += "; it cannot read any table: bqconn test " + connection_id;
    }
}

// The dataset that `text` names by its ID or its exact name.
std::optional<lake::Dataset> find_dataset(flow::FlowService& service, const std::string& text,
                                          Problems& problems) {
    if (lake::is_dataset_id(text)) {
        if (auto found = lake::read_dataset(service, text)) {
            return found;
        }
    }
    const auto named = lake::find_datasets(service, text);
    if (named.size() == 1) {
        return named.front();
    }
    if (named.empty()) {
        std::vector<std::string> names;
        for (const auto& one : lake::find_datasets(service)) {
            names.push_back(one.name);
        }
        problems.push_back("--into: no dataset in sandbox " + service.access().sandbox_name +
                           " is named \"" + inert_line(text) + "\" (bqconn datasets lists them)" +
                           did_you_mean(text, names));
        return std::nullopt;
    }
    std::string ids;
    for (const auto& one : named) {
        ids += (ids.empty() ? "" : ", ") + one.id;
    }
    problems.push_back("--into: several datasets are named \"" + inert_line(text) +
                       "\": pass the ID of one of them: " + ids);
    return std::nullopt;
}

void read_schema(flow::FlowService& service, const std::string& into, Found& found) {
    found.dataset = find_dataset(service, into, found.of_dataset);
    if (!found.dataset) {
        return;
    }
    if (found.dataset->schema_id.empty()) {
        found.of_dataset.push_back("--into: the dataset " + found.dataset->id + " has no schema");
        return;
    }
    try {
        found.schema = lake::read_schema(service, found.dataset->schema_id);
    } catch (const Error& error) {
        if (error.exit_code() != ExitCode::not_found) {
            throw;
        }
        found.of_dataset.push_back("--into: the schema of the dataset " + found.dataset->id +
                                   " does not exist: " + error.message());
    }
}

void find_readers(flow::FlowService& service, const std::string& connection_id,
                  const std::string& table, Found& found) {
    for (const auto& source : dataflow::find_ends(service, dataflow::Side::source,
                                                  {.base_connection_id = connection_id})) {
        if (source.table() == table) {
            const auto flows = dataflow::find_dataflows(service, {.source_id = source.id});
            found.readers.insert(found.readers.end(), flows.begin(), flows.end());
        }
    }
}

Found read_everything(Session& session, const Task& task, const std::string& connection_id) {
    const std::string& table = task.settings.text(Setting::table);
    const std::string& into = task.settings.text(Setting::into);
    Found found;
    std::vector<Session::Read> reads{
        [&](flow::FlowService& service) { read_columns(service, connection_id, table, found); },
        [&](flow::FlowService& service) { read_schema(service, into, found); }};
    if (!proposes(task)) {
        reads.emplace_back([&](flow::FlowService& service) {
            try {
                dataflow::require_flow_spec(service);
            } catch (const Error& error) {
                if (error.exit_code() != ExitCode::rejected &&
                    error.exit_code() != ExitCode::not_found) {
                    throw;
                }
                found.of_spec.push_back(error.message() + ": " + error.hint());
            }
        });
        reads.emplace_back([&](flow::FlowService& service) {
            find_readers(service, connection_id, table, found);
        });
    }
    session.read_all(reads);
    return found;
}

// --- What is wrong with it.

const flow::Column* column_named(const std::vector<flow::Column>& columns,
                                 const std::string& name) {
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const flow::Column& one) { return one.name == name; });
    return found == columns.end() ? nullptr : &*found;
}

// Adds a problem if the table has no such column.
const flow::Column* require_column(const std::vector<flow::Column>& columns,
                                   const std::string& name, const std::string& place,
                                   Problems& problems) {
    const flow::Column* const found = column_named(columns, name);
    if (found == nullptr) {
        std::vector<std::string> names;
        names.reserve(columns.size());
        for (const auto& one : columns) {
            names.push_back(one.name);
        }
        problems.push_back(place + ": the table has no column " + in_quotes(name) +
                           did_you_mean(name, names));
    }
    return found;
}

void check_delta(const config::Settings& settings, const std::vector<flow::Column>& columns,
                 Problems& problems) {
    if (!settings.has(Setting::delta)) {
        return;
    }
    const std::string& name = settings.text(Setting::delta);
    const flow::Column* const column = require_column(columns, name, "--delta", problems);
    if (column == nullptr) {
        return;
    }
    const lake::Type type = lake::type_of(json::member(column->as_sent, "xdm"));
    if (type != lake::Type::date && type != lake::Type::date_time) {
        std::string fitting;
        for (const auto& one : columns) {
            const lake::Type other = lake::type_of(json::member(one.as_sent, "xdm"));
            if (other == lake::Type::date || other == lake::Type::date_time) {
                fitting += (fitting.empty() ? "; use one of: " : ", ") + inert_line(one.name);
            }
        }
        problems.push_back("--delta: the column \"" + inert_line(name) + "\" is of type " +
                           std::string(lake::name_of(type)) + ", not a date or time" + fitting);
    }
}

// The columns that are read: all, or those of --columns.
std::vector<flow::Column> columns_read(const config::Settings& settings, const Found& found,
                                       Problems& problems) {
    if (!settings.has(Setting::columns)) {
        return found.columns;
    }
    std::vector<flow::Column> columns;
    for (const auto& part : split(settings.text(Setting::columns), ',')) {
        const std::string name(trim_ascii(part));
        if (column_named(columns, name) != nullptr) {
            problems.push_back("--columns: \"" + inert_line(name) + "\" is named twice");
        } else if (const auto* const column =
                       require_column(found.columns, name, "--columns", problems)) {
            columns.push_back(*column);
        }
    }
    const std::string delta = settings.text_if_set(Setting::delta).value_or("");
    if (column_named(found.columns, delta) != nullptr && column_named(columns, delta) == nullptr) {
        problems.push_back("--columns: the delta column \"" + inert_line(delta) +
                           "\" is missing: each run reads it");
    }
    return columns;
}

// Adds a problem for each field of a filter that the table does not have.
void check_filter(const json::Json& node, const std::vector<flow::Column>& columns,
                  Problems& problems) {
    if (json::string_at(node, "nodeType") == "fieldLookup") {
        if (json::member(node, "fieldName").is_string()) {
            require_column(columns, json::string_at(node, "fieldName"), "--filter", problems);
        } else {
            problems.emplace_back("--filter: fieldName must be text");
        }
    }
    for (const auto& param : json::array_at(node, "params")) {
        check_filter(param, columns, problems);
    }
}

Error bad_filter(const std::string& file, const std::string& what, std::size_t line = 0) {
    return {ExitCode::config, "config.filter",
            inert_line(file) + (line > 0 ? ":" + std::to_string(line) : "") + ": " + what,
            "docs/dataflows.md shows a filter"};
}

// Throws Error for a value that must not, or cannot, be sent as it was written.
void check_filter_value(const config::Settings& settings, const std::string& file,
                        const json::Json& value) {
    constexpr double past_64_bits = 9'223'372'036'854'775'808.0;
    if (value.is_string()) {
        config::refuse_secret(settings, value.get<std::string>(), inert_line(file));
    } else if (value.is_number_float() && std::abs(value.get<double>()) >= past_64_bits) {
        throw bad_filter(file, "has a number that does not fit in 64 bits");
    }
}

json::Json filter_of(const config::Settings& settings, const std::string& text, const Found& found,
                     Problems& problems) {
    if (!settings.has(Setting::filter)) {
        return nullptr;
    }
    const std::string& file = settings.text(Setting::filter);
    try {
        json::Json filter = json::parse(text, json::DuplicateKeys::refused);
        for (const auto& part : filter.flatten()) {
            check_filter_value(settings, file, part);
        }
        const json::Json& value = json::member(filter, "value");
        if (json::string_at(filter, "type") == "PQL" && value.is_object()) {
            check_filter(value, found.columns, problems);
            return filter;
        }
    } catch (const json::ParseError& error) {
        throw bad_filter(file, error.what(), error.line());
    }
    throw bad_filter(file, "must be an object with \"type\": \"PQL\" and a \"value\"");
}

void add(Problems& problems, const Problems& more) {
    problems.insert(problems.end(), more.begin(), more.end());
}

// The files are read before the first call, so that a signal ends the wait for a slow one.
struct Texts {
    std::string mapping;
    std::string filter;
};

// The name of the dataflow. Adds a problem if the default is one that --name would refuse.
std::string name_of_new(const config::Settings& settings, const Found& found, Problems& problems) {
    if (settings.has(Setting::dataflow_name)) {
        return settings.text(Setting::dataflow_name);
    }
    std::string name =
        settings.text(Setting::table) + " to " + (found.dataset ? found.dataset->name : "");
    const auto finding = config::check_value(config::spec_of(Setting::dataflow_name), name);
    if (found.dataset && finding) {
        problems.push_back("--name is missing: the default name " + in_quotes(name) +
                           " cannot be used because it " + finding->problem);
    }
    return name;
}

Plan plan_of(const Task& task, const std::string& connection_id, const Found& found,
             dataflow::Schedule schedule, const Texts& texts, Problems& problems) {
    const config::Settings& settings = task.settings;
    Plan plan{.name = name_of_new(settings, found, problems),
              .description = settings.text_if_set(Setting::description),
              .base_connection_id = connection_id,
              .table = settings.text(Setting::table),
              .columns = {},
              .filter = {},
              .dataset_id = found.dataset ? found.dataset->id : "",
              .schema_id = found.schema ? found.schema->schema.id : "",
              .mappings = {},
              .delta_column = settings.text_if_set(Setting::delta).value_or(""),
              .schedule = std::move(schedule),
              .partial_percent = partial_percent(settings)};
    if (!found.columns.empty()) {
        check_delta(settings, found.columns, problems);
        const auto columns = columns_read(settings, found, problems);
        plan.columns = json::Json::array();
        for (const auto& one : columns) {
            plan.columns.push_back(one.as_sent);
        }
        plan.filter = filter_of(settings, texts.filter, found, problems);
        plan.mappings = mappings_of(settings, texts.mapping, found.columns);
        if (found.schema) {
            add(problems, lake::problems_of(
                              plan.mappings, columns, *found.schema,
                              settings.has(Setting::columns) ? "--columns has" : "the table has"));
        }
    }
    return plan;
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

void print_proposal(Context& context, const std::vector<flow::Column>& columns,
                    const lake::SchemaFields& schema) {
    const lake::Proposal proposal = lake::propose(columns, schema);
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
                                   const Found& found) {
    const dataflow::Dataflow* first = nullptr;
    for (const auto& one : found.readers) {
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
Result find_existing(const Task& task, flow::FlowService& service, const Plan& plan,
                     const Found& found) {
    const std::string if_exists = task.settings.text_or_default(Setting::if_dataflow_exists);
    Result result{.name = plan.name, .schedule = plan.schedule};
    if (task.has(Flag::resume)) {
        result.chain = dataflow::find_parts(service, plan);
    }
    if (result.chain[Part::flow].empty() && if_exists != "new") {
        if (const auto* const one = existing(service, plan, found)) {
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
    dataflow::Schedule schedule = schedule_of(context, task, problems);
    report(problems);
    const Texts texts{text_of_file(task.settings, Setting::mapping),
                      text_of_file(task.settings, Setting::filter)};

    Session session(context, task.settings, access);
    flow::FlowService& service = session.service();
    const std::string connection_id =
        task.operands.empty() ? id_of_name(service, task.settings.text(Setting::connection_name))
                              : checked_id(task.operands.front(), IdOf::base_connection);
    const Found found = read_everything(session, task, connection_id);
    for (const auto& part : {found.of_table, found.of_dataset, found.of_spec}) {
        add(problems, part);
    }
    if (proposes(task)) {
        report(problems);
        const auto columns = columns_read(task.settings, found, problems);
        report(problems);
        print_proposal(context, columns, *found.schema);
        return;
    }
    const Plan plan = plan_of(task, connection_id, found, std::move(schedule), texts, problems);
    // The service would only report the same problems again.
    if (problems.empty()) {
        add(problems, lake::refused_by_service(service, plan.schema_id, plan.mappings));
    }
    report(problems);
    Result result = find_existing(task, service, plan, found);
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
