// The manifest: one file that says which connections and dataflows should be in which sandboxes.
// Most of its keys are named after flags of `create` and `dataflow create`. Credentials are
// references to environment variables and files, whose values are read only when they must be sent.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/config/resolve.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/manifest/yaml.hpp"

namespace bqconn::manifest {

enum class Type { connection, dataflow };

std::string_view name_of(Type type);  // "connection"

// The kinds of connections: an OAuth client with a refresh token, and a service-account key.
inline constexpr std::string_view basic_kind = "basic";
inline constexpr std::string_view service_kind = "service";

// The keys of every object beside those of its type.
inline constexpr std::string_view name_key = "name";
inline constexpr std::string_view sandboxes_key = "sandboxes";

enum class Key {
    description,
    kind,
    project,
    client_id,
    client_secret,
    refresh_token,
    key_file,
    large_results_dataset,
    dataset,
    connection,
    table,
    into,
    map,
    mapping,
    columns,
    filter,
    every,
    once,
    delta,
    start,
    backfill,
    partial,
};

// How a value is written.
enum class Form {
    text,
    kind,               // basic or service
    reference,          // {env: NAME} or {file: PATH}
    text_or_reference,  // of a value that is not secret
    document,           // {file: PATH}, or the content as text
    texts,              // a list
    yes_no,
};

struct KeySpec {
    Key key;
    Type type;  // `description` belongs to every type
    std::string_view name;
    Form form = Form::text;
    // The setting that it sets, whose rules check the value.
    std::optional<config::Setting> setting = {};
};

std::span<const KeySpec> key_specs();
const KeySpec& spec_of(Key key);

struct Value {
    enum class From { text, file, environment };
    From from = From::text;
    std::vector<std::string> texts = {};  // only one, unless the form is a list
    std::size_t line = 0;

    const std::string& text() const { return texts.front(); }
};

// A connection or dataflow of one sandbox.
struct Object {
    Type type = Type::connection;
    std::string sandbox;
    std::string name;
    std::size_t line = 0;
    std::map<Key, Value> values;

    const Value* find(Key key) const;        // null if it is not set
    std::string text(Key key) const;         // empty if it is not set
    bool is(Key key, bool otherwise) const;  // of a yes_no; `otherwise` if it is not set
    std::string label() const;               // "dataflow \"Orders\""
};

struct Manifest {
    std::string file;                    // for messages
    std::string mark;                    // of the objects that it creates; empty: none
    std::vector<std::string> sandboxes;  // every one that the file or an object names
    std::vector<Object> objects;         // in the file's order, each once per sandbox
};

// Parses and checks a manifest. Objects without sandboxes, in a file without any, belong to
// `sandbox`, and are refused if it is empty. Throws Error (config, "config.manifest") listing every
// problem with its line, or only the first syntax error.
Manifest parse(std::string_view text, const std::string& file, const std::string& sandbox);

// The strings of a mapping or filter that may be secrets: the keys and strings of JSON, or the
// whole document if it is not JSON.
std::vector<std::string> texts_in(std::string_view document);

// The tree that parse() would read as `manifest`.
Node to_node(const Manifest& manifest);

// --- The mark: the end of a description, by which `apply --prune` recognises what a file
// created.

std::string with_mark(const std::string& description, const std::string& mark);

// A description without its mark, and the mark; both may be empty.
struct Marked {
    std::string description;
    std::string mark;
};
Marked split_mark(const std::string& description);

// --- Credentials and other settings of an object

// Where the value of a key is, for messages: "bqconn.yaml:12: table".
config::Source source_of(const Manifest& manifest, const Object& object, Key key);

// Whether to read the credentials that an object refers to, and whether other users may have access
// to their files.
enum class Credentials { left_out, from_private_files, from_any_file };

// The settings that the object's keys set. Files are relative to `folder`. Throws Error for a
// credential that is missing or invalid.
config::Settings settings_of(const Manifest& manifest, const Object& object,
                             const std::string& folder, const config::Environment& environment,
                             Credentials credentials);

}  // namespace bqconn::manifest
