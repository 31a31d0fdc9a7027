#include "bqconn/manifest/manifest.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::manifest {
namespace {

using config::Setting;
using Kind = Node::Kind;

constexpr auto specs = std::to_array<KeySpec>({
    {Key::description, Type::connection, "description", Form::text, Setting::description},
    {Key::kind, Type::connection, "kind", Form::kind},
    {Key::project, Type::connection, "project", Form::text_or_reference, Setting::project},
    {Key::client_id, Type::connection, "client-id", Form::text_or_reference, Setting::client_id},
    {Key::client_secret, Type::connection, "client-secret", Form::reference,
     Setting::client_secret},
    {Key::refresh_token, Type::connection, "refresh-token", Form::reference,
     Setting::refresh_token},
    {Key::key_file, Type::connection, "key-file", Form::reference, Setting::key_file},
    {Key::large_results_dataset, Type::connection, "large-results-dataset", Form::text,
     Setting::large_results_dataset},
    {Key::dataset, Type::connection, "dataset", Form::text, Setting::dataset},
    {Key::connection, Type::dataflow, "connection", Form::text, Setting::connection_name},
    {Key::table, Type::dataflow, "table", Form::text, Setting::table},
    {Key::into, Type::dataflow, "into", Form::text, Setting::into},
    {Key::map, Type::dataflow, "map", Form::texts, Setting::map},
    {Key::mapping, Type::dataflow, "mapping", Form::document, Setting::mapping},
    {Key::columns, Type::dataflow, "columns", Form::texts, Setting::columns},
    {Key::filter, Type::dataflow, "filter", Form::document, Setting::filter},
    {Key::every, Type::dataflow, "every", Form::text, Setting::every},
    {Key::once, Type::dataflow, "once", Form::yes_no},
    {Key::delta, Type::dataflow, "delta", Form::text, Setting::delta},
    {Key::start, Type::dataflow, "start", Form::text, Setting::start},
    {Key::backfill, Type::dataflow, "backfill", Form::yes_no},
    {Key::partial, Type::dataflow, "partial", Form::text, Setting::partial},
});

bool is_mark(std::string_view text) {
    constexpr std::size_t longest = 64;
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return !text.empty() && text.size() <= longest &&
           text.find_first_not_of(allowed) == std::string_view::npos;
}

// --- Writing

Node text_node(std::string_view text) {
    return {.kind = Kind::text, .text = std::string(text)};
}

void put(Node& map, std::string_view key, Node value) {
    map.members.emplace_back(text_node(key), std::move(value));
}

Node list_of(const std::vector<std::string>& texts) {
    Node list{.kind = Kind::list};
    list.items.reserve(texts.size());
    for (const auto& text : texts) {
        list.items.push_back(text_node(text));
    }
    return list;
}

Node node_of(const KeySpec& spec, const Value& value) {
    if (value.from != Value::From::text) {
        Node reference{.kind = Kind::map};
        put(reference, value.from == Value::From::file ? "file" : "env", text_node(value.text()));
        return reference;
    }
    if (spec.form == Form::texts) {
        return list_of(value.texts);
    }
    Node text = text_node(value.text());
    text.bare = spec.form == Form::yes_no || spec.key == Key::partial;
    return text;
}

void add_texts(const json::Json& node, std::vector<std::string>& texts) {
    if (node.is_string()) {
        texts.push_back(node.get<std::string>());
    } else if (node.is_structured()) {
        for (const auto& [key, value] : node.items()) {
            texts.push_back(key);
            add_texts(value, texts);
        }
    }
}

constexpr std::string_view mark_start = "[bqconn:";

std::string path_in(const std::string& folder, const std::string& path) {
    return (std::filesystem::path(folder) / path).lexically_normal().string();
}

}  // namespace

std::string_view name_of(Type type) {
    return type == Type::connection ? "connection" : "dataflow";
}

std::span<const KeySpec> key_specs() {
    return specs;
}

const KeySpec& spec_of(Key key) {
    return *std::find_if(specs.begin(), specs.end(),
                         [key](const KeySpec& spec) { return spec.key == key; });
}

const Value* Object::find(Key key) const {
    const auto found = values.find(key);
    return found == values.end() ? nullptr : &found->second;
}

std::string Object::text(Key key) const {
    const Value* const value = find(key);
    return value == nullptr ? "" : value->text();
}

bool Object::is(Key key, bool otherwise) const {
    const Value* const value = find(key);
    return value == nullptr ? otherwise : value->text() == "true";
}

std::string Object::label() const {
    return std::string(name_of(type)) + " " + in_quotes(name);
}

std::vector<std::string> texts_in(std::string_view document) {
    const json::Json tree = json::parse_or_null(document);
    std::vector<std::string> texts;
    if (tree.is_structured()) {
        add_texts(tree, texts);
    } else {
        texts.emplace_back(document);
    }
    return texts;
}

Node to_node(const Manifest& manifest) {
    Node root{.kind = Kind::map};
    Node mark = text_node(manifest.mark.empty() ? "false" : manifest.mark);
    mark.bare = manifest.mark.empty();
    put(root, "mark", std::move(mark));
    if (!manifest.sandboxes.empty()) {
        put(root, sandboxes_key, list_of(manifest.sandboxes));
    }
    for (const Type type : {Type::connection, Type::dataflow}) {
        Node list{.kind = Kind::list};
        for (const auto& object : manifest.objects) {
            if (object.type != type) {
                continue;
            }
            Node item{.kind = Kind::map};
            put(item, name_key, text_node(object.name));
            if (manifest.sandboxes.size() > 1) {
                put(item, sandboxes_key, list_of({object.sandbox}));
            }
            for (const auto& [key, value] : object.values) {
                put(item, spec_of(key).name, node_of(spec_of(key), value));
            }
            list.items.push_back(std::move(item));
        }
        if (!list.items.empty()) {
            put(root, std::string(name_of(type)) + "s", std::move(list));
        }
    }
    return root;
}

std::string with_mark(const std::string& description, const std::string& mark) {
    return mark.empty() ? description
                        : description + (description.empty() ? "" : " ") + std::string(mark_start) +
                              mark + "]";
}

Marked split_mark(const std::string& description) {
    const auto start = description.rfind(mark_start);
    if (start == std::string::npos || !description.ends_with(']')) {
        return {description, {}};
    }
    const auto name = start + mark_start.size();
    const std::string mark = description.substr(name, description.size() - 1 - name);
    if (!is_mark(mark)) {
        return {description, {}};
    }
    const bool has_space = start > 0 && description[start - 1] == ' ';
    return {description.substr(0, start - (has_space ? 1 : 0)), mark};
}

config::Source source_of(const Manifest& manifest, const Object& object, Key key) {
    const Value* const value = object.find(key);
    return {.kind = config::Source::Kind::manifest,
            .name = std::string(spec_of(key).name),
            .file = manifest.file,
            .line = value == nullptr ? object.line : value->line};
}

config::Settings settings_of(const Manifest& manifest, const Object& object,
                             const std::string& folder, const config::Environment& environment,
                             Credentials credentials) {
    config::Settings settings;
    std::vector<config::Given> references;
    std::vector<std::string> unset;
    for (const auto& [key, value] : object.values) {
        const KeySpec& spec = spec_of(key);
        if (!spec.setting) {
            continue;
        }
        const config::Source source = source_of(manifest, object, key);
        if (value.from == Value::From::text) {
            // Messages name the line of a document inside the manifest instead of a path.
            settings.set(*spec.setting,
                         spec.form == Form::document ? describe(source)
                         : key == Key::columns       ? join(value.texts, ",")
                                                     : join(value.texts, "\n"),
                         source);
        } else if (spec.form == Form::document) {
            settings.set(*spec.setting, path_in(folder, value.text()), source);
        } else if (credentials == Credentials::left_out) {
            continue;
        } else if (value.from == Value::From::file) {
            references.push_back(
                {*spec.setting, Secret(path_in(folder, value.text())), true, source});
        } else {
            const std::string_view content = config::find(environment, value.text());
            if (content.empty()) {
                unset.push_back(describe(source) + ": the variable " + value.text() +
                                " is not set");
                continue;
            }
            config::Source variable = source;
            variable.name += ": the variable " + value.text();
            references.push_back({*spec.setting, Secret(std::string(content)), false, variable});
        }
    }
    if (!unset.empty()) {
        throw Error(ExitCode::usage, "usage.missing_settings", join(unset, "\n  "),
                    "set the variable, or refer to another one or to a file");
    }
    settings.set(object.type == Type::connection ? Setting::name : Setting::dataflow_name,
                 object.name,
                 {.kind = config::Source::Kind::manifest,
                  .name = std::string(name_key),
                  .file = manifest.file,
                  .line = object.line});
    config::add_given(settings, references, environment, credentials == Credentials::from_any_file);
    return settings;
}

}  // namespace bqconn::manifest
