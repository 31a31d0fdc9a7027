// Flow Service: what a run does, and its document.
#include <map>
#include <stdexcept>
#include <utility>

#include "emulator/google/google.hpp"
#include "emulator/options.hpp"
#include "emulator/platform/dataflows.hpp"
#include "emulator/platform/lake.hpp"
#include "emulator/platform/mapping.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::string_view copy_activity_id = "4f008a00-3a04-11eb-adc1-0242ac120002";
constexpr std::string_view promotion_activity_id = "37b34f84-1ada-11eb-adc1-0242ac120002";

// --- Run documents

Json duration(std::int64_t start, std::int64_t end) {
    return {{"startedAtUTC", start}, {"completedAtUTC", end}};
}

Json new_activity(std::string_view id, const char* name, std::int64_t start, std::int64_t end) {
    return {{"id", id},
            {"name", name},
            {"updatedAtUTC", end},
            {"durationSummary", duration(start, end)},
            {"latencySummary", Json::object()},
            {"sizeSummary", Json::object()},
            {"recordSummary", Json::object()},
            {"fileSummary", Json::object()},
            {"statusSummary", {{"status", "success"}}}};
}

Json new_copy_activity(const Json& flow, const PendingRun& run, std::int64_t end) {
    Json activity = new_activity(copy_activity_id, "Google BigQuery Copy Activity", run.start, end);
    if (run.window) {
        activity["durationSummary"]["extensions"] = {{"windowStart", run.window->from},
                                                     {"windowEnd", run.window->to}};
    }
    activity["sourceInfo"] = {
        {{"id", flow.at("sourceConnectionIds").front()},
         {"type", "SourceConnection"},
         {"reference", {{"type", "AdfRunId"}, {"ids", Json::array({random_uuid()})}}}}};
    return activity;
}

// The run's metrics are those of its last activity.
Json finished_run(const PendingRun& run, std::int64_t end, const Json& activities) {
    const Json& last = activities.back();
    Json metrics = {{"durationSummary", duration(run.start, end)}};
    for (const char* const part : {"sizeSummary", "recordSummary", "fileSummary"}) {
        if (!last.at(part).empty()) {
            metrics[part] = last.at(part);
            metrics[part].erase("extensions");
        }
    }
    Json status = last.at("statusSummary");
    status.erase("extensions");
    status["activityRefs"] = Json::array({last.at("id")});
    metrics["statusSummary"] = status;
    return {{"metrics", metrics}, {"activities", activities}, {"updatedAt", end}};
}

Json failed_copy(Json activity, const std::string& words) {
    const Json errors = {{{"code", "2200"}, {"message", words}}};
    activity["recordSummary"] = {{"failedInfo", errors}};
    activity["statusSummary"] = {
        {"status", "failed"},
        {"errors",
         {{{"code", "CONNECTOR-1001-500"}, {"message", "Error in copying the data from Source."}}}},
        {"extensions",
         {{"errorDetail",
           "ErrorCode=UserErrorOdbcOperationFailed,'Type=Microsoft.DataTransfer.Common.Shared."
           "HybridDeliveryException,Message=ERROR [HY000] [Microsoft][BigQuery] " +
               words + ",Source=Microsoft.DataTransfer.Runtime.GenericOdbcConnectors,'"},
          {"errors", errors}}}};
    return activity;
}

// --- What a run does

Json connection_of(const Json& flow, const char* list, Kind kind, const Call& call) {
    const auto found = call.store.find(kind, *call.sandbox, flow.at(list).front());
    return found ? *found : Json();
}

// Reading failed; what() is what Google would say. It contains no value of a row.
class ReadFailed : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

const std::string revoked = "invalid_grant: Token has been expired or revoked.";

bool is_in_window(const Json& row, const PendingRun& run) {
    const Json& value = json::member(row, run.delta_column);
    if (value.is_null()) {
        return false;
    }
    const auto time = parse_date_time(value.get_ref<const std::string&>());
    if (!time) {
        throw ReadFailed("Invalid timestamp in column " + run.delta_column);
    }
    return run.window->from <= *time && *time < run.window->to;
}

bool is_selected(const Json& row, const Json& filter, const BigQueryTable& table) {
    try {
        return filter.is_null() || passes(row, filter, &table);
    } catch (const Refused&) {
        throw ReadFailed("The row filter does not fit the columns of the table");
    }
}

// Fails as BigQuery would if --google asks for it.
void check_google(const Google& google, const std::string& project) {
    const std::map<GoogleFailure, std::string> refusals{
        {GoogleFailure::revoked, revoked},
        {GoogleFailure::no_project, "Not found: Project " + project},
        {GoogleFailure::api_disabled,
         "BigQuery API has not been used in project " + project + " before or it is disabled."},
        {GoogleFailure::no_role, "Access Denied: Project " + project +
                                     ": User does not have bigquery.jobs.create permission."},
        {GoogleFailure::no_dataset_role,
         "Access Denied: Dataset in " + project + ": User does not have permission to read it."}};
    for (const auto& [failure, words] : refusals) {
        if (google.fails(failure)) {
            throw ReadFailed(words);
        }
    }
}

// Throws ReadFailed.
Json read_source(const Json& flow, const PendingRun& run, const Mapping& mapping,
                 const Call& call) {
    const Json source = connection_of(flow, "sourceConnectionIds", Kind::source_connection, call);
    const auto base = call.store.find(Kind::connection, *call.sandbox,
                                      json::string_at(source, "baseConnectionId"));
    if (!base || !source_accepts(*base, call)) {
        throw ReadFailed(revoked);
    }
    const Json& auth = base->at("auth").at("params");
    const std::string project =
        json::string_at(auth, "project", json::string_at(auth, "projectId"));
    check_google(call.google, project);
    const Json& params = json::member(source, "params");
    const std::string path = json::string_at(params, "tableName");
    const auto bigquery = call.google.bigquery();
    const BigQueryTable* const table = find_table(*bigquery, path);
    if (table == nullptr) {
        throw ReadFailed("Not found: Table " + project + ":" + path + " was not found");
    }
    std::vector<std::string> copied;
    for (const Json& column : json::array_at(params, "columns")) {
        copied.push_back(json::string_at(column, "name"));
    }
    auto needed = mapping.columns();
    needed.insert(needed.end(), copied.begin(), copied.end());
    if (run.window) {
        needed.push_back(run.delta_column);
    }
    for (const auto& name : needed) {
        if (find_column(*table, name) == nullptr) {
            throw ReadFailed("Unrecognized name: " + name);
        }
    }
    if (run.window && find_column(*table, run.delta_column)->at("type") != "string") {
        throw ReadFailed("No matching signature for operator >= for argument types: column " +
                         run.delta_column + ", TIMESTAMP");
    }
    const Json& filter = json::member(params, "filters");
    Json rows = Json::array();
    for (const Json& row : table->rows) {
        if ((!run.window || is_in_window(row, run)) && is_selected(row, filter, *table)) {
            rows.push_back(copied.empty() ? row : Json::object());
            for (const auto& name : copied) {
                rows.back()[name] = row.at(name);
            }
        }
    }
    return rows;
}

// Maps the rows to a batch of the dataset.
Batch make_batch(const Json& flow, const Json& rows, const Mapping& mapping, const Json& target) {
    const Json& options = json::member(flow, "options");
    Batch batch{.dataset_id = json::string_at(json::member(target, "params"), "dataSetId"),
                .flow_id = flow.at("id"),
                .diagnostics = json::member(options, "errorDiagnosticsEnabled") == true};
    for (const Json& row : rows) {
        const MappedRow mapped = mapping.map(row);
        if (mapped.errors.empty()) {
            batch.documents.push_back(mapped.document);
        } else {
            batch.rejected.push_back(rejected_row(row, mapped));
        }
        batch.nullified += mapped.warnings.empty() ? 0 : 1;
    }
    const Json percent =
        options.is_object() ? options.value("partialIngestionPercent", Json(0)) : Json(0);
    constexpr double whole = 100;
    batch.success =
        !batch.documents.empty() && static_cast<double>(batch.rejected.size()) * whole <=
                                        percent.get<double>() * static_cast<double>(rows.size());
    return batch;
}

Json promotion_status(const Batch& batch, const std::string& meta, const Json& found) {
    Json status = {{"status", batch.success ? "success" : "failed"}};
    if (!batch.rejected.empty()) {
        status["errors"] = {
            {{"code", "CONNECTOR-2001-500"}, {"message", "Error occurred at promotion activity."}}};
    }
    Json errors = Json::array();
    if (!batch.rejected.empty() && batch.success) {
        errors.push_back({{"code", "INGEST-1212-400"},
                          {"message", "Encountered " + std::to_string(batch.rejected.size()) +
                                          " errors in the data. Successfully ingested " +
                                          std::to_string(batch.documents.size()) + " rows."}});
    }
    for (const Json& error : found) {
        errors.push_back(error);
        errors.back()["message"] = error.at("description");
        errors.back().erase("description");
    }
    if (!errors.empty()) {
        status["extensions"] = {{"manifest", {{"failedRecords", meta + "row_errors"}}},
                                {"errors", errors}};
    }
    return status;
}

Json promotion_activity(const Json& flow, const Batch& batch, std::size_t input_bytes,
                        const Call& call) {
    const auto stored = add_batch(call.store, *call.sandbox, batch);
    const std::string id = stored->at("id");
    // Adobe's host, whatever the address of the emulator: clients must not send a token there.
    const std::string meta =
        "https://platform.adobe.io" + export_path + "/batches/" + id + "/meta?path=";
    const std::size_t output = batch.success ? batch.documents.size() : 0;
    Json activity =
        new_activity(promotion_activity_id, "Promotion Activity", batch.started, batch.completed);
    activity["sizeSummary"] = {{"inputBytes", input_bytes},
                               {"outputBytes", output == 0 ? 0 : dump(batch.documents).size()}};
    activity["recordSummary"] = {
        {"inputRecordCount", batch.documents.size() + batch.rejected.size()},
        {"outputRecordCount", output},
        {"failedRecordCount", batch.rejected.size()}};
    if (batch.nullified > 0) {
        activity["recordSummary"]["warningRecordCount"] = batch.nullified;
    }
    activity["fileSummary"] = {{"inputFileCount", 1}, {"outputFileCount", output == 0 ? 0 : 1}};
    activity["statusSummary"] = promotion_status(batch, meta, stored->at("body").at("errors"));
    activity["targetInfo"] = {{{"id", flow.at("targetConnectionIds").front()},
                               {"type", "TargetConnection"},
                               {"reference", {{"type", "Batch"}, {"ids", Json::array({id})}}}}};
    return activity;
}

}  // namespace

Json unfinished_run(const Json& flow, const PendingRun& run) {
    Json copy = new_copy_activity(flow, run, run.start);
    copy["durationSummary"].erase("completedAtUTC");
    copy["statusSummary"]["status"] = "inProgress";
    return {{"metrics",
             {{"durationSummary", {{"startedAtUTC", run.start}}},
              {"statusSummary", copy.at("statusSummary")}}},
            {"activities", Json::array({copy})},
            {"updatedAt", run.start}};
}

Json execute_run(const Json& flow, const PendingRun& run, const Call& call) {
    const std::int64_t end = run.start + run_time(call);
    const std::int64_t middle = run.start + run_time(call) / 2;
    const Json mapping_set = mapping_set_of(flow, call);
    const Mapping mapping(
        mapping_set, find_full_schema(call.store, *call.sandbox, mapped_schema_id(mapping_set)));
    Json rows;
    try {
        if (mapping_set.is_null()) {
            throw ReadFailed("The mapping set of the dataflow was not found");
        }
        rows = read_source(flow, run, mapping, call);
    } catch (const ReadFailed& failure) {
        const Json copy = failed_copy(new_copy_activity(flow, run, end), failure.what());
        return finished_run(run, end, Json::array({copy}));
    }
    const std::size_t bytes = rows.empty() ? 0 : dump(rows).size();
    Json copy = new_copy_activity(flow, run, rows.empty() ? end : middle);
    copy["sizeSummary"] = {{"inputBytes", bytes}, {"outputBytes", bytes}};
    copy["recordSummary"] = {{"inputRecordCount", rows.size()}, {"outputRecordCount", rows.size()}};
    Json activities = Json::array({copy});
    if (!rows.empty()) {
        const Json target =
            connection_of(flow, "targetConnectionIds", Kind::target_connection, call);
        Batch batch = make_batch(flow, rows, mapping, target);
        batch.started = middle;
        batch.completed = end;
        activities.push_back(promotion_activity(flow, batch, bytes, call));
    }
    return finished_run(run, end, activities);
}

Json made_up_run(const Json& flow, const PendingRun& run, std::int64_t end, std::size_t number) {
    Json copy = new_copy_activity(flow, run, end);
    copy["recordSummary"] = {{"inputRecordCount", number}, {"outputRecordCount", number}};
    if (number % 10 == 5) {
        copy = failed_copy(std::move(copy), "Not found: Table made-up:shop.orders was not found");
    }
    return finished_run(run, end, Json::array({copy}));
}

}  // namespace bqconn::emulator
