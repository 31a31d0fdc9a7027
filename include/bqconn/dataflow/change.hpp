// Creates, changes and deletes dataflows: each call is applied at most once, and an unknown outcome
// is reported as such.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "bqconn/core/clock.hpp"
#include "bqconn/dataflow/dataflows.hpp"
#include "bqconn/flow/outcome.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/flow/wire.hpp"
#include "bqconn/lake/mapping.hpp"

namespace bqconn::dataflow {

// What a dataflow is made of. A new one is four objects: a source connection, a target connection,
// a mapping set, and the flow, all of the same name.
struct Plan {
    std::string name;
    std::optional<std::string> description;
    std::string base_connection_id;
    std::string table;   // "dataset.table"
    json::Json columns;  // as /explore describes them
    json::Json filter;   // of the rows; null: none
    std::string dataset_id;
    std::string schema_id;
    lake::Mappings mappings;
    std::string delta_column;  // empty for a dataflow that runs once
    Schedule schedule;
    std::optional<double> partial_percent;  // rejected rows that are accepted
};

// The objects in the order in which they are made.
enum class Part { source, target, mapping, flow };
inline constexpr std::array parts{Part::source, Part::target, Part::mapping, Part::flow};

std::string_view name_of(Part part);  // "source connection"

// The objects that exist.
struct Chain {
    std::array<std::string, parts.size()> ids;  // an empty id: there is none
    std::string mapping_version = "0";
    std::string etag;  // of the flow

    std::string& operator[](Part part) { return ids.at(static_cast<std::size_t>(part)); }
    const std::string& operator[](Part part) const {
        return ids.at(static_cast<std::size_t>(part));
    }
};

// The transformation "Mapping" of a flow, and its options: errors of rows are always kept.
json::Json mapping_transformation(const std::string& mapping_id, const std::string& version);
json::Json options_of(std::optional<double> partial_percent);

// The call that makes a part; the flow refers to the ids in `chain`.
flow::Call create_call(const Plan& plan, Part part, const Chain& chain);

// What exists already of a plan: a dataflow with its parts, or else objects of the plan's name that
// no dataflow uses. Throws Error (`conflict`) if there are several, or one that is not as planned.
Chain find_parts(flow::FlowService& service, const Plan& plan);

// Makes what `chain` does not have, in order, each with one POST, and calls `made` after each. A
// definite refusal: removes what this call has made, in reverse, and throws the refusal with what
// could not be removed. An unknown outcome or an interruption: removes nothing and throws with
// every id and how to go on.
void create_parts(flow::FlowService& service, const Plan& plan, Chain& chain, const Clock& clock,
                  const std::function<void(Part part, const std::string& id)>& made);

// --- Changes of one dataflow. Each throws OutcomeUnknown, or an Error that says why nothing was
// changed.

// One PATCH with If-Match of a list of operations.
flow::Stored update(flow::FlowService& service, const std::string& id, const std::string& etag,
                    const json::Json& operations);
flow::Call update_call(const std::string& id, const std::string& etag,
                       const json::Json& operations);

// One POST of the action "enable" or "disable".
void act(flow::FlowService& service, const std::string& id, std::string_view action);
flow::Call action_call(const std::string& id, std::string_view action);

// A new run of a dataflow that runs once, or of a failed run of `flow_id` again. Returns the new
// run's id.
std::string start_run(flow::FlowService& service, const json::Json& body);
flow::Call run_call(const json::Json& body);
std::string retry_run(flow::FlowService& service, const std::string& run_id,
                      const std::string& flow_id);
flow::Call retry_call(const std::string& run_id);

// One DELETE of a part. Returns `deleted`; `absent` if the service did not know it; or `recovered`
// if the response was lost and, unless `recover` is false, looking showed that it is gone.
flow::Outcome remove_part(flow::FlowService& service, Part part, const std::string& id,
                          const Clock& clock, bool recover = true);
flow::Call remove_call(Part part, const std::string& id);

// Creates a mapping set; returns its id and version.
std::pair<std::string, std::string> create_mapping(flow::FlowService& service,
                                                   const std::string& name,
                                                   const std::string& schema_id,
                                                   const lake::Mappings& mappings);
flow::Call create_mapping_call(const std::string& name, const std::string& schema_id,
                               const lake::Mappings& mappings);

}  // namespace bqconn::dataflow
