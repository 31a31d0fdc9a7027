// Compares a manifest with the state of its sandboxes.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/manifest/manifest.hpp"
#include "bqconn/manifest/state.hpp"

namespace bqconn::manifest {

enum class Action { none, create, update, replace, remove };

std::string_view name_of(Action action);  // "create"

// What it takes to change a value. `fixed`: it can no longer be changed.
enum class Effect { update, replace, fixed };

// The key of the Difference for credentials that are sent again.
inline constexpr std::string_view credentials_key = "credentials";

struct Difference {
    std::string_view key;  // as in the file, or credentials_key
    std::string from;      // empty: there was none
    std::string to;        // empty: there will be none
    Effect effect = Effect::update;
};

// What would happen to one object.
struct Change {
    Type type = Type::connection;
    std::string sandbox;
    std::string name;
    std::string id = {};  // empty if it does not exist
    Action action = Action::none;
    std::vector<Difference> differences = {};
    std::vector<std::string> problems = {};  // why it cannot be done
    std::vector<std::string> notes = {};     // what else the user should know
    const Object* wanted = nullptr;          // null for a removal
    // The object that exists; null if there is none.
    const flow::Connection* connection = nullptr;
    const dataflow::Dataflow* dataflow = nullptr;

    bool has(std::string_view key) const;  // among the differences
};

// How many of them have problems.
std::size_t count_with_problems(const std::vector<Change>& changes);

struct CompareOptions {
    bool rotate = false;  // send the credentials of every connection again
    bool prune = false;   // remove what has the manifest's mark but is not in it
    std::chrono::sys_seconds now = {};
};

// The content of a mapping or filter that an object names.
using ReadDocument = std::function<std::string(const Object& object, Key key)>;

// Returns one change for each object, grouped by sandbox: connections, dataflows, removals. The
// changes refer to `manifest` and to `states`, which must have one entry for each sandbox of the
// manifest. Throws Error for a malformed document.
std::vector<Change> compare(const Manifest& manifest, const std::vector<State>& states,
                            const ReadDocument& read_document, const CompareOptions& options);

// The filter that a dataflow of the manifest has; null if it has none. Throws Error.
json::Json filter_of(const Manifest& manifest, const Object& object,
                     const ReadDocument& read_document);

// The mapping of a dataflow in the manifest whose table has these columns.
lake::Mappings mappings_of(const Manifest& manifest, const Object& object,
                           const std::vector<flow::Column>& columns,
                           const ReadDocument& read_document);

// A manifest without a mark that describes a sandbox; comparing it with that sandbox finds no
// differences. Credentials become references to variables. Warnings name what was left out.
Manifest manifest_of(const State& state, std::vector<std::string>& warnings);

}  // namespace bqconn::manifest
