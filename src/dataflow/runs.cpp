#include "bqconn/dataflow/runs.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "bqconn/core/text.hpp"
#include "bqconn/flow/wire.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/http/url.hpp"

namespace bqconn::dataflow {
namespace {

using json::Json;

constexpr flow::Subject of_runs{"the list of runs", "bad_response.runs"};
constexpr flow::Subject of_run{"the run", "bad_response.run"};
constexpr flow::Subject of_rows{"the list of rejected rows", "bad_response.rows"};

// The ids that the service gives its two activities; older runs have names.
constexpr std::string_view copy_id = "4f008a00-3a04-11eb-adc1-0242ac120002";
constexpr std::string_view promotion_id = "37b34f84-1ada-11eb-adc1-0242ac120002";

// -1 means unknown.
std::optional<std::int64_t> count_at(const Json& document, const char* key) {
    const auto count = json::integer_at(document, key);
    return count && *count >= 0 ? count : std::nullopt;
}

// A code may come as a number.
std::string code_at(const Json& document) {
    const auto number = json::integer_at(document, "code");
    return number ? std::to_string(*number)
                  : http::service_words(json::string_at(document, "code"));
}

void add_errors(std::vector<RunError>& errors, const Json& list) {
    for (const auto& item : list) {
        RunError error{.code = code_at(item),
                       .message = http::service_words(
                           json::string_at(item, "message", json::string_at(item, "description"))),
                       .records = count_at(item, "recordCount")};
        const bool known = std::any_of(errors.begin(), errors.end(), [&](const RunError& other) {
            return other.code == error.code && other.message == error.message;
        });
        if (!known && !(error.code.empty() && error.message.empty())) {
            errors.push_back(std::move(error));
        }
    }
}

std::string activity_name(const Json& item) {
    const std::string id = json::string_at(item, "id");
    if (id == copy_id || id == "copyActivity") {
        return "copy";
    }
    if (id == promotion_id || id == "promotionActivity") {
        return "promotion";
    }
    return http::service_words(json::string_at(item, "name", id));
}

Activity activity_of(const Json& item) {
    const Json& summary = json::member(item, "statusSummary");
    const Json& extensions = json::member(summary, "extensions");
    Activity activity{.name = activity_name(item),
                      .failed = to_lower_ascii(json::string_at(summary, "status")) == "failed",
                      .errors = {},
                      .detail = http::service_words(json::string_at(extensions, "errorDetail"))};
    add_errors(activity.errors, json::array_at(extensions, "errors"));
    add_errors(activity.errors, json::array_at(json::member(item, "recordSummary"), "failedInfo"));
    add_errors(activity.errors, json::array_at(summary, "errors"));
    return activity;
}

std::string batch_of(const Json& run) {
    for (const auto& activity : json::array_at(run, "activities")) {
        for (const auto& target : json::array_at(activity, "targetInfo")) {
            const Json& reference = json::member(target, "reference");
            const Json& ids = json::array_at(reference, "ids");
            if (json::string_at(reference, "type") == "Batch" && !ids.empty() &&
                ids.front().is_string()) {
                return ids.front().get<std::string>();
            }
        }
    }
    return {};
}

Run run_of(const Json& item, const flow::Document& document) {
    Run run;
    run.id = json::string_at(item, "id");
    if (!flow::is_connection_id(run.id)) {
        throw document.unusable("a run has no id");
    }
    run.flow_id = json::string_at(item, "flowId");
    run.created_at = json::integer_at(item, "createdAt").value_or(0);
    const Json& metrics = json::member(item, "metrics");
    const Json& duration = json::member(metrics, "durationSummary");
    run.started_at = json::integer_at(duration, "startedAtUTC").value_or(0);
    run.completed_at = json::integer_at(duration, "completedAtUTC").value_or(0);
    const Json& records = json::member(metrics, "recordSummary");
    run.read = count_at(records, "inputRecordCount");
    run.written = count_at(records, "outputRecordCount");
    run.failed = count_at(records, "failedRecordCount");
    const Json& summary = json::member(metrics, "statusSummary");
    add_errors(run.errors, json::array_at(summary, "errors"));
    add_errors(run.errors, json::array_at(records, "failedInfo"));
    for (const auto& activity : json::array_at(item, "activities")) {
        run.activities.push_back(activity_of(activity));
    }
    run.status =
        http::service_words(json::string_at(summary, "status", json::string_at(item, "state")));
    run.state = state_of(run.status);
    // A run with few enough rejected records is a success that still has errors.
    if (run.state == RunState::succeeded && (run.failed.value_or(0) > 0 || !run.errors.empty())) {
        run.state = RunState::partly;
    }
    run.batch_id = batch_of(item);
    return run;
}

// --- Causes

// A cause that bqconn knows: by the code of the service, or by words of the source system. The hint
// has RUN, DATAFLOW and CONNECTION where their ids belong.
struct KnownCause {
    std::string_view code;   // empty: any
    std::string_view words;  // in lower case; empty: any
    std::string_view hint;
};

constexpr std::string_view new_credentials =
    "Google no longer accepts the connection's credentials: bqconn test CONNECTION, then "
    "bqconn update CONNECTION --rotate, then bqconn dataflow retry RUN";
constexpr std::string_view unreachable =
    "Experience Platform could not reach Google BigQuery: bqconn dataflow retry RUN; if it fails "
    "again, ask Adobe support";

// The most specific first. Codes of rejected rows precede the words of a failed copy, which may
// also occur in field names.
constexpr auto known_causes = std::to_array<KnownCause>({
    {"INGEST-1555-400", "",
     "a required field was empty: map a column that always has a value, or accept rejected rows "
     "with bqconn dataflow update DATAFLOW --partial PERCENT; bqconn dataflow why DATAFLOW RUN "
     "--rows shows the rejected rows, which are your data"},
    {"MAPPER-3700-400", "",
     "a value did not fit its field: convert it with an expression in the mapping; bqconn "
     "dataflow why DATAFLOW RUN --rows shows rejected rows, which are your data"},
    {"INGEST-1401-400", "",
     "the service could not read a row: bqconn dataflow why DATAFLOW RUN --rows shows it"},
    {"INGEST-1211-400", "",
     "the service kept no details, because error diagnostics are off: bqconn dataflow update "
     "DATAFLOW --partial PERCENT turns them on for later runs"},
    {"INGEST-1212-400", "",
     "some rows were rejected: bqconn dataflow why DATAFLOW RUN --rows shows them"},
    {"", "invalid_grant", new_credentials},
    {"", "expired or revoked", new_credentials},
    {"", "invalid_client", new_credentials},
    {"", "unauthorized_client", new_credentials},
    {"", "refuses the credentials", new_credentials},
    {"", "not found: table",
     "the table is gone or was renamed: bqconn explore CONNECTION lists the tables; restore it, "
     "or create a new dataflow, because the table of a dataflow cannot be changed"},
    {"", "not found: dataset",
     "the BigQuery dataset is gone, or in another project or region: bqconn explore CONNECTION "
     "lists the tables"},
    {"", "not found: project", "check the connection's project: bqconn check"},
    {"", "unrecognized name",
     "a column is gone or was renamed: compare bqconn explore CONNECTION TABLE with the mapping, "
     "then bqconn dataflow update DATAFLOW --mapping FILE"},
    {"", "mapping set of the dataflow was not found",
     "the mapping set is gone: bqconn dataflow update DATAFLOW --mapping FILE creates another"},
    {"", "vpc service controls",
     "the project's VPC Service Controls block Experience Platform: ask the project's "
     "administrator to allow it"},
    {"", "access denied",
     "the connection's identity needs the roles BigQuery Job User, Data Viewer and Read Session "
     "User: bqconn check"},
    {"", "has not been used in project", "enable the BigQuery API in the project: bqconn check"},
    {"", "billing has not been enabled",
     "the Google project has no billing account: add one in the Google Cloud console"},
    {"", "quota exceeded",
     "a BigQuery quota is exhausted: bqconn dataflow retry RUN later, or raise it in the Google "
     "Cloud console"},
    {"", "exceeded rate limits",
     "too many queries at once for the Google project: bqconn dataflow retry RUN later"},
    {"", "too large to return",
     "set --large-results-dataset on the connection: bqconn update CONNECTION --rotate"},
    {"", "not found in location",
     "the dataset for large results must be in the region of the tables"},
    {"", "connection attempt failed", unreachable},
    {"", "network issue", unreachable},
    {"", "timed out", unreachable},
    {"CONNECTOR-1001-500", "",
     "copying from Google BigQuery failed: bqconn test CONNECTION and bqconn explore CONNECTION "
     "show whether the connection still works"},
    {"CONNECTOR-2001-500", "",
     "the copied rows could not be written: bqconn dataflow why DATAFLOW RUN --rows shows those "
     "that were rejected"},
    {"CONNECTOR-3001-500", "",
     "Experience Platform could not start a batch: bqconn dataflow retry RUN; if it fails again, "
     "ask Adobe support"},
});

constexpr std::string_view default_hint =
    "bqconn dataflow why DATAFLOW RUN -o json shows everything the service reports; tell Adobe "
    "support the run's id";

std::string hint_for(const KnownCause* known, const Run& run, const std::string& connection_id) {
    std::string hint(known != nullptr ? known->hint : default_hint);
    // Later runs do not copy the rows of a failed one.
    if (known != nullptr && run.state == RunState::failed &&
        hint.find(" retry ") == std::string::npos) {
        hint += "; then copy its rows with bqconn dataflow retry RUN";
    }
    return replace_all(replace_all(replace_all(hint, "RUN", run.id), "DATAFLOW", run.flow_id),
                       "CONNECTION", connection_id.empty() ? "CONNECTION" : connection_id);
}

// The source's own words, without what the service puts around them.
std::string plain_detail(const std::string& detail) {
    constexpr std::string_view key = "Message=";
    const auto at = detail.find(key);
    if (at == std::string::npos) {
        return detail;
    }
    const std::string rest = detail.substr(at + key.size());
    return rest.substr(0, rest.find(",Source="));
}

const KnownCause* find_known(const std::vector<RunError>& errors, const std::string& words) {
    const std::string lower = to_lower_ascii(words);
    const auto* const found =
        std::find_if(known_causes.begin(), known_causes.end(), [&](const KnownCause& one) {
            const bool code = one.code.empty() ||
                              std::any_of(errors.begin(), errors.end(), [&](const RunError& error) {
                                  return error.code == one.code;
                              });
            return code && lower.find(one.words) != std::string::npos;
        });
    return found == known_causes.end() ? nullptr : found;
}

}  // namespace

std::string_view name_of(RunState state) {
    constexpr auto names =
        std::to_array<std::string_view>({"running", "succeeded", "partly", "failed"});
    return names.at(static_cast<std::size_t>(state));
}

RunState state_of(std::string_view status) {
    // The words of the payloads and of the specification, in lower case.
    constexpr auto words = std::to_array<std::pair<std::string_view, RunState>>(
        {{"success", RunState::succeeded},
         {"completed", RunState::succeeded},
         {"partial_success", RunState::partly},
         {"failed", RunState::failed},
         {"partial_failure", RunState::failed}});
    const std::string word = to_lower_ascii(status);
    const auto* const found = std::find_if(words.begin(), words.end(),
                                           [&word](const auto& one) { return one.first == word; });
    return found == words.end() ? RunState::running : found->second;
}

void visit_runs(flow::FlowService& service, const RunQuery& query, const VisitRuns& visit) {
    flow::Filters filters;
    filters.add("flowId", query.flow_id);
    if (query.failed) {
        filters.add("metrics.statusSummary.status", "failed");
    }
    if (query.since) {
        // Only > is documented.
        filters.add_raw("metrics.durationSummary.startedAtUTC>" + std::to_string(*query.since - 1));
    }
    http::Pairs parameters = filters.parameters(query.page_size);
    parameters.emplace_back("orderby", "-createdAt");
    flow::read_pages(service, {"/runs", parameters, of_runs},
                     [&](const Json& items, const flow::Document& page) {
                         std::vector<Run> runs;
                         for (const auto& item : items) {
                             Run run = run_of(item, page);
                             if (run.flow_id == query.flow_id &&
                                 (!query.failed || run.state == RunState::failed) &&
                                 (!query.since || run.started_at >= *query.since)) {
                                 runs.push_back(std::move(run));
                             }
                         }
                         return visit(runs);
                     });
}

Run read_run(flow::FlowService& service, const std::string& id) {
    const flow::Document document =
        flow::read_document(service, {.path = "/runs/" + http::percent_encode(id)}, of_run);
    Run run = run_of(flow::item_of(document), document);
    if (run.id != id) {
        throw document.unusable("its id is not the one requested");
    }
    return run;
}

std::optional<Cause> cause_of(const Run& run, const std::string& connection_id) {
    std::vector<RunError> errors;
    std::string detail;
    std::string activity;
    for (const auto& one : run.activities) {
        if (one.errors.empty() && one.detail.empty() && !one.failed) {
            continue;
        }
        errors.insert(errors.end(), one.errors.begin(), one.errors.end());
        activity = activity.empty() ? one.name : activity;
        detail = detail.empty() ? plain_detail(one.detail) : detail;
    }
    errors.insert(errors.end(), run.errors.begin(), run.errors.end());
    if (errors.empty() && detail.empty()) {
        return std::nullopt;
    }
    std::string words = detail;
    for (const auto& error : errors) {
        words += "\n" + error.message;
    }
    const KnownCause* const known = find_known(errors, words);
    // The error with the known code, or else the first: those of an activity come first, and a code
    // of the connector only repeats that the activity failed.
    const auto of_code = std::find_if(errors.begin(), errors.end(), [&](const RunError& error) {
        return known != nullptr && !known->code.empty() && error.code == known->code &&
               !error.code.starts_with("CONNECTOR-");
    });
    const RunError first = of_code != errors.end() ? *of_code
                           : errors.empty()        ? RunError{}
                                                   : errors.front();
    return Cause{.code = first.code,
                 .activity = activity,
                 .message = !detail.empty() ? detail : first.message,
                 .hint = hint_for(known, run, connection_id)};
}

void visit_rejected_rows(flow::FlowService& service, const std::string& batch_id, std::size_t limit,
                         const std::function<void(const json::Json& row)>& visit) {
    const std::string path = "/batches/" + http::percent_encode(batch_id) + "/meta?path=";
    const flow::Document list = flow::read_document(
        service, {.path = path + "row_errors", .api = flow::Api::exports}, of_rows);
    // Links in the list may name other hosts; only the files' names are used.
    for (const auto& file : json::array_at(list.json, "data")) {
        const std::string name = json::string_at(file, "name");
        const flow::Call call{.path = path + http::percent_encode("row_errors/" + name),
                              .api = flow::Api::exports};
        const http::Response response = flow::read_response(service, call);
        for (const auto& line : split(response.body, '\n')) {
            if (trim_ascii(line).empty()) {
                continue;
            }
            if (limit-- == 0) {
                return;
            }
            visit(json::parse_or_null(line));
        }
        if (limit == 0) {
            return;
        }
    }
}

}  // namespace bqconn::dataflow
