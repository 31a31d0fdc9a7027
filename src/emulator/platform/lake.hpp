// The data lake that dataflows write to: what Catalog, Schema Registry, Data Prep and the export
// API keep in the Store and Flow Service needs too. How a row becomes a document is in mapping.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "emulator/server/problem.hpp"
#include "emulator/store/store.hpp"

namespace bqconn::emulator {

// The organisation's own fields are below "_acme".
inline const std::string tenant = "acme";

// The meta:altId of a $id: "_acme.schemas.0123" of "https://ns.adobe.com/acme/schemas/0123".
std::string alt_id(const std::string& id);

// A schema or field group with everything that it refers to (a few of Adobe's own classes and field
// groups, and the field groups of the sandbox) merged into "properties" and "required", at every
// level. Throws std::invalid_argument, which says why, if it cannot be resolved.
Json full_form(const Json& schema, const Store& store, const Sandbox& sandbox);

// The full form of the schema with that $id or meta:altId. Null if the sandbox has no such schema.
Json find_full_schema(const Store& store, const Sandbox& sandbox, const std::string& id);

// The $id of the schema that a mapping set maps to. Empty if it names none.
std::string mapped_schema_id(const Json& mapping_set);

// What one run wrote to a dataset.
struct Batch {
    std::string dataset_id;
    std::string flow_id = {};
    bool success = true;
    bool diagnostics = false;        // whether the dataflow enables error diagnostics
    Json documents = Json::array();  // the accepted rows, as XDM
    Json rejected = Json::array();   // rejected_row() of mapping.hpp
    std::size_t nullified = 0;       // rows with a value that became null
    std::int64_t started = 0;        // epoch milliseconds
    std::int64_t completed = 0;
};

// Stores the batch, so that Catalog and the export API show it.
ResourcePointer add_batch(Store& store, const Sandbox& sandbox, const Batch& batch);

// Adds the built-in schemas and datasets to every sandbox.
void fill_lake(Store& store, const Options& options);

// --- Shared by the services of the data lake.

// Stores `body`, which the services return, under `id`. `more` is kept beside it.
ResourcePointer add_document(Store& store, const Sandbox& sandbox, Kind kind, const std::string& id,
                             Json body, Json more = Json::object());

// As a POST does, with the last part of the $id given and without checks. `kind` is schema or
// field_group.
ResourcePointer add_xdm(Store& store, const Sandbox& sandbox, const Options& options, Kind kind,
                        const std::string& id, Json body);
void add_dataset(Store& store, const Sandbox& sandbox, const Options& options,
                 const std::string& id, Json body);

// The whole list, in the order in which its documents were added.
ResourceList all_documents(Store& store, const Sandbox& sandbox, Kind kind);

// Whether the property, or one of its elements if it is an array, is `value`, in which "**" is a
// literal "*". Throws BadRequestError for a wildcard, "*".
bool has_value(const Json& document, const std::string& name, std::string value);

// Whether the document satisfies every parameter "property": NAME==VALUE, NAME!=VALUE or
// NAME=VALUE. Throws BadRequestError.
bool holds_properties(const Request& request, const Json& document);

}  // namespace bqconn::emulator
