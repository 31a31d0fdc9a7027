// The data lake that dataflows write to: what Catalog, Schema Registry, Data Prep and the export
// API keep in the Store and Flow Service needs too. How a row becomes a document is in mapping.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "emulator/store/store.hpp"

namespace bqconn::emulator {

struct Dataset {
    std::string id;
    std::string name;
    std::string schema_id;  // the $id of its schema
};

// None if the sandbox has no such dataset.
std::optional<Dataset> find_dataset(const Store& store, const Sandbox& sandbox,
                                    const std::string& id);

// The schema with that $id or meta:altId as one JSON Schema: its class and field groups are merged
// into "properties" and "required", at every level. Null if the sandbox has no such schema.
Json find_full_schema(const Store& store, const Sandbox& sandbox, const std::string& id);

// As Data Prep returns it. Null if the sandbox has no such mapping set.
Json find_mapping_set(const Store& store, const Sandbox& sandbox, const std::string& id);

// The $id of the schema that a mapping set, in either format, maps to. Empty if it names none.
std::string mapped_schema_id(const Json& mapping_set);

// What one run wrote to a dataset.
struct Batch {
    std::string dataset_id;
    std::string flow_id = {};
    bool success = true;
    bool diagnostics = false;        // whether the dataflow enables error diagnostics
    Json documents = Json::array();  // the accepted rows, as XDM
    Json rejected = Json::array();   // the dropped rows: rejected_row() of mapping.hpp
    std::size_t nullified = 0;       // accepted rows in which a mapping error nullified a column
    std::int64_t started = 0;        // epoch milliseconds
    std::int64_t completed = 0;
};

// Stores the batch, so that Catalog and the export API show it, and returns its id.
std::string add_batch(Store& store, const Sandbox& sandbox, const Batch& batch);

// --- Shared by the services of the data lake.

// Stores `body`, which the services return, under `id`. `more` is kept beside it.
ResourcePointer add_document(Store& store, const Sandbox& sandbox, Kind kind, const std::string& id,
                             Json body, Json more = Json::object());

}  // namespace bqconn::emulator
