// Deletes what a verb selected: asks for confirmation, deletes one object after another and reports
// the outcome of each.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/dataflow/change.hpp"
#include "bqconn/flow/outcome.hpp"
#include "bqconn/flow/service.hpp"

namespace bqconn::commands {

// One object. It is open until it has an outcome, an error or a reason to be kept.
struct Deletion {
    std::string id;
    std::string name = {};
    std::optional<dataflow::Part> part = {};  // none: a base connection
    std::optional<flow::Outcome> outcome = {};
    std::optional<Error> error = {};
    std::string kept = {};   // the reason: "used by dataflow ID"
    std::string about = {};  // shown after the name: ", table shop.orders"

    bool is_open() const { return !outcome && !error && kept.empty(); }
    bool is_unknown() const { return error && error->exit_code() == ExitCode::unknown; }
    std::string words() const;  // "source connection ID"; the bare id of a base connection
};

using Deletions = std::vector<Deletion>;

// Deletes an object. Returns none if it is kept after all, and sets `kept`. Throws Error.
using DeleteOne = std::function<std::optional<flow::Outcome>(Deletion& one)>;

// Deletes the open ones in their order, once confirmed (unless --yes), and prints every outcome;
// with --dry-run, prints the requests. After an interruption the rest is kept. Throws Error if
// any failed: its own if nothing else was to be deleted, otherwise `partial`.
void delete_all(Context& context, const Task& task, flow::FlowService& service,
                Deletions& deletions, const DeleteOne& delete_one);

}  // namespace bqconn::commands
