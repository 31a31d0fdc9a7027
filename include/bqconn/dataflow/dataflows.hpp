// Reads dataflows of Flow Service, and the source and target connections at their ends. Source:
// Adobe's tutorial for databases, and the Flow Service API.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/dataflow/runs.hpp"
#include "bqconn/dataflow/schedule.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::dataflow {

// CRMToAEP, the flow spec of tables, and the connection spec of the data lake.
inline constexpr std::string_view flow_spec_id = "14518937-270c-4525-bdec-c2ba7cce3860";
inline constexpr std::string_view lake_spec_id = "c604ff05-7f1a-43c0-8e18-33bf874cb11c";

struct LastRun {
    std::string id;
    std::string status;  // the service's word: "success", "failed", "inProgress"
    RunState state = RunState::running;
    std::int64_t started_at = 0;  // milliseconds since 1970; 0 if unknown
    std::int64_t completed_at = 0;
};

struct Dataflow {
    std::string id;
    std::string etag;  // with its quotes
    std::string name;
    std::string description;
    std::string state;               // the service's word: "enabled", "disabled", "enabling", …
    bool reads_bigquery = true;      // as far as the service says
    std::string base_connection_id;  // empty if the service does not say
    std::vector<std::string> source_ids;
    std::vector<std::string> target_ids;
    json::Json transformations;  // as sent by the service
    std::string mapping_id;
    std::string mapping_version;
    std::string delta_column;
    Schedule schedule;
    json::Json options;  // as sent by the service; null if missing
    std::optional<LastRun> last_run;
    std::int64_t created_at = 0;  // milliseconds since 1970; 0 if unknown
    std::int64_t updated_at = 0;

    // Of its ends: filled in by read_ends() or an Ends.
    std::string table;
    std::string dataset_id;
    std::string dataset_name;

    bool is_enabled() const { return state == "enabled"; }
};

struct DataflowQuery {
    std::optional<std::string> name = {};       // exact match
    std::optional<std::string> source_id = {};  // of a source connection
    bool all_sources = false;                   // also those of other sources, and of destinations
    int page_size = 0;                          // 0: the service's own
};

// Called with the dataflows of each page that match; return false to stop.
using VisitDataflows = std::function<bool(std::vector<Dataflow>& dataflows)>;

// The dataflows of the sandbox that read Google BigQuery, or all of them. Throws Error: the
// service's refusal, or `bad_response`.
void visit_dataflows(flow::FlowService& service, const DataflowQuery& query,
                     const VisitDataflows& visit);

std::vector<Dataflow> find_dataflows(flow::FlowService& service, const DataflowQuery& query);

// GET /flows/{id}. Throws Error, such as `not_found`.
Dataflow read_dataflow(flow::FlowService& service, const std::string& id);

// The IDs of the dataflows that use a connection or a mapping set, by its ID.
using Users = std::map<std::string, std::vector<std::string>>;

void add_uses(const Dataflow& one, Users& users);

// The users among all dataflows, including those of other sources: the service does not refuse to
// delete a mapping set that one of them uses.
Users read_users(flow::FlowService& service);

// A source or target connection.
struct End {
    std::string id;
    std::string name;
    std::string base_connection_id;  // of a source connection
    json::Json params;               // "tableName", …; or "dataSetId"
    std::string schema_id;           // of a target connection
    std::string description;

    std::string table() const;       // empty if there is none
    std::string dataset_id() const;  // empty if there is none
};

enum class Side { source, target };

struct EndQuery {
    std::optional<std::string> name = {};                // exact match
    std::optional<std::string> base_connection_id = {};  // of source connections
};

// The source connections of Google BigQuery, or the target connections of the data lake. Throws
// Error.
std::vector<End> find_ends(flow::FlowService& service, Side side, const EndQuery& query = {});

// Throws Error, such as `not_found`.
End read_end(flow::FlowService& service, Side side, const std::string& id);

// Sets table, dataset_id and dataset_name of the dataflow: a missing end leaves them empty.
void read_ends(flow::FlowService& service, Dataflow& one);

// Checks the flow spec of tables. Throws Error; `rejected` if it does not support Google BigQuery.
void require_flow_spec(flow::FlowService& service);

}  // namespace bqconn::dataflow
