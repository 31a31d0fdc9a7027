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
// a mapping set, and the dataflow, all with the same name.
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
    std::optional<double> partial_percent;  // of the rows may be rejected
    std::string end_description = {};       // of the source and target connection; empty: none
};

// The objects in the order in which they are created.
enum class Part { source, target, mapping, flow };
inline constexpr std::array parts{Part::source, Part::target, Part::mapping, Part::flow};

std::string_view name_of(Part part);  // "source connection"

// The objects that exist.
struct Chain {
    std::array<std::string, parts.size()> ids;  // empty: it does not exist
    std::string mapping_version = "0";
    std::string etag;  // of the dataflow

    std::string& operator[](Part part) { return ids.at(static_cast<std::size_t>(part)); }
    const std::string& operator[](Part part) const {
        return ids.at(static_cast<std::size_t>(part));
    }
};

// The objects of an existing dataflow.
Chain chain_of(const Dataflow& one);

// The transformation "Mapping" of a dataflow, and its options: error diagnostics are always on.
json::Json mapping_transformation(const std::string& mapping_id, const std::string& version);
json::Json options_of(std::optional<double> partial_percent);

// The call that creates a part; the dataflow refers to the ids in `chain`.
flow::Call create_call(const Plan& plan, Part part, const Chain& chain);

// What to do with objects that have a plan's name but differ from it, and with several of a kind.
enum class Unfit { refused, ignored };

// The objects of a plan that exist already: a dataflow with its parts, or else objects with the
// plan's name that no dataflow uses. Throws Error (`conflict`) if there are several of a kind, or
// one differs from the plan. With Unfit::ignored, skips what differs, takes the first of several
// in the service's order, and does not look for a whole dataflow, as the caller has done so.
Chain find_parts(flow::FlowService& service, const Plan& plan, Unfit unfit = Unfit::refused);

// Creates what `chain` lacks, in order, each with one POST, and calls `on_created` after each. If
// one is refused, removes what this call created, in reverse order, and throws the refusal with
// what could not be removed. After an unknown outcome or an interruption, removes nothing and
// throws with every id and how to continue: "run the same command `again`".
void create_parts(flow::FlowService& service, const Plan& plan, Chain& chain, const Clock& clock,
                  const std::function<void(Part part, const std::string& id)>& on_created,
                  std::string_view again = "with --resume");

// --- Changes of one dataflow. Each throws OutcomeUnknown, or an Error that says why nothing was
// changed.

// What to do about a value that is fixed when a dataflow is created.
inline constexpr std::string_view create_anew =
    "create a new dataflow (bqconn dataflow create), which copies all rows again";

// Operations of an update(). The schedule must be one that recurs; throws Error (usage) for a
// dataflow that runs once.
json::Json schedule_operations(const Dataflow& one, const Schedule& schedule);
// Keeps the other options; removes the percentage if there is none.
json::Json options_operation(const Dataflow& one, std::optional<double> partial_percent);
// Throws Error (`conflict`) if the dataflow has no mapping.
json::Json mapping_operation(const Dataflow& one, const std::string& mapping_id,
                             const std::string& version);

// One PATCH with If-Match of a list of operations.
flow::Stored update(flow::FlowService& service, const std::string& id, const std::string& etag,
                    const json::Json& operations);
flow::Call update_call(const std::string& id, const std::string& etag,
                       const json::Json& operations);

// Like update(). If it fails, removes the new mapping set, which nothing else uses, unless its ID
// is empty or the outcome is unknown.
flow::Stored update_or_remove(flow::FlowService& service, const Clock& clock, const Dataflow& one,
                              const std::string& etag, const json::Json& operations,
                              const std::string& mapping_id);

// One POST of the action "enable" or "disable".
void act(flow::FlowService& service, const std::string& id, std::string_view action);
flow::Call action_call(const std::string& id, std::string_view action);

// Starts a run of a dataflow that runs once, or repeats a failed run of `flow_id`. Returns the new
// run's id.
std::string start_run(flow::FlowService& service, const json::Json& body);
flow::Call run_call(const json::Json& body);
std::string retry_run(flow::FlowService& service, const std::string& run_id,
                      const std::string& flow_id);
flow::Call retry_call(const std::string& run_id);

// One DELETE of a part. Returns `deleted`; `absent` if the service did not know it; or `recovered`
// if the response was lost but a check, skipped if `recover` is false, showed that it is gone.
flow::Outcome remove_part(flow::FlowService& service, Part part, const std::string& id,
                          const Clock& clock, bool recover = true);
flow::Call remove_call(Part part, const std::string& id);

// The order in which objects are deleted: the service refuses a connection that a dataflow uses.
inline constexpr std::array deletion_order{Part::flow, Part::target, Part::source, Part::mapping};

// Deletes a dataflow, then its connections and mapping set, each with one DELETE, except those that
// another dataflow uses or whose id is empty. Calls `on_removed` when one is gone. Throws the first
// failure, with what was deleted and what is left.
void remove_chain(
    flow::FlowService& service, const Dataflow& one, const Users& users, const Clock& clock,
    const std::function<void(Part part, flow::Outcome outcome)>& on_removed = [](Part,
                                                                                 flow::Outcome) {});

// Creates a mapping set; returns its id and version.
std::pair<std::string, std::string> create_mapping(flow::FlowService& service,
                                                   const std::string& name,
                                                   const std::string& schema_id,
                                                   const lake::Mappings& mappings);
flow::Call create_mapping_call(const std::string& name, const std::string& schema_id,
                               const lake::Mappings& mappings);

}  // namespace bqconn::dataflow
