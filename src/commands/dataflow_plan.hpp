// Plans a new dataflow, or a new mapping for an existing one, from settings: reads what they name,
// checks all of it, and changes nothing. Messages name the source of a setting: a flag, or a line
// of a manifest. The values must have passed config::check_value().
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/config/resolve.hpp"
#include "bqconn/dataflow/change.hpp"
#include "bqconn/dataflow/dataflows.hpp"
#include "bqconn/dataflow/schedule.hpp"
#include "bqconn/flow/explore.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/lake/mapping.hpp"
#include "bqconn/lake/schemas.hpp"
#include "commands/session.hpp"

namespace bqconn::commands {

// Everything that is wrong, for one message.
using Problems = std::vector<std::string>;

// Throws one Error with all problems, if there are any: `usage`, or `config` for a manifest.
void refuse(const config::Settings& settings, const Problems& problems);

// Runs reads that do not depend on each other, as Session::read_all() does.
using RunReads = std::function<void(const std::vector<Session::Read>& reads)>;

// Whether the settings ask for a proposed mapping: --map auto.
bool proposes(const config::Settings& settings);

// What needs no call: the schedule, and the files that the settings name.
struct Draft {
    dataflow::Schedule schedule;
    std::string mapping = {};  // the content of the file; empty without one
    std::string filter = {};
};

struct Planned {
    dataflow::Plan plan;
    std::vector<dataflow::Dataflow> readers;  // the dataflows that already read the table
};

// Throws one Error with all problems, including those that Data Prep finds, or the Error of a read.
Planned plan_dataflow(const config::Settings& settings, Draft draft, flow::FlowService& service,
                      const RunReads& run_reads, const std::string& connection_id);

// What a mapping connects.
struct Mappable {
    std::vector<flow::Column> columns;  // that are read
    lake::SchemaFields schema;
};

// What the mapping of a new dataflow will connect. Throws Error like plan_dataflow().
Mappable read_mappable(const config::Settings& settings, const RunReads& run_reads,
                       const std::string& connection_id);

struct NewMapping {
    std::string schema_id;
    lake::Mappings mappings;
};

// The mapping that the settings have for an existing dataflow; `text` is the content of its file.
// Throws one Error with all problems, or the Error of a read.
NewMapping checked_mapping(const config::Settings& settings, const std::string& text,
                           flow::FlowService& service, const RunReads& run_reads,
                           const dataflow::Dataflow& one);

}  // namespace bqconn::commands
