#include "bqconn/output/dataflow.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "bqconn/core/inert.hpp"
#include "output/list.hpp"

namespace bqconn::output {
namespace {

using dataflow::Run;
using dataflow::RunState;
using json::OrderedJson;

OrderedJson time_or_null(std::int64_t time) {
    return time > 0 ? OrderedJson(time) : OrderedJson();
}

OrderedJson count_or_null(const std::optional<std::int64_t>& count) {
    return count ? OrderedJson(*count) : OrderedJson();
}

std::string text_of(const std::optional<std::int64_t>& count) {
    return count ? std::to_string(*count) : "-";
}

// "1 record", "2 records".
std::string records(std::int64_t count) {
    return std::to_string(count) + (count == 1 ? " record" : " records");
}

std::optional<std::chrono::seconds> time_taken(const Run& run) {
    if (!run.has_ended() || run.started_at <= 0 || run.completed_at < run.started_at) {
        return std::nullopt;
    }
    return std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::milliseconds(run.completed_at - run.started_at));
}

std::string time_taken_text(const Run& run) {
    const auto time = time_taken(run);
    return time ? duration(*time) : "-";
}

std::string with_id(const std::string& name, const std::string& id) {
    return name.empty() ? id : name + " (" + id + ")";
}

// A dataflow of tables has one source and one target connection.
std::string first_of(const std::vector<std::string>& ids) {
    return ids.empty() ? "" : ids.front();
}

std::string schedule_text(const dataflow::Schedule& schedule) {
    constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max() / 1000;
    std::string text = words_of(schedule);
    if (schedule.start > 0 && schedule.start <= last) {
        text += (schedule.is_once() ? ", at " : ", from ") + local_time(schedule.start * 1000);
    }
    return text + (schedule.is_once() || schedule.backfill ? "" : ", without earlier rows");
}

std::string last_run_text(const dataflow::LastRun& run) {
    return std::string(name_of(run.state)) + ", started " + local_time(run.started_at) + " (" +
           run.id + ")";
}

OrderedJson error_json(const dataflow::RunError& error) {
    return {{"code", error.code},
            {"message", error.message},
            {"records", count_or_null(error.records)}};
}

OrderedJson errors_json(const std::vector<dataflow::RunError>& errors) {
    OrderedJson array = OrderedJson::array();
    for (const auto& one : errors) {
        array.push_back(error_json(one));
    }
    return array;
}

OrderedJson activities_json(const std::vector<dataflow::Activity>& activities) {
    OrderedJson array = OrderedJson::array();
    for (const auto& one : activities) {
        array.push_back({{"name", one.name},
                         {"failed", one.failed},
                         {"errors", errors_json(one.errors)},
                         {"detail", one.detail}});
    }
    return array;
}

OrderedJson cause_json(const std::optional<dataflow::Cause>& cause) {
    if (!cause) {
        return {};
    }
    return {{"code", cause->code},
            {"activity", cause->activity},
            {"message", cause->message},
            {"hint", cause->hint}};
}

}  // namespace

// --- The lists

template <>
Layout layout_of<ListedDataset>() {
    return {{{"ID"}, {"NAME", true}, {"SCHEMA", true}, {"SCHEMA ID", false, 1}}, "No datasets.\n"};
}

template <>
Row cells_of(const ListedDataset& one) {
    return {one.dataset.id, one.dataset.name, one.schema_title, one.dataset.schema_id};
}

template <>
OrderedJson json_of(const ListedDataset& one) {
    return {{"id", one.dataset.id},
            {"name", one.dataset.name},
            {"schemaId", one.dataset.schema_id},
            {"schemaTitle", one.schema_title}};
}

template <>
Layout layout_of<lake::Schema>() {
    return {{{"ID"}, {"TITLE", true}}, "No schemas.\n"};
}

template <>
Row cells_of(const lake::Schema& one) {
    return {one.id, one.title};
}

template <>
OrderedJson json_of(const lake::Schema& one) {
    return {{"id", one.id}, {"altId", one.alt_id}, {"title", one.title}, {"version", one.version}};
}

template <>
Layout layout_of<lake::Field>() {
    return {{{"PATH", true}, {"TYPE"}, {"REQUIRED"}}, "No fields.\n"};
}

template <>
Row cells_of(const lake::Field& one) {
    return {one.path, std::string(name_of(one.type)), one.required ? "required" : ""};
}

template <>
OrderedJson json_of(const lake::Field& one) {
    return {{"path", one.path}, {"type", name_of(one.type)}, {"required", one.required}};
}

template <>
Layout layout_of<dataflow::Dataflow>() {
    return {{{"ID"},
             {"NAME", true},
             {"TABLE", true, 4},
             {"DATASET", true, 3},
             {"SCHEDULE", false, 1},
             {"STATE"},
             {"LAST RUN"},
             {"STARTED", false, 2}},
            "No dataflows.\n"};
}

template <>
Row cells_of(const dataflow::Dataflow& one) {
    return {one.id,
            one.name,
            one.table,
            one.dataset_name.empty() ? one.dataset_id : one.dataset_name,
            words_of(one.schedule),
            one.state,
            one.last_run ? std::string(name_of(one.last_run->state)) : "-",
            one.last_run ? local_time(one.last_run->started_at) : "-"};
}

template <>
OrderedJson json_of(const dataflow::Dataflow& one) {
    return to_json(one);
}

template <>
Layout layout_of<Run>() {
    return {{{"ID"},
             {"STARTED"},
             {"DURATION", false, 1},
             {"READ", false, 2},
             {"WRITTEN", false, 3},
             {"FAILED"},
             {"STATE"}},
            "No runs.\n"};
}

template <>
Row cells_of(const Run& one) {
    return {one.id,
            local_time(one.started_at),
            time_taken_text(one),
            text_of(one.read),
            text_of(one.written),
            text_of(one.failed),
            std::string(name_of(one.state))};
}

template <>
OrderedJson json_of(const Run& one) {
    const auto time = time_taken(one);
    return {{"id", one.id},
            {"dataflowId", one.flow_id},
            {"state", name_of(one.state)},
            {"status", one.status},
            {"createdAt", time_or_null(one.created_at)},
            {"startedAt", time_or_null(one.started_at)},
            {"completedAt", time_or_null(one.completed_at)},
            {"durationSeconds", time ? OrderedJson(time->count()) : OrderedJson()},
            {"read", count_or_null(one.read)},
            {"written", count_or_null(one.written)},
            {"failed", count_or_null(one.failed)},
            {"batchId", one.batch_id},
            {"errors", errors_json(one.errors)},
            {"activities", activities_json(one.activities)}};
}

template std::string render(const std::vector<ListedDataset>&, Format, const Style&, std::size_t);
template std::string render(const std::vector<lake::Schema>&, Format, const Style&, std::size_t);
template std::string render(const std::vector<dataflow::Dataflow>&, Format, const Style&,
                            std::size_t);
template std::string render(const std::vector<Run>&, Format, const Style&, std::size_t);

// --- One of each

std::string render(const lake::SchemaFields& schema, Format format, const Style& style) {
    if (format != Format::json) {
        return render(schema.fields, format, style, 0);
    }
    OrderedJson document = json_of(schema.schema);
    document["fields"] = array_of(schema.fields);
    return json::to_line(document) + "\n";
}

OrderedJson to_json(const dataflow::Dataflow& one) {
    OrderedJson last_run;
    if (one.last_run) {
        last_run = {{"id", one.last_run->id},
                    {"state", name_of(one.last_run->state)},
                    {"status", one.last_run->status},
                    {"startedAt", time_or_null(one.last_run->started_at)},
                    {"completedAt", time_or_null(one.last_run->completed_at)}};
    }
    return {{"id", one.id},
            {"etag", one.etag},
            {"name", one.name},
            {"description", one.description},
            {"state", one.state},
            {"table", one.table},
            {"datasetId", one.dataset_id},
            {"datasetName", one.dataset_name},
            {"schedule", dataflow::to_json(one.schedule)},
            {"lastRun", last_run},
            {"connectionId", one.base_connection_id},
            {"sourceConnectionId", first_of(one.source_ids)},
            {"targetConnectionId", first_of(one.target_ids)},
            {"mappingSetId", one.mapping_id},
            {"mappingSetVersion", one.mapping_version},
            {"deltaColumn", one.delta_column},
            {"options", OrderedJson(one.options)},
            {"createdAt", time_or_null(one.created_at)},
            {"updatedAt", time_or_null(one.updated_at)}};
}

std::string text_of(const dataflow::Dataflow& one, const std::string& sandbox_name) {
    return details({
        {"id", one.id},
        {"name", one.name},
        {"description", one.description},
        {"sandbox", sandbox_name},
        {"state", one.state},
        {"table", one.table},
        {"dataset", with_id(one.dataset_name, one.dataset_id)},
        {"schedule", schedule_text(one.schedule)},
        {"delta column", one.delta_column},
        {"last run", one.last_run ? last_run_text(*one.last_run) : ""},
        {"options", one.options.is_null() ? "" : json::to_line(one.options)},
        {"base connection", one.base_connection_id},
        {"source connection", first_of(one.source_ids)},
        {"target connection", first_of(one.target_ids)},
        {"mapping set",
         one.mapping_id.empty() ? "" : one.mapping_id + ", version " + one.mapping_version},
        {"created", local_time(one.created_at)},
        {"updated", local_time(one.updated_at)},
        {"etag", one.etag},
    });
}

namespace {

OrderedJson why_json(const Diagnosis& diagnosis) {
    OrderedJson document = {{"dataflowId", diagnosis.dataflow.id},
                            {"dataflowName", diagnosis.dataflow.name},
                            {"run", diagnosis.run ? json_of(*diagnosis.run) : OrderedJson()},
                            {"cause", cause_json(diagnosis.cause)}};
    if (diagnosis.rejected_rows) {
        document["rejectedRows"] = *diagnosis.rejected_rows;
    }
    return document;
}

// How the run ended, with the cause: one line.
std::string outcome_of(const Run& run, const std::optional<dataflow::Cause>& cause) {
    const std::string why = cause ? ": " + cause->message : "";
    switch (run.state) {
        case RunState::running:
            return "has not ended yet" + why;
        case RunState::succeeded:
            return cause ? "succeeded, with a warning" + why : "succeeded";
        case RunState::partly:
            return run.failed.value_or(0) > 0 ? "rejected " + records(*run.failed) + why
                                              : "succeeded with errors" + why;
        case RunState::failed:
            break;
    }
    return cause ? "failed" + why : "failed; the service gives no reason";
}

// The errors of a row, then the row without them, cut to the terminal.
std::string row_text(OrderedJson row, const Style& style) {
    std::string text;
    const OrderedJson errors =
        row.is_object() ? row.value("_errors", OrderedJson()) : OrderedJson();
    if (row.is_object()) {
        row.erase("_errors");
    }
    for (const auto& error : errors) {
        const auto word = [&error](const char* key) {
            const auto found = error.is_object() ? error.find(key) : error.end();
            return found != error.end() && found->is_string() ? found->get<std::string>() : "";
        };
        text +=
            wrapped("  " + inert_line(word("code") + ": " + word("message")), style.columns) + "\n";
    }
    const std::string line = "    " + json::to_line(row);
    return text + (style.columns == 0 ? line : cut_to_width(line, style.columns, cut_mark(style))) +
           "\n";
}

std::string rows_text(const Diagnosis& diagnosis, const Style& style) {
    if (!diagnosis.rejected_rows) {
        return "";
    }
    if (diagnosis.rejected_rows->empty()) {
        return "\nThe service has no rejected rows for this run; it keeps them for 30 days.\n";
    }
    std::string text = "\nRejected rows:\n";
    for (const auto& row : *diagnosis.rejected_rows) {
        text += row_text(row, style);
    }
    return text;
}

std::string why_text(const Diagnosis& diagnosis, const Style& style) {
    const std::string dataflow = "dataflow \"" + inert_line(diagnosis.dataflow.name) + "\"";
    if (!diagnosis.run) {
        return "No run of " + dataflow + " has failed, and none of the latest has errors.\n";
    }
    const Run& run = *diagnosis.run;
    const auto& cause = diagnosis.cause;
    std::string text =
        wrapped("Run " + run.id + " of " + dataflow + " " + outcome_of(run, cause), style.columns) +
        "\n\n" +
        details({{"  code", cause ? cause->code : ""},
                 {"  activity", cause ? cause->activity : ""},
                 {"  started", local_time(run.started_at)},
                 {"  duration", time_taken_text(run)},
                 {"  read", text_of(run.read)},
                 {"  written", text_of(run.written)},
                 {"  failed", text_of(run.failed)},
                 {"  dataflow", diagnosis.dataflow.id}});
    if (cause && !cause->hint.empty()) {
        text += "\n" + wrapped("What to do: " + cause->hint, style.columns) + "\n";
    }
    return text + rows_text(diagnosis, style);
}

}  // namespace

std::string render(const Diagnosis& diagnosis, Format format, const Style& style) {
    switch (format) {
        case Format::json:
            return json::to_line(why_json(diagnosis)) + "\n";
        case Format::id:
            return diagnosis.run ? diagnosis.run->id + "\n" : "";
        default:
            return why_text(diagnosis, style);
    }
}

}  // namespace bqconn::output
