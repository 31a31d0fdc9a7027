// What diff, apply and export share: reading a manifest and the service, and comparing them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/manifest/diff.hpp"
#include "bqconn/manifest/manifest.hpp"
#include "bqconn/manifest/state.hpp"
#include "commands/dataflow_plan.hpp"
#include "commands/session.hpp"

namespace bqconn::commands {

// A manifest as read from a file. Its paths are relative to `folder`.
struct Loaded {
    manifest::Manifest manifest;
    std::string folder;
};

// Reads the file that the operand names ("-": standard input), limited to one sandbox if the flag
// --sandbox is given. Throws Error.
Loaded load_manifest(Context& context, const Task& task);

// Throws Error (config) if a name or value of the manifest contains one of the secrets: the service
// would show it to others.
void refuse_secrets(const manifest::Manifest& manifest, std::vector<Secret> secrets);

// Reads the mapping or filter of an object. Throws Error, also for a secret in it.
manifest::ReadDocument document_reader(const config::Settings& settings, const Loaded& loaded);

struct Comparison {
    std::vector<manifest::State> states;
    std::vector<manifest::Change> changes;
    // The plans of new dataflows whose connection exists, and the new mappings of existing
    // dataflows. Each has one entry for each change.
    std::vector<std::optional<dataflow::Plan>> plans;
    std::vector<std::optional<NewMapping>> mappings;

    const manifest::State& state_of(const manifest::Change& change) const;
    bool has_changes() const;  // including those that cannot be made
};

// Reads the service in parallel, and compares. Whatever is wrong with a new dataflow or mapping
// becomes a problem of its change. The result refers to `loaded`. Throws Error.
Comparison compare_with_service(Context& context, const Task& task, Session& session,
                                const Loaded& loaded);

// What a manifest can describe of a sandbox, for export. Throws Error.
manifest::State read_whole_state(const Task& task, Session& session, const std::string& sandbox);

// Plans a dataflow of the manifest that uses an existing connection. Throws Error like
// plan_dataflow(). The start may be in the past.
dataflow::Plan plan_object(Context& context, const Task& task, const Loaded& loaded,
                           const manifest::Change& change, flow::FlowService& service,
                           const std::string& connection_id);

}  // namespace bqconn::commands
