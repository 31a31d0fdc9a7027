#include "bqconn/manifest/manifest.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <tuple>
#include <utility>

#include "bqconn/config/files.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/core/time_text.hpp"
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

constexpr std::array kinds_of_auth{basic_kind, service_kind};

constexpr std::string_view name_key = "name";
constexpr std::string_view sandboxes_key = "sandboxes";

bool has_key(Type type, const KeySpec& spec) {
    return spec.type == type || spec.key == Key::description;
}

const KeySpec* find_key(Type type, std::string_view name) {
    const auto* const found = std::find_if(specs.begin(), specs.end(), [&](const KeySpec& spec) {
        return spec.name == name && has_key(type, spec);
    });
    return found == specs.end() ? nullptr : found;
}

std::optional<bool> yes_or_no(const std::string& text) {
    const std::string word = to_lower_ascii(text);
    if (word == "true" || word == "yes" || word == "on") {
        return true;
    }
    return word == "false" || word == "no" || word == "off" ? std::optional(false) : std::nullopt;
}

bool is_variable_name(std::string_view text) {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos &&
           (text.front() < '0' || text.front() > '9');
}

bool is_mark(std::string_view text) {
    constexpr std::size_t longest = 64;
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return !text.empty() && text.size() <= longest &&
           text.find_first_not_of(allowed) == std::string_view::npos;
}

// Reads the file's tree and collects everything that is wrong with it.
class Reader {
  public:
    explicit Reader(const std::string& file) : file_(file) {}

    Manifest read(const Node& root, const std::string& sandbox);

    // Throws Error if there are problems.
    void report() const;

  private:
    using Members = std::map<Key, Value>;

    void add(std::size_t line, const std::string& problem);
    const Node* member(const Node& map, std::string_view name) const;
    std::optional<std::string> text_of(const Node& node, const std::string& key,
                                       bool is_document = false);
    std::string mark_of(const Node& root);
    std::vector<std::string> sandboxes_of(const Node& node);
    std::optional<std::string> sandbox_of(const Node& node);
    void read_list(const Node& root, Type type, const std::vector<std::string>& sandboxes);
    void read_object(const Node& item, Type type, const std::vector<std::string>& sandboxes);
    void read_members(const Node& map, Type type, bool overrides, Members& values);
    std::optional<Value> value_of(const KeySpec& spec, const Node& node);
    std::optional<Value> reference_of(const KeySpec& spec, const Node& node);
    bool check(const KeySpec& spec, const std::string& text, std::size_t line);
    void add_object(Object object);
    void check_connection(const Object& one);
    void check_dataflow(const Object& one);
    void need(const Object& one, std::initializer_list<Key> keys);
    void exclude(const Object& one, std::initializer_list<Key> keys, const std::string& reason);

    std::string file_;
    std::vector<std::pair<std::size_t, std::string>> problems_;
    Manifest manifest_;
    std::map<std::tuple<std::string, Type, std::string>, std::size_t> lines_;  // of the objects
};

void Reader::add(std::size_t line, const std::string& problem) {
    problems_.emplace_back(line, problem);
}

void Reader::report() const {
    if (problems_.empty()) {
        return;
    }
    auto sorted = problems_;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::vector<std::string> lines;
    lines.reserve(sorted.size());
    for (const auto& [line, problem] : sorted) {
        lines.push_back(inert_line(file_) + ":" + std::to_string(line) + ": " + problem);
    }
    throw Error(ExitCode::config, "config.manifest",
                lines.size() == 1 ? lines.front()
                                  : inert_line(file_) + " has " + std::to_string(lines.size()) +
                                        " problems:\n  " + join(lines, "\n  "),
                "docs/as-code.md shows every key; bqconn init --manifest writes an example");
}

const Node* Reader::member(const Node& map, std::string_view name) const {
    for (const auto& [key, value] : map.members) {
        if (key.text == name) {
            return &value;
        }
    }
    return nullptr;
}

std::optional<std::string> Reader::text_of(const Node& node, const std::string& key,
                                           bool is_document) {
    if (node.kind != Kind::text || node.text.empty()) {
        add(node.line, key + (node.kind == Kind::nothing || node.kind == Kind::text
                                  ? " has no value"
                                  : " must be a single value"));
        return std::nullopt;
    }
    const auto texts = is_document ? texts_in(node.text) : std::vector{node.text};
    for (const auto& text : texts) {
        const auto finding = config::find_misplaced_secret(nullptr, text);
        if (!finding) {
            continue;
        }
        add(node.line, key + (is_document && secret_shape(text) == SecretShape::json
                                  ? " is not valid JSON"
                                  : " " + finding->problem +
                                        ": use a reference, {env: NAME} or {file: PATH}"));
        return std::nullopt;
    }
    return node.text;
}

std::string Reader::mark_of(const Node& root) {
    const Node* const node = member(root, "mark");
    if (node == nullptr) {
        add(root.line,
            "mark is missing: set it to a name for this file, which is added to the description of "
            "everything it creates so that apply --prune recognises it, or to false to add "
            "nothing");
        return {};
    }
    const auto text = text_of(*node, "mark");
    if (!text || yes_or_no(*text) == false) {
        return {};
    }
    if (!is_mark(*text)) {
        add(node->line, "mark must be a name of at most 64 letters, digits, '.', '-' and '_'");
    }
    return *text;
}

std::optional<std::string> Reader::sandbox_of(const Node& node) {
    auto name = text_of(node, std::string(sandboxes_key));
    if (name) {
        if (const auto finding =
                config::check_value(config::spec_of(Setting::sandbox_name), *name)) {
            add(node.line, "sandboxes: a name " + finding->problem);
            return std::nullopt;
        }
    }
    return name;
}

// A list of names, or the keys of a map.
std::vector<std::string> Reader::sandboxes_of(const Node& node) {
    std::vector<std::string> names;
    const auto take = [&](const Node& one) {
        const auto name = sandbox_of(one);
        if (name && std::find(names.begin(), names.end(), *name) != names.end()) {
            add(one.line, "sandboxes: " + in_quotes(*name) + " is named twice");
        } else if (name) {
            names.push_back(*name);
        }
    };
    if (node.kind != Kind::list && node.kind != Kind::map) {
        add(node.line, "sandboxes must be a list of names");
    }
    for (const auto& item : node.items) {
        take(item);
    }
    for (const auto& [key, value] : node.members) {
        take(key);
    }
    if (names.empty() && problems_.empty()) {
        add(node.line, "sandboxes must name at least one sandbox");
    }
    return names;
}

bool Reader::check(const KeySpec& spec, const std::string& text, std::size_t line) {
    if (!spec.setting || config::spec_of(*spec.setting).takes == config::Takes::secret) {
        return true;
    }
    if (spec.key == Key::start && !parse_time(text)) {
        add(line,
            "start must be a time in UTC such as 2026-12-01T06:00:00Z: the file may be "
            "applied at any time");
        return false;
    }
    if (spec.key == Key::columns &&
        (text.find(',') != std::string::npos || trim_ascii(text) != text)) {
        add(line, "columns: a name must not contain a comma, or begin or end with a blank");
        return false;
    }
    if (spec.key == Key::description && !split_mark(text).mark.empty()) {
        add(line, "description must not end with a mark, [bqconn:NAME]: apply adds the file's own");
        return false;
    }
    if (const auto finding = config::check_value(config::spec_of(*spec.setting), text)) {
        add(line, std::string(spec.name) + " " + finding->problem +
                      (finding->hint.empty() ? "" : ": " + finding->hint));
        return false;
    }
    return true;
}

std::optional<Value> Reader::reference_of(const KeySpec& spec, const Node& node) {
    const std::string name(spec.name);
    const bool is_document = spec.form == Form::document;
    const std::string expected =
        is_document ? "{file: PATH}, or the content as text" : "{env: NAME} or {file: PATH}";
    if (node.kind == Kind::nothing) {
        add(node.line, name + " has no value");
        return std::nullopt;
    }
    if (node.members.size() != 1) {
        add(node.line, name + " must be " + expected +
                           (is_document ? "" : ": a secret does not belong in this file"));
        return std::nullopt;
    }
    const auto& [key, value] = node.members.front();
    if (key.text != "file" && (key.text != "env" || is_document)) {
        // The key is not shown: it may be a secret.
        const bool has_no_blank = key.text.starts_with("env:") || key.text.starts_with("file:");
        add(key.line, name + " must be " + expected +
                          (has_no_blank ? ": write a blank after the colon" : ""));
        return std::nullopt;
    }
    const auto text = text_of(value, name + ": " + key.text);
    if (!text) {
        return std::nullopt;
    }
    if (key.text == "file") {
        if (connection::check_plain_value(*text)) {
            add(value.line, name + ": file must be a path on one line");
            return std::nullopt;
        }
        return Value{Value::From::file, {*text}, node.line};
    }
    if (!is_variable_name(*text)) {
        add(value.line, name + ": env must be the name of a variable, such as CLIENT_SECRET");
        return std::nullopt;
    }
    return Value{Value::From::environment, {*text}, node.line};
}

// None if it is invalid, which adds a problem.
std::optional<Value> Reader::value_of(const KeySpec& spec, const Node& node) {
    const std::string name(spec.name);
    const bool is_text = node.kind == Kind::text;
    switch (spec.form) {
        case Form::reference:
            return reference_of(spec, node);
        case Form::text_or_reference:
        case Form::document:
            if (!is_text) {
                return reference_of(spec, node);
            }
            break;
        case Form::texts: {
            const bool is_list =
                node.kind == Kind::list && !node.items.empty() &&
                std::all_of(node.items.begin(), node.items.end(),
                            [](const Node& item) { return item.kind == Kind::text; });
            if (!is_list) {
                add(node.line, name + " must be a list of texts" +
                                   (spec.key == Key::map ? ", such as [order_id=_acme.id]" : ""));
                return std::nullopt;
            }
            Value value{.line = node.line};
            value.texts.reserve(node.items.size());
            for (const auto& item : node.items) {
                const auto text = text_of(item, name);
                if (!text || !check(spec, *text, item.line)) {
                    return std::nullopt;
                }
                value.texts.push_back(*text);
            }
            return value;
        }
        case Form::text:
        case Form::kind:
        case Form::yes_no:
            break;
    }
    const auto text = text_of(node, name, spec.form == Form::document);
    if (!text) {
        return std::nullopt;
    }
    if (spec.form == Form::yes_no) {
        const auto answer = yes_or_no(*text);
        if (!answer) {
            add(node.line, name + " must be true or false");
        }
        return Value{.texts = {answer.value_or(false) ? "true" : "false"}, .line = node.line};
    }
    if (spec.form == Form::kind &&
        std::find(kinds_of_auth.begin(), kinds_of_auth.end(), *text) == kinds_of_auth.end()) {
        add(node.line, "kind must be one of: " + join(kinds_of_auth, ", "));
    }
    // A path that is not a reference would be taken for a mapping or filter.
    constexpr std::string_view signs = "{[\n,";
    if (spec.form == Form::document && text->find_first_of(signs) == std::string::npos) {
        add(node.line, name + " is neither a document nor a reference to one: write {file: PATH}");
        return std::nullopt;
    }
    if (spec.form != Form::document && !check(spec, *text, node.line)) {
        return std::nullopt;
    }
    return Value{.texts = {*text}, .line = node.line};
}

// An override without a value removes the key.
void Reader::read_members(const Node& map, Type type, bool overrides, Members& values) {
    for (const auto& [key, node] : map.members) {
        if (!overrides && (key.text == name_key || key.text == sandboxes_key)) {
            continue;
        }
        const KeySpec* const spec = find_key(type, key.text);
        if (spec == nullptr) {
            std::vector<std::string_view> names;
            for (const auto& one : specs) {
                if (has_key(type, one)) {
                    names.push_back(one.name);
                }
            }
            const auto meant = nearest(key.text, names);
            const std::string object = "a " + std::string(name_of(type));
            add(key.line,
                (overrides ? "a sandbox cannot set " + in_quotes(key.text) + " for " + object
                           : object + " has no key " + in_quotes(key.text)) +
                    (meant ? "; did you mean " + in_quotes(*meant) + "?" : ""));
        } else if (overrides && node.kind == Kind::nothing) {
            values.erase(spec->key);
        } else {
            // Keeps an invalid value, which must not be reported as missing, too.
            values.insert_or_assign(
                spec->key, value_of(*spec, node).value_or(Value{.texts = {""}, .line = node.line}));
        }
    }
}

void Reader::need(const Object& one, std::initializer_list<Key> keys) {
    for (const Key key : keys) {
        if (one.find(key) == nullptr) {
            add(one.line, one.label() + " has no " + std::string(spec_of(key).name));
        }
    }
}

void Reader::exclude(const Object& one, std::initializer_list<Key> keys,
                     const std::string& reason) {
    for (const Key key : keys) {
        if (const Value* const value = one.find(key)) {
            add(value->line, std::string(spec_of(key).name) + " cannot be combined with " + reason);
        }
    }
}

void Reader::check_connection(const Object& one) {
    need(one, {Key::kind});
    const std::string kind = one.text(Key::kind);
    if (kind == basic_kind) {
        need(one, {Key::project, Key::client_id, Key::client_secret, Key::refresh_token});
        exclude(one, {Key::key_file, Key::dataset}, "kind: basic");
    } else if (kind == service_kind) {
        need(one, {Key::key_file});
        exclude(one, {Key::client_id, Key::client_secret, Key::refresh_token}, "kind: service");
    }
    if (one.find(Key::dataset) != nullptr) {
        exclude(one, {Key::large_results_dataset}, "dataset, which is for organisations on AWS");
    }
}

void Reader::check_dataflow(const Object& one) {
    need(one, {Key::connection, Key::table, Key::into});
    const bool once = one.is(Key::once, false);
    const bool every = one.find(Key::every) != nullptr;
    if (!once && !every) {
        add(one.line, one.label() + " has neither every nor once: set how often it runs");
    } else if (once) {
        exclude(one, {Key::every}, "once");
        exclude(one, {Key::delta, Key::backfill}, "once, which copies all rows");
    } else if (one.find(Key::delta) == nullptr) {
        add(one.line,
            one.label() + " has no delta: name the column by which each run finds new rows");
    }
    if (one.find(Key::map) == nullptr && one.find(Key::mapping) == nullptr) {
        add(one.line, one.label() + " has neither map nor mapping");
    }
    if (one.find(Key::map) != nullptr) {
        exclude(one, {Key::mapping}, "map");
    }
}

void Reader::add_object(Object object) {
    const auto [first, is_new] =
        lines_.emplace(std::tuple(object.sandbox, object.type, object.name), object.line);
    if (!is_new) {
        add(object.line, "sandbox " + object.sandbox + " already has a " + object.label() +
                             " on line " + std::to_string(first->second));
        return;
    }
    object.type == Type::connection ? check_connection(object) : check_dataflow(object);
    auto& sandboxes = manifest_.sandboxes;
    if (std::find(sandboxes.begin(), sandboxes.end(), object.sandbox) == sandboxes.end()) {
        sandboxes.push_back(object.sandbox);
    }
    manifest_.objects.push_back(std::move(object));
}

void Reader::read_object(const Node& item, Type type, const std::vector<std::string>& sandboxes) {
    if (item.kind != Kind::map) {
        add(item.line, "a " + std::string(name_of(type)) + " must have keys, such as name");
        return;
    }
    Object object{.type = type, .sandbox = {}, .name = {}, .line = item.line, .values = {}};
    const Node* const name = member(item, name_key);
    if (name == nullptr) {
        add(item.line, "a " + std::string(name_of(type)) + " has no name");
        return;
    }
    const auto text = text_of(*name, "name");
    const Setting setting = type == Type::connection ? Setting::name : Setting::dataflow_name;
    if (!text) {
        return;
    }
    if (const auto finding = config::check_value(config::spec_of(setting), *text)) {
        add(name->line, "name " + finding->problem);
        return;
    }
    object.name = *text;
    object.line = name->line;
    read_members(item, type, false, object.values);
    const Node* const own = member(item, sandboxes_key);
    const std::vector<std::string> names = own == nullptr ? sandboxes : sandboxes_of(*own);
    if (names.empty() && own == nullptr) {
        add(object.line, object.label() +
                             " has no sandbox: add sandboxes to it or to the file, or use "
                             "--sandbox");
    }
    for (const auto& sandbox : names) {
        Object one = object;
        one.sandbox = sandbox;
        const Node* const overrides = own == nullptr ? nullptr : member(*own, sandbox);
        if (overrides != nullptr && overrides->kind == Kind::map) {
            read_members(*overrides, type, true, one.values);
        } else if (overrides != nullptr && overrides->kind != Kind::nothing) {
            add(overrides->line, "sandboxes: " + in_quotes(sandbox) +
                                     " must have keys and values, such as {every: 15m}");
        }
        add_object(std::move(one));
    }
}

void Reader::read_list(const Node& root, Type type, const std::vector<std::string>& sandboxes) {
    const std::string key = std::string(name_of(type)) + "s";
    const Node* const list = member(root, key);
    if (list == nullptr || list->kind == Kind::nothing) {
        return;
    }
    if (list->kind != Kind::list) {
        add(list->line, key + " must be a list: begin each item with - name: NAME");
    }
    for (const auto& item : list->items) {
        read_object(item, type, sandboxes);
    }
}

Manifest Reader::read(const Node& root, const std::string& sandbox) {
    constexpr auto keys = std::to_array<std::string_view>(
        {"mark", sandboxes_key, "connections", "dataflows", "$schema"});
    if (root.kind != Kind::map) {
        add(root.line, "the file must have the keys mark, sandboxes, connections and dataflows");
        return {};
    }
    for (const auto& [key, value] : root.members) {
        if (std::find(keys.begin(), keys.end(), key.text) == keys.end()) {
            const auto meant = nearest(key.text, keys);
            add(key.line, "unknown key " + in_quotes(key.text) +
                              (meant ? "; did you mean " + in_quotes(*meant) + "?" : ""));
        }
    }
    manifest_.file = file_;
    manifest_.mark = mark_of(root);
    std::vector<std::string> sandboxes;
    if (const Node* const own = member(root, sandboxes_key)) {
        sandboxes = sandboxes_of(*own);
        manifest_.sandboxes = sandboxes;
        if (own->kind == Kind::map) {
            add(own->line,
                "the file's sandboxes must be a list: only a connection or dataflow can "
                "set values for a sandbox");
        }
    } else if (!sandbox.empty()) {
        sandboxes.push_back(sandbox);
    }
    read_list(root, Type::connection, sandboxes);
    read_list(root, Type::dataflow, sandboxes);
    return std::move(manifest_);
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

Manifest parse(std::string_view text, const std::string& file, const std::string& sandbox) {
    Reader reader(file);
    Manifest manifest = reader.read(parse_yaml(text, file), sandbox);
    reader.report();
    return manifest;
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
    const bool has_blank = start > 0 && description[start - 1] == ' ';
    return {description.substr(0, start - (has_blank ? 1 : 0)), mark};
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
            references.push_back({*spec.setting, Secret(std::string(content)), false, source});
        }
    }
    if (!unset.empty()) {
        throw Error(ExitCode::usage, "usage.missing_settings", join(unset, "\n  "),
                    "set what is missing, or name another variable or a file");
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
