#include "bqconn/manifest/diff.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/core/time_text.hpp"
#include "bqconn/dataflow/change.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::manifest {
namespace {

using dataflow::Dataflow;
using dataflow::End;
using flow::Connection;

std::string kind_of(const std::string& auth_spec) {
    return auth_spec == basic_spec     ? std::string(basic_kind)
           : auth_spec == service_spec ? std::string(service_kind)
                                       : auth_spec;
}

std::string shown(const KeySpec& spec, const Value& value) {
    switch (value.from) {
        case Value::From::file:
            return "file " + value.text();
        case Value::From::environment:
            return "variable " + value.text();
        case Value::From::text:
            break;
    }
    // A document inside the manifest is too long to show.
    return spec.form == Form::document ? "written in the manifest" : join(value.texts, ", ");
}

Change change_of(const Object& wanted) {
    return {.type = wanted.type, .sandbox = wanted.sandbox, .name = wanted.name, .wanted = &wanted};
}

Change creation_of(const Object& wanted) {
    Change change = change_of(wanted);
    change.action = Action::create;
    for (const auto& [key, value] : wanted.values) {
        const KeySpec& spec = spec_of(key);
        change.differences.push_back({.key = spec.name, .from = {}, .to = shown(spec, value)});
    }
    return change;
}

void add_difference(Change& change, Key key, const std::string& from, const std::string& to,
                    Effect effect = Effect::update) {
    if (from != to) {
        change.differences.push_back(
            {.key = spec_of(key).name, .from = from, .to = to, .effect = effect});
    }
}

// "bqconn.yaml:12: kind"
std::string place_of(const Manifest& manifest, const Object& object, std::string_view name) {
    const auto specs = key_specs();
    const auto spec = std::find_if(specs.begin(), specs.end(),
                                   [&](const KeySpec& one) { return one.name == name; });
    return describe(source_of(manifest, object, spec->key));
}

// Derives the action and the problems of a change from its differences.
void decide(const Manifest& manifest, Change& change) {
    for (const auto& one : change.differences) {
        if (one.effect == Effect::fixed) {
            change.problems.push_back(place_of(manifest, *change.wanted, one.key) +
                                      " cannot be changed from " + in_quotes(one.from) + " to " +
                                      in_quotes(one.to) +
                                      ": restore the old value in the file, or give this " +
                                      std::string(name_of(change.type)) + " another name");
        }
        if (one.effect == Effect::replace) {
            change.action = Action::replace;
        } else if (change.action == Action::none) {
            change.action = Action::update;
        }
    }
}

template <typename Item>
std::vector<const Item*> named(const std::vector<Item>& items, const std::string& name) {
    std::vector<const Item*> found;
    for (const auto& item : items) {
        if (item.name == name) {
            found.push_back(&item);
        }
    }
    return found;
}

template <typename Item>
std::string ids_of(const std::vector<const Item*>& items) {
    std::vector<std::string> ids;
    ids.reserve(items.size());
    for (const auto* const item : items) {
        ids.push_back(item->id);
    }
    return join(ids, ", ");
}

void note_other_mark(const Manifest& manifest, const std::string& description, Change& change) {
    const std::string mark = split_mark(description).mark;
    if (change.action != Action::none && !mark.empty() && mark != manifest.mark) {
        change.notes.push_back("it was created from a file with the mark " + mark);
    }
}

// --- Connections

// The parameters that the service returns. It replaces all parameters or none.
constexpr std::array parameters{Key::project, Key::large_results_dataset, Key::dataset};

Change compare_connection(const Manifest& manifest, const Object& wanted, const State& state,
                          const CompareOptions& options) {
    const auto found = named(state.connections, wanted.name);
    if (found.empty()) {
        return creation_of(wanted);
    }
    Change change = change_of(wanted);
    const Connection& one = *found.front();
    change.id = one.id;
    change.connection = &one;
    if (found.size() > 1) {
        change.problems.push_back("the sandbox has several connections with this name: " +
                                  ids_of(found) + "; delete or rename all but one");
        return change;
    }
    add_difference(change, Key::description, split_mark(one.description).description,
                   wanted.text(Key::description));
    if (!one.auth_spec.empty()) {
        add_difference(change, Key::kind, kind_of(one.auth_spec), wanted.text(Key::kind),
                       Effect::fixed);
    }
    const Value* const project = wanted.find(Key::project);
    if (one.project && project != nullptr && project->from == Value::From::text) {
        add_difference(change, Key::project, *one.project, project->text());
    }
    add_difference(change, Key::large_results_dataset, one.large_results_dataset.value_or(""),
                   wanted.text(Key::large_results_dataset));
    add_difference(change, Key::dataset, one.dataset.value_or(""), wanted.text(Key::dataset));
    const bool has_new_parameter =
        std::any_of(std::begin(parameters), std::end(parameters),
                    [&](Key key) { return change.has(spec_of(key).name); });
    if (options.rotate || has_new_parameter) {
        change.differences.push_back({.key = credentials_key, .from = {}, .to = "sent again"});
    }
    decide(manifest, change);
    note_other_mark(manifest, one.description, change);
    return change;
}

// --- Dataflows

// Sorted before comparison, because the order of columns and mappings has no meaning.
std::vector<std::string> sorted(std::vector<std::string> texts) {
    std::sort(texts.begin(), texts.end());
    return texts;
}

std::vector<std::string> pairs_of(const lake::Mappings& mappings) {
    std::vector<std::string> pairs;
    pairs.reserve(mappings.size());
    for (const auto& one : mappings) {
        // "total-tax" may be a column or a difference; "a" in quotes is a constant in either case.
        const bool is_expression =
            one.kind == lake::Kind::expression && !one.source.starts_with('"');
        pairs.push_back(lake::pair_of(one) + (is_expression ? " (expression)" : ""));
    }
    return sorted(std::move(pairs));
}

void compare_schedule(const Object& wanted, const Dataflow& one, const CompareOptions& options,
                      Change& change) {
    const bool once = wanted.is(Key::once, false);
    const std::string& every = wanted.text(Key::every);
    if (once != one.schedule.is_once()) {
        add_difference(change, once ? Key::once : Key::every, words_of(one.schedule),
                       once ? "once" : every, Effect::fixed);
    } else if (!once) {
        const auto schedule = dataflow::parse_every(every);
        // Compares durations, because 60m equals 1h.
        if (schedule && parse_duration(every) != parse_duration(every_of(one.schedule))) {
            add_difference(change, Key::every, words_of(one.schedule), words_of(*schedule));
        }
        const auto word = [](bool yes) { return std::string(yes ? "true" : "false"); };
        add_difference(change, Key::backfill, word(one.schedule.backfill),
                       word(wanted.is(Key::backfill, true)), Effect::fixed);
        add_difference(change, Key::delta, one.delta_column, wanted.text(Key::delta),
                       Effect::replace);
    }
    // A start in the past means "at once", so it is not compared.
    const auto start = parse_time(wanted.text(Key::start));
    if (start && *start > options.now && start->time_since_epoch().count() != one.schedule.start) {
        add_difference(change, Key::start,
                       utc_time(std::chrono::sys_seconds(std::chrono::seconds(one.schedule.start))),
                       wanted.text(Key::start), Effect::fixed);
    }
}

void compare_mappings(const lake::Mappings& from, const lake::Mappings& to, Change& change) {
    const auto old_pairs = pairs_of(from);
    const auto new_pairs = pairs_of(to);
    const auto add_missing = [&](const auto& these, const auto& others, bool is_new) {
        for (const auto& pair : these) {
            if (!std::binary_search(others.begin(), others.end(), pair)) {
                add_difference(change, Key::map, is_new ? "" : pair, is_new ? pair : "");
            }
        }
    };
    add_missing(old_pairs, new_pairs, false);
    add_missing(new_pairs, old_pairs, true);
}

double number_of(const std::string& text) {
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// The id of the dataset that a dataflow names; adds a problem if there is not exactly one.
std::string dataset_id_of(const Manifest& manifest, const Object& wanted, const State& state,
                          Change& change) {
    const std::string place = describe(source_of(manifest, wanted, Key::into));
    const std::string into = wanted.text(Key::into);
    const auto found = state.datasets.find(into);
    const std::size_t count = found == state.datasets.end() ? 0 : found->second.size();
    if (count == 1) {
        return found->second.front().id;
    }
    if (count == 0) {
        change.problems.push_back(place + ": the sandbox has no dataset " + in_quotes(into) +
                                  " (list the datasets with bqconn datasets)");
        return {};
    }
    std::vector<std::string> ids;
    for (const auto& one : found->second) {
        ids.push_back(one.id);
    }
    change.problems.push_back(place + ": several datasets are named " + in_quotes(into) +
                              "; use the ID of one of them: " + join(ids, ", "));
    return {};
}

// The id of the base connection that a dataflow names; empty if it does not exist yet. Adds a
// problem if there are several, or if neither the sandbox nor the file has one.
std::string connection_id_of(const Manifest& manifest, const Object& wanted, const State& state,
                             Change& change) {
    const std::string place = describe(source_of(manifest, wanted, Key::connection));
    const std::string name = wanted.text(Key::connection);
    const auto found = named(state.connections, name);
    if (found.size() == 1) {
        return found.front()->id;
    }
    bool in_file = false;
    bool elsewhere = false;
    for (const auto& one : manifest.objects) {
        if (one.type == Type::connection && one.name == name) {
            (one.sandbox == wanted.sandbox ? in_file : elsewhere) = true;
        }
    }
    if (found.size() > 1) {
        change.problems.push_back(place + ": the sandbox has several connections named " +
                                  in_quotes(name) + ": " + ids_of(found) +
                                  "; delete or rename all but one");
    } else if (!in_file) {
        change.problems.push_back(place + ": neither the file nor the sandbox has a connection " +
                                  in_quotes(name) +
                                  (elsewhere ? "; the file has it only in other sandboxes" : ""));
    }
    return {};
}

void compare_ends(const Manifest& manifest, const Object& wanted, const State& state,
                  const ReadDocument& read_document, Change& change) {
    const Dataflow& one = *change.dataflow;
    const End* const source = state.source_of(one);
    const End* const target = state.target_of(one);
    const lake::MappingSet* const mapping = state.mapping_of(one);
    if (source == nullptr || target == nullptr || mapping == nullptr) {
        change.problems.emplace_back(
            "its source connection, target connection or mapping set is missing: delete the "
            "dataflow by its ID, then apply the file again");
        return;
    }
    const std::string connection_id = connection_id_of(manifest, wanted, state, change);
    const bool has_connection = change.problems.empty();
    // An unchanged ID needs no lookup: the dataset may have been deleted.
    const std::string dataset_id = target->dataset_id() == wanted.text(Key::into)
                                       ? target->dataset_id()
                                       : dataset_id_of(manifest, wanted, state, change);
    if (has_connection && source->base_connection_id != connection_id) {
        std::string from = source->base_connection_id;
        for (const auto& other : state.connections) {
            from = other.id == source->base_connection_id ? other.name : from;
        }
        // If both connections have the same name, show the id, too.
        add_difference(change, Key::connection, from,
                       wanted.text(Key::connection) +
                           (from == wanted.text(Key::connection) ? " " + connection_id : ""),
                       Effect::replace);
    }
    add_difference(change, Key::table, source->table(), wanted.text(Key::table), Effect::replace);
    if (!dataset_id.empty() && target->dataset_id() != dataset_id) {
        add_difference(change, Key::into, target->dataset_id(), wanted.text(Key::into),
                       Effect::replace);
    }
    const std::vector<flow::Column> columns = columns_of(*source);
    if (const Value* const wanted_columns = wanted.find(Key::columns)) {
        std::vector<std::string> names;
        names.reserve(columns.size());
        for (const auto& column : columns) {
            names.push_back(column.name);
        }
        add_difference(change, Key::columns, join(sorted(names), ", "),
                       join(sorted(wanted_columns->texts), ", "), Effect::replace);
    }
    const json::Json old_filter = json::member(source->params, "filters");
    const json::Json new_filter = filter_of(manifest, wanted, read_document);
    if (old_filter != new_filter) {
        add_difference(change, Key::filter, old_filter.is_null() ? "" : json::to_line(old_filter),
                       new_filter.is_null() ? "" : json::to_line(new_filter), Effect::replace);
    }
    compare_mappings(mapping->mappings, mappings_of(manifest, wanted, columns, read_document),
                     change);
}

// Adds a note for each dataflow with another name that copies the same table into the same dataset.
void add_readers(const Object& wanted, const State& state, const std::string& connection_id,
                 const std::string& dataset_id, Change& change) {
    for (const auto& other : state.dataflows) {
        const End* const source = state.source_of(other);
        const End* const target = state.target_of(other);
        if (source != nullptr && target != nullptr && source->base_connection_id == connection_id &&
            source->table() == wanted.text(Key::table) && target->dataset_id() == dataset_id) {
            change.notes.push_back("dataflow " + other.id + " " + in_quotes(other.name) +
                                   " already copies this table into this dataset: the dataset "
                                   "will contain each row twice");
        }
    }
}

// Adds a note if an earlier dataflow of that name, deleted or created only in part, has left
// connections.
void note_unused(const State& state, Change& change) {
    const auto unused = state.unused_ends(change.name);
    if (unused.empty()) {
        return;
    }
    const bool is_created = change.action == Action::create || change.action == Action::replace;
    change.notes.push_back(
        "unused connections of an earlier dataflow with this name are left: " + join(unused, ", ") +
        (is_created
             ? "; the new dataflow uses those that fit, and the others are deleted if they "
               "have the file's mark"
             : "; apply --prune deletes those with the file's mark, and bqconn dataflow "
               "delete --leftovers --name " +
                   shell_quoted(change.name) + " --sandbox " + state.sandbox + " all of them"));
}

Change compare_dataflow(const Manifest& manifest, const Object& wanted, const State& state,
                        const ReadDocument& read_document, const CompareOptions& options) {
    const auto found = named(state.dataflows, wanted.name);
    if (found.empty()) {
        Change change = creation_of(wanted);
        const std::string connection_id = connection_id_of(manifest, wanted, state, change);
        add_readers(wanted, state, connection_id, dataset_id_of(manifest, wanted, state, change),
                    change);
        note_unused(state, change);
        return change;
    }
    Change change = change_of(wanted);
    const Dataflow& one = *found.front();
    change.id = one.id;
    change.dataflow = &one;
    if (found.size() > 1) {
        change.problems.push_back("the sandbox has several dataflows with this name: " +
                                  ids_of(found) + "; delete or rename all but one");
        return change;
    }
    compare_ends(manifest, wanted, state, read_document, change);
    compare_schedule(wanted, one, options, change);
    add_difference(change, Key::description, split_mark(one.description).description,
                   wanted.text(Key::description));
    const std::string percent = percent_of(one);
    if (number_of(percent) != number_of(wanted.text(Key::partial))) {
        add_difference(change, Key::partial, percent, wanted.text(Key::partial));
    }
    decide(manifest, change);
    note_other_mark(manifest, one.description, change);
    note_unused(state, change);
    if (change.action == Action::replace && one.state == "disabled") {
        change.notes.emplace_back("the dataflow is disabled; its replacement will be enabled");
    }
    return change;
}

// --- What only the service has

bool is_in(const Manifest& manifest, const State& state, Type type, const std::string& name) {
    return std::any_of(manifest.objects.begin(), manifest.objects.end(), [&](const Object& one) {
        return one.type == type && one.sandbox == state.sandbox && one.name == name;
    });
}

// Why a connection cannot be removed; empty if it can.
std::string user_of(const Manifest& manifest, const State& state, const Connection& one,
                    const std::set<std::string>& removed) {
    for (const auto& id : state.dataflows_of(one.id)) {
        if (!removed.contains(id)) {
            return "dataflow " + id + " uses it";
        }
    }
    for (const auto& object : manifest.objects) {
        if (object.type == Type::dataflow && object.sandbox == state.sandbox &&
            object.text(Key::connection) == one.name) {
            return object.label() + " in the file uses it";
        }
    }
    return {};
}

// Adds what the file created and does not name: with `prune` to be deleted, otherwise only noted.
void add_removals(const Manifest& manifest, const State& state, bool prune,
                  std::vector<Change>& changes) {
    const Action action = prune ? Action::remove : Action::none;
    const auto notes = [prune](const std::string& note) {
        return prune ? std::vector<std::string>() : std::vector{note};
    };
    std::set<std::string> removed;
    for (const auto& one : changes) {
        if (one.sandbox == state.sandbox && one.action == Action::replace) {
            removed.insert(one.id);
        }
    }
    for (const auto& one : state.dataflows) {
        if (split_mark(one.description).mark == manifest.mark &&
            !is_in(manifest, state, Type::dataflow, one.name)) {
            removed.insert(one.id);
            changes.push_back({.type = Type::dataflow,
                               .sandbox = state.sandbox,
                               .name = one.name,
                               .id = one.id,
                               .action = action,
                               .notes = notes("not in the file; --prune deletes it"),
                               .dataflow = &one});
        }
    }
    // A create or replacement deletes those with its name; without `prune`, a note of the dataflow
    // in the file names them.
    const auto is_covered = [&](const std::string& name) {
        return std::any_of(changes.begin(), changes.end(), [&](const Change& one) {
            return one.type == Type::dataflow && one.sandbox == state.sandbox && one.name == name &&
                   (one.action == Action::create || one.action == Action::replace ||
                    (one.wanted != nullptr && !prune));
        });
    };
    for (const auto& left : state.leftovers) {
        if (!is_covered(left.name)) {
            std::vector<std::string> ids = left.source_ids;
            ids.insert(ids.end(), left.target_ids.begin(), left.target_ids.end());
            changes.push_back({.type = Type::dataflow,
                               .sandbox = state.sandbox,
                               .name = left.name,
                               .action = action,
                               .notes = {"only these, which no dataflow uses: " + join(ids, ", ") +
                                         (prune ? "" : "; --prune deletes them")},
                               .dataflow = &left});
        }
    }
    for (const auto& one : state.connections) {
        if (split_mark(one.description).mark != manifest.mark ||
            is_in(manifest, state, Type::connection, one.name)) {
            continue;
        }
        Change change{
            .type = Type::connection,
            .sandbox = state.sandbox,
            .name = one.name,
            .id = one.id,
            .action = action,
            .notes = notes("not in the file; --prune deletes it unless a dataflow uses it"),
            .connection = &one};
        const std::string user = user_of(manifest, state, one, removed);
        if (!user.empty()) {
            change.action = Action::none;
            change.notes = {"kept, although it is not in the file: " + user};
        }
        changes.push_back(std::move(change));
    }
}

}  // namespace

std::string_view name_of(Action action) {
    constexpr auto names =
        std::to_array<std::string_view>({"none", "create", "update", "replace", "delete"});
    return names.at(static_cast<std::size_t>(action));
}

bool Change::has(std::string_view key) const {
    return std::any_of(differences.begin(), differences.end(),
                       [key](const Difference& one) { return one.key == key; });
}

std::size_t count_with_problems(const std::vector<Change>& changes) {
    return static_cast<std::size_t>(std::count_if(
        changes.begin(), changes.end(), [](const Change& one) { return !one.problems.empty(); }));
}

std::vector<Change> compare(const Manifest& manifest, const std::vector<State>& states,
                            const ReadDocument& read_document, const CompareOptions& options) {
    std::vector<Change> changes;
    for (const auto& state : states) {
        for (const Type type : {Type::connection, Type::dataflow}) {
            for (const auto& wanted : manifest.objects) {
                if (wanted.sandbox != state.sandbox || wanted.type != type) {
                    continue;
                }
                changes.push_back(
                    type == Type::connection
                        ? compare_connection(manifest, wanted, state, options)
                        : compare_dataflow(manifest, wanted, state, read_document, options));
            }
        }
        if (!manifest.mark.empty()) {
            add_removals(manifest, state, options.prune, changes);
        }
    }
    return changes;
}

json::Json filter_of(const Manifest& manifest, const Object& wanted,
                     const ReadDocument& read_document) {
    if (wanted.find(Key::filter) == nullptr) {
        return nullptr;
    }
    try {
        return json::parse(read_document(wanted, Key::filter), json::DuplicateKeys::refused);
    } catch (const json::ParseError& error) {
        throw Error(ExitCode::config, "config.filter",
                    describe(source_of(manifest, wanted, Key::filter)) + " " + error.what(),
                    "docs/dataflows.md shows a filter");
    }
}

lake::Mappings mappings_of(const Manifest& manifest, const Object& object,
                           const std::vector<flow::Column>& columns,
                           const ReadDocument& read_document) {
    const Key key = object.find(Key::mapping) != nullptr ? Key::mapping : Key::map;
    const std::string place = describe(source_of(manifest, object, key));
    if (key == Key::mapping) {
        const Value& value = *object.find(key);
        return lake::parse_file(read_document(object, key),
                                value.from == Value::From::file ? value.text() : place, columns);
    }
    return lake::parse_pairs(object.find(key)->texts, place, columns);
}

}  // namespace bqconn::manifest
