#include "commands/dataflow_plan.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/flow/connections.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/lake/datasets.hpp"
#include "commands/flows.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using dataflow::Plan;

// An error for what the user wrote, in flags or in a manifest.
Error invalid_plan(const config::Settings& settings, const std::string& message, std::string hint) {
    const bool typed = !is_from_manifest(settings);
    return {typed ? ExitCode::usage : ExitCode::config,
            typed ? "usage.dataflow" : "config.dataflow", message, std::move(hint)};
}

// --- Reading

struct Found {
    std::vector<flow::Column> columns;  // of the table; empty only if the table has a problem
    std::optional<lake::Dataset> dataset;
    std::optional<lake::SchemaFields> schema;
    std::vector<dataflow::Dataflow> readers;  // the dataflows that read the table
    // Each parallel read adds only to its own list.
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
                  const config::Settings& settings, Found& found) {
    const std::string& table = settings.text(Setting::table);
    const std::string place = place_of(settings, Setting::table);
    const flow::Connection connection = read_target(service, connection_id);
    refuse_other_source(connection);
    try {
        found.columns = flow::read_table(service, connection_id, table, false).columns;
        if (found.columns.empty()) {
            found.of_table.push_back(place + ": the service reports no columns for " +
                                     inert_line(table));
        }
        return;
    } catch (const Error& error) {
        if (error.exit_code() != ExitCode::not_found && error.exit_code() != ExitCode::rejected) {
            throw;
        }
        found.of_table.push_back(place + ": the connection " + connection_id + " cannot read " +
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
        found.of_table.back() += "; it cannot read any table: run bqconn test " + connection_id;
    }
}

// The dataset that `text` names by its ID or its exact name.
std::optional<lake::Dataset> find_dataset(flow::FlowService& service, const std::string& text,
                                          const std::string& place, Problems& problems) {
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
        problems.push_back(place + ": no dataset in sandbox " + service.access().sandbox_name +
                           " is named \"" + inert_line(text) +
                           "\" (list the datasets with bqconn datasets)" +
                           did_you_mean(text, names));
        return std::nullopt;
    }
    std::string ids;
    for (const auto& one : named) {
        ids += (ids.empty() ? "" : ", ") + one.id;
    }
    problems.push_back(place + ": several datasets are named \"" + inert_line(text) +
                       "\": pass the ID of one of them: " + ids);
    return std::nullopt;
}

void read_schema(flow::FlowService& service, const config::Settings& settings, Found& found) {
    const std::string place = place_of(settings, Setting::into);
    found.dataset = find_dataset(service, settings.text(Setting::into), place, found.of_dataset);
    if (!found.dataset) {
        return;
    }
    if (found.dataset->schema_id.empty()) {
        found.of_dataset.push_back(place + ": the dataset " + found.dataset->id + " has no schema");
        return;
    }
    try {
        found.schema = lake::read_schema(service, found.dataset->schema_id);
    } catch (const Error& error) {
        if (error.exit_code() != ExitCode::not_found) {
            throw;
        }
        found.of_dataset.push_back(place + ": the schema of the dataset " + found.dataset->id +
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

Found read_everything(const config::Settings& settings, const RunReads& run_reads,
                      const std::string& connection_id) {
    Found found;
    std::vector<Session::Read> reads{
        [&](flow::FlowService& service) { read_columns(service, connection_id, settings, found); },
        [&](flow::FlowService& service) { read_schema(service, settings, found); }};
    if (!proposes(settings)) {
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
            find_readers(service, connection_id, settings.text(Setting::table), found);
        });
    }
    run_reads(reads);
    return found;
}

// --- Checking

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
    const std::string place = place_of(settings, Setting::delta);
    const flow::Column* const column = require_column(columns, name, place, problems);
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
        problems.push_back(place + ": the column \"" + inert_line(name) + "\" is of type " +
                           std::string(lake::name_of(type)) + ", not a date or time" + fitting);
    }
}

// The columns that are read: all, or the chosen ones.
std::vector<flow::Column> columns_read(const config::Settings& settings, const Found& found,
                                       Problems& problems) {
    if (!settings.has(Setting::columns)) {
        return found.columns;
    }
    const std::string place = place_of(settings, Setting::columns);
    std::vector<flow::Column> columns;
    for (const auto& part : split(settings.text(Setting::columns), ',')) {
        const std::string name(trim_ascii(part));
        if (column_named(columns, name) != nullptr) {
            problems.push_back(place + ": \"" + inert_line(name) + "\" is named twice");
        } else if (const auto* const column =
                       require_column(found.columns, name, place, problems)) {
            columns.push_back(*column);
        }
    }
    const std::string delta = settings.text_if_set(Setting::delta).value_or("");
    if (column_named(found.columns, delta) != nullptr && column_named(columns, delta) == nullptr) {
        problems.push_back(place + ": the delta column \"" + inert_line(delta) +
                           "\" is missing: each run reads it");
    }
    return columns;
}

// Adds a problem for each field of a filter that the table does not have.
void check_filter(const json::Json& node, const std::vector<flow::Column>& columns,
                  const std::string& place, Problems& problems) {
    if (json::string_at(node, "nodeType") == "fieldLookup") {
        if (json::member(node, "fieldName").is_string()) {
            require_column(columns, json::string_at(node, "fieldName"), place, problems);
        } else {
            problems.push_back(place + ": fieldName must be a string");
        }
    }
    for (const auto& param : json::array_at(node, "params")) {
        check_filter(param, columns, place, problems);
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
            check_filter(value, found.columns, place_of(settings, Setting::filter), problems);
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

Problems problems_of(const Found& found) {
    Problems problems;
    for (const auto& part : {found.of_table, found.of_dataset, found.of_spec}) {
        add(problems, part);
    }
    return problems;
}

// Where the mapping as a whole comes from.
std::string place_of_mapping(const config::Settings& settings) {
    return place_of(settings, settings.has(Setting::mapping) ? Setting::mapping : Setting::map);
}

// The name of the dataflow. Adds a problem if the default is one that --name would refuse.
std::string name_of_new(const config::Settings& settings, const Found& found, Problems& problems) {
    if (settings.has(Setting::dataflow_name)) {
        return settings.text(Setting::dataflow_name);
    }
    std::string name =
        settings.text(Setting::table) + " to " + (found.dataset ? found.dataset->name : "");
    const auto finding = config::check_value(config::spec_of(Setting::dataflow_name), name);
    if (found.dataset && finding) {
        problems.push_back(place_of(settings, Setting::dataflow_name) +
                           " is missing: the default name " + in_quotes(name) +
                           " cannot be used because it " + finding->problem);
    }
    return name;
}

Plan plan_of(const config::Settings& settings, const std::string& connection_id, const Found& found,
             Draft draft, Problems& problems) {
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
              .schedule = std::move(draft.schedule),
              .partial_percent = partial_percent(settings)};
    if (!found.columns.empty()) {
        check_delta(settings, found.columns, problems);
        const auto columns = columns_read(settings, found, problems);
        plan.columns = json::Json::array();
        for (const auto& one : columns) {
            plan.columns.push_back(one.as_sent);
        }
        plan.filter = filter_of(settings, draft.filter, found, problems);
        plan.mappings = mappings_of(settings, draft.mapping, found.columns);
        if (found.schema) {
            add(problems,
                lake::problems_of(plan.mappings, columns, *found.schema, place_of_mapping(settings),
                                  settings.has(Setting::columns)
                                      ? place_of(settings, Setting::columns) + " has"
                                      : "the table has"));
        }
    }
    return plan;
}

// --- A new mapping for an existing dataflow

// The columns of the table that the source connection reads.
std::vector<flow::Column> columns_read_by(flow::FlowService& service, const dataflow::End& source) {
    std::vector<flow::Column> columns =
        flow::read_table(service, source.base_connection_id, source.table(), false).columns;
    std::set<std::string> read;
    for (const auto& column : json::array_at(source.params, "columns")) {
        read.insert(json::string_at(column, "name"));
    }
    if (!read.empty()) {
        std::erase_if(columns, [&](const flow::Column& one) { return !read.contains(one.name); });
    }
    return columns;
}

}  // namespace

bool proposes(const config::Settings& settings) {
    return settings.text_if_set(Setting::map) == "auto";
}

void refuse(const config::Settings& settings, const Problems& problems) {
    if (problems.empty()) {
        return;
    }
    throw invalid_plan(
        settings,
        problems.size() == 1
            ? "the dataflow cannot be created: " + problems.front()
            : "the dataflow cannot be created, for these reasons:\n  " + join(problems, "\n  "),
        "fix this, then run the command again: nothing was created");
}

Planned plan_dataflow(const config::Settings& settings, Draft draft, flow::FlowService& service,
                      const RunReads& run_reads, const std::string& connection_id) {
    Found found = read_everything(settings, run_reads, connection_id);
    Problems problems = problems_of(found);
    Plan plan = plan_of(settings, connection_id, found, std::move(draft), problems);
    // The service would only report the same problems again.
    if (problems.empty()) {
        add(problems, lake::refused_by_service(service, plan.schema_id, plan.mappings,
                                               place_of_mapping(settings)));
    }
    refuse(settings, problems);
    return {std::move(plan), std::move(found.readers)};
}

Mappable read_mappable(const config::Settings& settings, const RunReads& run_reads,
                       const std::string& connection_id) {
    Found found = read_everything(settings, run_reads, connection_id);
    Problems problems = problems_of(found);
    refuse(settings, problems);
    Mappable mappable{columns_read(settings, found, problems), std::move(*found.schema)};
    refuse(settings, problems);
    return mappable;
}

NewMapping checked_mapping(const config::Settings& settings, const std::string& text,
                           flow::FlowService& service, const RunReads& run_reads,
                           const dataflow::Dataflow& one) {
    if (one.source_ids.size() != 1 || one.target_ids.size() != 1) {
        throw Error(
            ExitCode::bad_response, "bad_response.dataflow",
            "dataflow " + one.id + " does not have exactly one source and one target connection",
            std::string(dataflow::create_anew));
    }
    std::vector<flow::Column> columns;
    lake::SchemaFields schema;
    run_reads(
        {[&](flow::FlowService& own) {
             columns = columns_read_by(
                 own, dataflow::read_end(own, dataflow::Side::source, one.source_ids.front()));
         },
         [&](flow::FlowService& own) {
             schema = lake::read_schema(
                 own,
                 dataflow::read_end(own, dataflow::Side::target, one.target_ids.front()).schema_id);
         }});
    NewMapping mapping{schema.schema.id, mappings_of(settings, text, columns)};
    const std::string place = place_of_mapping(settings);
    auto problems =
        lake::problems_of(mapping.mappings, columns, schema, place, "the dataflow reads");
    if (problems.empty()) {
        problems = lake::refused_by_service(service, mapping.schema_id, mapping.mappings, place);
    }
    if (!problems.empty()) {
        throw invalid_plan(
            settings, "the mapping is invalid:\n  " + join(problems, "\n  "),
            "bqconn explore shows the columns of a table; bqconn schemas ID shows the "
            "fields of a schema");
    }
    return mapping;
}

}  // namespace bqconn::commands
