#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/manifest/diff.hpp"

namespace bqconn::manifest {
namespace {

Value text_value(std::string text) {
    return {.texts = {std::move(text)}};
}

// The client-secret of "Sales EU" becomes SALES_EU_CLIENT_SECRET. The variable of a key file holds
// its content.
Value variable_for(const std::string& name, Key key) {
    const std::string_view what = key == Key::key_file ? "key" : spec_of(key).name;
    std::string variable;
    for (const char c : name + "-" + std::string(what)) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_plain = byte < 0x80 && std::isalnum(byte) != 0;
        variable += is_plain ? static_cast<char>(std::toupper(byte)) : '_';
    }
    if (std::isdigit(static_cast<unsigned char>(variable.front())) != 0) {
        variable.insert(0, "_");
    }
    return {.from = Value::From::environment, .texts = {variable}};
}

void set_if(Object& object, Key key, const std::string& text) {
    if (!text.empty()) {
        object.values[key] = text_value(text);
    }
}

Object object_of(Type type, const State& state, const std::string& name,
                 const std::string& description) {
    Object object{.type = type, .sandbox = state.sandbox, .name = name, .values = {}};
    set_if(object, Key::description, split_mark(description).description);
    return object;
}

Object connection_object(const State& state, const flow::Connection& one) {
    Object object = object_of(Type::connection, state, one.name, one.description);
    const bool basic = one.auth_spec == basic_spec;
    object.values[Key::kind] = text_value(std::string(basic ? basic_kind : service_kind));
    if (one.project) {
        object.values[Key::project] = text_value(*one.project);
    } else if (basic) {
        object.values[Key::project] = variable_for(one.name, Key::project);
    }
    if (basic) {
        for (const Key key : {Key::client_id, Key::client_secret, Key::refresh_token}) {
            object.values[key] = variable_for(one.name, key);
        }
    } else {
        object.values[Key::key_file] = variable_for(one.name, Key::key_file);
    }
    set_if(object, Key::large_results_dataset, one.large_results_dataset.value_or(""));
    set_if(object, Key::dataset, one.dataset.value_or(""));
    return object;
}

// Adds the mapping as pairs, or as JSON if pairs cannot express it.
void add_mapping(const lake::Mappings& mappings, const std::vector<flow::Column>& columns,
                 Object& object) {
    Value pairs;
    bool is_exact = true;
    for (const auto& one : mappings) {
        pairs.texts.push_back(lake::pair_of(one));
        is_exact = is_exact && pairs.texts.back().find('\n') == std::string::npos &&
                   lake::parse_pair(pairs.texts.back(), "", columns) == one;
    }
    if (is_exact && !mappings.empty()) {
        object.values[Key::map] = std::move(pairs);
    } else {
        object.values[Key::mapping] = text_value(json::to_lines(lake::to_json(mappings)));
    }
}

// The dataset's name, or its id if several datasets have that name.
std::string into_of(const State& state, const std::string& dataset_id) {
    for (const auto& [name, datasets] : state.datasets) {
        if (datasets.size() == 1 && datasets.front().id == dataset_id) {
            return name;
        }
    }
    return dataset_id;
}

std::string connection_name_of(const State& state, const std::string& id) {
    const auto found = std::find_if(state.connections.begin(), state.connections.end(),
                                    [&](const flow::Connection& one) { return one.id == id; });
    if (found == state.connections.end()) {
        throw std::runtime_error("its base connection is missing");
    }
    if (std::count_if(state.connections.begin(), state.connections.end(),
                      [&](const flow::Connection& one) { return one.name == found->name; }) > 1) {
        throw std::runtime_error("the name of its base connection is not unique");
    }
    return found->name;
}

// Throws std::runtime_error with the reason why a manifest cannot describe the dataflow.
Object dataflow_object(const State& state, const dataflow::Dataflow& one) {
    Object object = object_of(Type::dataflow, state, one.name, one.description);
    const dataflow::End* const source = state.source_of(one);
    const dataflow::End* const target = state.target_of(one);
    const lake::MappingSet* const mapping = state.mapping_of(one);
    if (source == nullptr || target == nullptr) {
        throw std::runtime_error("its source or target connection is missing");
    }
    if (mapping == nullptr || mapping->mappings.empty()) {
        throw std::runtime_error("it has no mapping");
    }
    set_if(object, Key::connection, connection_name_of(state, source->base_connection_id));
    set_if(object, Key::table, source->table());
    set_if(object, Key::into, into_of(state, target->dataset_id()));
    Value columns;
    const auto read = columns_of(*source);
    for (const auto& column : read) {
        columns.texts.push_back(column.name);
    }
    if (!columns.texts.empty()) {
        object.values[Key::columns] = std::move(columns);
    }
    const json::Json& filter = json::member(source->params, "filters");
    if (!filter.is_null()) {
        object.values[Key::filter] = text_value(json::to_line(filter));
    }
    add_mapping(mapping->mappings, read, object);
    if (one.schedule.is_once()) {
        object.values[Key::once] = text_value("true");
    } else {
        if (one.delta_column.empty()) {
            throw std::runtime_error("it has no delta column");
        }
        set_if(object, Key::every, every_of(one.schedule));
        set_if(object, Key::delta, one.delta_column);
        if (!one.schedule.backfill) {
            object.values[Key::backfill] = text_value("false");
        }
    }
    set_if(object, Key::partial, percent_of(one));
    return object;
}

template <typename Item, typename MakeObject>
void add_objects(const std::vector<Item>& items, Type type, const MakeObject& make,
                 Manifest& manifest, std::vector<std::string>& warnings) {
    for (const auto& one : items) {
        const std::string label = std::string(name_of(type)) + " " + one.id + " " +
                                  in_quotes(one.name) + " was left out: ";
        const auto same = std::count_if(items.begin(), items.end(),
                                        [&](const Item& other) { return other.name == one.name; });
        if (same > 1) {
            warnings.push_back(label + "the sandbox has " + std::to_string(same) + " " +
                               std::string(name_of(type)) + "s with this name");
            continue;
        }
        try {
            Manifest single{
                .file = {}, .mark = {}, .sandboxes = manifest.sandboxes, .objects = {make(one)}};
            // Leaves out whatever parse() would refuse.
            parse(to_yaml(to_node(single)), "its manifest", "");
            manifest.objects.push_back(std::move(single.objects.front()));
        } catch (const std::runtime_error& error) {
            warnings.push_back(label + inert_line(error.what()));
        }
    }
}

// Gives each credential a variable of its own, never one with the name of a bqconn setting.
void make_variables_unique(Manifest& manifest) {
    std::set<std::string> used;
    for (auto& object : manifest.objects) {
        for (auto& [key, value] : object.values) {
            if (value.from != Value::From::environment) {
                continue;
            }
            std::string& name = value.texts.front();
            if (name.starts_with(config::variable_prefix)) {
                name.insert(0, "_");
            }
            const std::string first = name;
            for (int i = 2; !used.insert(name).second; ++i) {
                name = first + "_" + std::to_string(i);
            }
        }
    }
}

}  // namespace

Manifest manifest_of(const State& state, std::vector<std::string>& warnings) {
    Manifest manifest{.file = {}, .mark = {}, .sandboxes = {state.sandbox}, .objects = {}};
    add_objects(
        state.connections, Type::connection,
        [&](const flow::Connection& one) { return connection_object(state, one); }, manifest,
        warnings);
    add_objects(
        state.dataflows, Type::dataflow,
        [&](const dataflow::Dataflow& one) { return dataflow_object(state, one); }, manifest,
        warnings);
    make_variables_unique(manifest);
    return manifest;
}

}  // namespace bqconn::manifest
