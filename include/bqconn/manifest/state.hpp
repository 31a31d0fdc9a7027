// The content of a sandbox that a manifest is compared with.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/dataflow/dataflows.hpp"
#include "bqconn/flow/connections.hpp"
#include "bqconn/flow/explore.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/lake/datasets.hpp"
#include "bqconn/lake/mapping.hpp"

namespace bqconn::manifest {

struct State {
    std::string sandbox;
    std::vector<flow::Connection> connections = {};  // of Google BigQuery
    std::vector<dataflow::Dataflow> dataflows = {};  // that read Google BigQuery
    // By id:
    std::map<std::string, dataflow::End> sources = {};
    std::map<std::string, dataflow::End> targets = {};
    // Of the dataflows compared or exported.
    std::map<std::string, lake::MappingSet> mapping_sets = {};
    dataflow::Users users = {};  // of all dataflows of the sandbox
    // The datasets, by the name or id that a dataflow refers to.
    std::map<std::string, std::vector<lake::Dataset>> datasets = {};
    // What is left of dataflows that were deleted or created only in part, with an empty id: their
    // source and target connections.
    std::vector<dataflow::Dataflow> leftovers = {};

    // The id of the first connection with that name; empty if there is none.
    std::string connection_id_of(const std::string& name) const;

    // The source or target connection; null unless the dataflow has exactly one and that exists.
    const dataflow::End* source_of(const dataflow::Dataflow& one) const;
    const dataflow::End* target_of(const dataflow::Dataflow& one) const;
    const lake::MappingSet* mapping_of(const dataflow::Dataflow& one) const;
    // The unused source and target connections with that name.
    std::vector<std::string> unused_ends(const std::string& name) const;
    // The ids of the dataflows that use a base connection.
    std::vector<std::string> dataflows_of(const std::string& connection_id) const;
};

// The auth spec of each kind of connection.
inline constexpr std::string_view basic_spec = "Basic Authentication";
inline constexpr std::string_view service_spec = "Service Authentication";

// The columns that a source connection reads; empty if it does not name them.
std::vector<flow::Column> columns_of(const dataflow::End& source);

// The percentage of rows that may be rejected; empty if it is not set.
std::string percent_of(const dataflow::Dataflow& one);

// Each reads one list of the sandbox; they may run at the same time. Throws Error.
void read_connections(flow::FlowService& service, State& state);
void read_dataflows(flow::FlowService& service, State& state);  // and `users`
void read_sources(flow::FlowService& service, State& state);
void read_targets(flow::FlowService& service, State& state);

// Sets `leftovers` to the unused connections that a file with that mark created, by name.
void find_leftovers(State& state, const std::string& mark);

// None if it does not exist.
std::optional<lake::MappingSet> read_mapping(flow::FlowService& service, const std::string& id);

}  // namespace bqconn::manifest
