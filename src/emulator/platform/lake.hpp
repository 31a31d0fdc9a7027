// The data lake that dataflows write to: what Catalog, Schema Registry, Data Prep and the export
// API keep in the Store and Flow Service needs too. How a row becomes a document is in mapping.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/platform/xdm.hpp"
#include "emulator/server/problem.hpp"
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

// As Data Prep returns it: the latest version, or that one. Null if the sandbox has no such mapping
// set or version.
Json find_mapping_set(const Store& store, const Sandbox& sandbox, const std::string& id,
                      std::optional<std::size_t> version = {});

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

// Adds the schemas and datasets of --lake to every sandbox.
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

// Adobe's own classes and field groups, and the field groups of the sandbox.
FindXdm xdm_of_sandbox(const Store& store, const Sandbox& sandbox);

struct PropertyFilter {
    std::string name;
    std::string value;
    bool negated = false;
};

// Of name==X, name!=X or name=X. Throws BadRequestError.
PropertyFilter property_filter(const std::string& text);

// Whether the property, or one of its elements if it is an array, equals the filter's value, as
// `equals` compares them; for a negated filter, whether none does.
bool holds(const PropertyFilter& filter, const Json& document,
           bool (*equals)(std::string_view value, std::string_view text));

// The first parameter with that name; none if it is missing.
std::optional<std::string> query_value(const Request& request, const std::string& name);

// The parameter as a number, from `least` to `most`; `fallback` if it is missing. Throws
// BadRequestError.
std::size_t number_parameter(const Request& request, const std::string& name, std::size_t fallback,
                             std::size_t least, std::size_t most);

// 400 and 404 of these services.
Refused bad_request(const std::string& detail);
Refused not_found(const std::string& detail);

}  // namespace bqconn::emulator
