// Reads a manifest: from the tree of a YAML file to checked objects.
#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/core/time_text.hpp"
#include "bqconn/manifest/manifest.hpp"

namespace bqconn::manifest {
namespace {

using config::Setting;
using Kind = Node::Kind;

constexpr std::array kinds_of_auth{basic_kind, service_kind};
constexpr std::string_view document_forms = "{file: PATH}, or the content as text";

bool has_key(Type type, const KeySpec& spec) {
    return spec.type == type || spec.key == Key::description;
}

const KeySpec* find_key(Type type, std::string_view name) {
    for (const auto& spec : key_specs()) {
        if (spec.name == name && has_key(type, spec)) {
            return &spec;
        }
    }
    return nullptr;
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
        add(node.line,
            key + (is_document && text == node.text && secret_shape(text) == SecretShape::json
                       ? " is not valid JSON"
                       : " " + finding->problem +
                             ": remove it; a credential is given as {env: NAME} or {file: PATH}"));
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
    if (yes_or_no(*text) || split_mark(with_mark("", *text)).mark != *text) {
        add(node->line,
            "mark must be false, or a name of at most 64 letters, digits, '.', '-' and '_'");
    }
    return *text;
}

std::optional<std::string> Reader::sandbox_of(const Node& node) {
    auto name = text_of(node, std::string(sandboxes_key));
    if (name) {
        if (const auto finding =
                config::check_value(config::spec_of(Setting::sandbox_name), *name)) {
            add(node.line, "sandboxes: " + in_quotes(*name) + " " + finding->problem +
                               (finding->hint.empty() ? "" : ": " + finding->hint));
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
        add(node.line, "sandboxes must be a list of names, such as [dev, prod]");
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
        add(line, "columns: a column name must not contain a comma, or begin or end with a space");
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
    const std::string expected(is_document ? document_forms
                                           : "a reference, {env: NAME} or {file: PATH}");
    if (node.kind == Kind::nothing) {
        add(node.line, name + " has no value");
        return std::nullopt;
    }
    if (node.members.size() != 1) {
        add(node.line, name + " must be " + expected);
        return std::nullopt;
    }
    const auto& [key, value] = node.members.front();
    if (key.text != "file" && (key.text != "env" || is_document)) {
        // The key is not shown: it may be a secret.
        const bool has_no_space = key.text.starts_with("env:") || key.text.starts_with("file:");
        add(key.line,
            name + " must be " + expected + (has_no_space ? ": put a space after the colon" : ""));
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
        add(value.line,
            name + ": env must be the name of an environment variable, such as CLIENT_SECRET");
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
                add(node.line,
                    name + " must be a list of strings, such as " +
                        (spec.key == Key::map ? "[order_id=_acme.id]" : "[order_id, ordered_at]"));
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
        add(node.line, name + " must be " + std::string(document_forms));
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
            if (!overrides) {
                names = {name_key, sandboxes_key};
            }
            for (const auto& one : key_specs()) {
                if (has_key(type, one)) {
                    names.push_back(one.name);
                }
            }
            const auto meant = nearest(key.text, names);
            add(key.line, (overrides ? in_quotes(key.text) + " cannot be set for a single sandbox"
                                     : "unknown key " + in_quotes(key.text) + " in a " +
                                           std::string(name_of(type))) +
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
            add(one.line, one.label() + " has no key " + std::string(spec_of(key).name));
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
            one.label() + " has no key delta: name the column by which each run finds new rows");
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
        add(object.line, object.label() + " is already defined for sandbox " + object.sandbox +
                             ", on line " + std::to_string(first->second));
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
        add(item.line, "a " + std::string(name_of(type)) + " has no key name");
        read_members(item, type, false, object.values);  // which may be misspelled
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
        add(list->line, key + " must be a list: begin each item with \"- name: NAME\"");
    }
    for (const auto& item : list->items) {
        read_object(item, type, sandboxes);
    }
}

Manifest Reader::read(const Node& root, const std::string& sandbox) {
    constexpr auto keys = std::to_array<std::string_view>(
        {"mark", sandboxes_key, "connections", "dataflows", "$schema"});
    if (root.kind != Kind::map) {
        add(root.line,
            "the file must be a map with keys such as mark, sandboxes, connections and dataflows");
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
    if (manifest_.sandboxes.empty()) {
        manifest_.sandboxes = sandboxes;
    }
    if (manifest_.sandboxes.empty() && problems_.empty()) {
        add(root.line, "the file names no sandbox: add sandboxes, or use --sandbox");
    }
    return std::move(manifest_);
}

}  // namespace

Manifest parse(std::string_view text, const std::string& file, const std::string& sandbox) {
    Reader reader(file);
    Manifest manifest = reader.read(parse_yaml(text, file), sandbox);
    reader.report();
    return manifest;
}

}  // namespace bqconn::manifest
