#include "commands/manifests.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "bqconn/config/files.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/core/time_text.hpp"
#include "bqconn/lake/datasets.hpp"
#include "bqconn/lake/mapping.hpp"
#include "bqconn/lake/schemas.hpp"
#include "commands/hide_secrets.hpp"

namespace bqconn::commands {
namespace {

using manifest::Change;
using manifest::Key;
using manifest::Manifest;
using manifest::Object;
using manifest::State;
using manifest::Type;

constexpr std::string_view standard_input = "-";
constexpr std::size_t largest_manifest = 16 * config::largest_file;

void refuse_secret_in(const config::Settings& settings, std::string_view document,
                      const std::string& place) {
    for (const auto& text : manifest::texts_in(document)) {
        config::refuse_secret(settings, text, place);
    }
}

}  // namespace

void refuse_secrets(const Manifest& manifest, std::vector<Secret> secrets) {
    constexpr std::size_t shortest = 12;
    const std::string file = inert_line(manifest.file);
    std::vector<std::pair<std::string, std::string>> texts{{file + ": mark", manifest.mark}};
    for (const auto& object : manifest.objects) {
        const std::string line = file + ":" + std::to_string(object.line);
        texts.emplace_back(line + ": name", object.name);
        texts.emplace_back(line + ": sandboxes", object.sandbox);
        for (const auto& [key, value] : object.values) {
            for (const auto& text : value.texts) {
                for (auto& part : manifest::texts_in(text)) {
                    texts.emplace_back(describe(source_of(manifest, object, key)), std::move(part));
                }
            }
        }
    }
    std::string all;  // to search them at once
    for (const auto& [place, text] : texts) {
        all += text + "\n";
    }
    std::erase_if(secrets, [&](const Secret& one) {
        return one.size() < shortest || all.find(one.reveal()) == std::string::npos;
    });
    for (const auto& secret : secrets) {
        for (const auto& [place, text] : texts) {
            if (text.find(secret.reveal()) != std::string::npos) {
                throw Error(ExitCode::config, "config.invalid_value",
                            place + " contains a secret that bqconn was given",
                            "use a text without it: others can read the text");
            }
        }
    }
}

namespace {

// Only the flag limits a manifest: the environment variable and the profile are for verbs that use
// one sandbox.
void limit_to_flag(const config::Settings& settings, Manifest& manifest) {
    if (settings.source(Setting::sandbox_name).kind != config::Source::Kind::flag) {
        return;
    }
    const std::string& wanted = settings.text(Setting::sandbox_name);
    auto& sandboxes = manifest.sandboxes;
    if (std::find(sandboxes.begin(), sandboxes.end(), wanted) == sandboxes.end()) {
        throw Error(ExitCode::usage, "usage.sandbox",
                    inert_line(manifest.file) + " does not name sandbox " + wanted,
                    sandboxes.empty()
                        ? "add sandboxes to the file"
                        : "it names these: " + join(sandboxes, ", ") + "; to use it for " + wanted +
                              ", too, add " + wanted + " to them");
    }
    sandboxes = {wanted};
    std::erase_if(manifest.objects, [&](const Object& one) { return one.sandbox != wanted; });
}

bool has_dataflows(const Manifest& manifest) {
    return std::any_of(manifest.objects.begin(), manifest.objects.end(),
                       [](const Object& one) { return one.type == Type::dataflow; });
}

void read_lists(const Task& task, Session& session, bool with_dataflows,
                std::vector<State>& states) {
    std::vector<Job> jobs;
    const auto add = [&](State& state, void (*read)(flow::FlowService&, State&)) {
        jobs.push_back({state.sandbox, {}, [&state, read](flow::FlowService& service) {
                            read(service, state);
                            return true;
                        }});
    };
    for (auto& state : states) {
        add(state, manifest::read_connections);
        if (with_dataflows) {
            add(state, manifest::read_dataflows);
            add(state, manifest::read_sources);
            add(state, manifest::read_targets);
        }
    }
    session.run_jobs(jobs, task.parallel());
}

void read_mappings(const Task& task, Session& session, State& state) {
    std::vector<std::optional<lake::MappingSet>> sets(state.dataflows.size());
    std::vector<Job> jobs;
    for (std::size_t i = 0; i < sets.size(); ++i) {
        if (!state.dataflows[i].mapping_id.empty()) {
            jobs.push_back({state.sandbox, {}, [&, i](flow::FlowService& service) {
                                sets[i] =
                                    manifest::read_mapping(service, state.dataflows[i].mapping_id);
                                return true;
                            }});
        }
    }
    session.run_jobs(jobs, task.parallel());
    for (std::size_t i = 0; i < sets.size(); ++i) {
        if (sets[i]) {
            state.mapping_sets.emplace(state.dataflows[i].mapping_id, std::move(*sets[i]));
        }
    }
}

// The dataset with that id, or those with that name.
std::vector<lake::Dataset> datasets_for(flow::FlowService& service, const std::string& text) {
    if (lake::is_dataset_id(text)) {
        if (auto one = lake::read_dataset(service, text)) {
            return {*one};
        }
    }
    return lake::find_datasets(service, text);
}

// Reads the datasets that the manifest's dataflows name, and the mapping sets of those dataflows
// that exist.
void read_details(const Task& task, Session& session, const Manifest& manifest,
                  std::vector<State>& states) {
    struct Details {
        State* state;
        std::string into;
        std::vector<lake::Dataset> datasets;
        std::string mapping_id;
        std::optional<lake::MappingSet> mapping;
    };
    std::vector<Details> details;
    for (auto& state : states) {
        std::set<std::string> names;
        std::set<std::string> intos;
        for (const auto& object : manifest.objects) {
            if (object.type == Type::dataflow && object.sandbox == state.sandbox) {
                names.insert(object.name);
                intos.insert(object.text(Key::into));
            }
        }
        for (const auto& into : intos) {
            details.push_back(
                {.state = &state, .into = into, .datasets = {}, .mapping_id = {}, .mapping = {}});
        }
        std::set<std::string> mapping_ids;
        for (const auto& one : state.dataflows) {
            if (names.contains(one.name) && !one.mapping_id.empty() &&
                mapping_ids.insert(one.mapping_id).second) {
                details.push_back({.state = &state,
                                   .into = {},
                                   .datasets = {},
                                   .mapping_id = one.mapping_id,
                                   .mapping = {}});
            }
        }
    }
    std::vector<Job> jobs;
    jobs.reserve(details.size());
    for (auto& one : details) {
        jobs.push_back({one.state->sandbox, {}, [&one](flow::FlowService& service) {
                            if (one.mapping_id.empty()) {
                                one.datasets = datasets_for(service, one.into);
                            } else {
                                one.mapping = manifest::read_mapping(service, one.mapping_id);
                            }
                            return true;
                        }});
    }
    session.run_jobs(jobs, task.parallel());
    for (auto& one : details) {
        if (one.mapping) {
            one.state->mapping_sets.emplace(one.mapping_id, std::move(*one.mapping));
        } else if (one.mapping_id.empty()) {
            one.state->datasets.emplace(one.into, std::move(one.datasets));
        }
    }
}

// Does not read in parallel: each worker has only one connection.
RunReads one_after_another(flow::FlowService& service) {
    return [&service](const std::vector<Session::Read>& reads) {
        for (const auto& one : reads) {
            one(service);
        }
    };
}

// Whether the user can fix the cause; any other error ends the run.
bool is_problem(const Error& error) {
    return error.exit_code() == ExitCode::usage || error.exit_code() == ExitCode::config ||
           error.exit_code() == ExitCode::rejected || error.exit_code() == ExitCode::not_found;
}

NewMapping mapping_for(Context& context, const Task& task, const Loaded& loaded,
                       const Change& change, flow::FlowService& service) {
    const Object& object = *change.wanted;
    const std::string text = object.find(Key::mapping) == nullptr
                                 ? ""
                                 : document_reader(task.settings, loaded)(object, Key::mapping);
    return checked_mapping(
        manifest::settings_of(loaded.manifest, object, loaded.folder, context.environment,
                              manifest::Credentials::left_out),
        text, service, one_after_another(service), *change.dataflow);
}

// Checks all but the table of a new dataflow whose connection does not exist yet.
void check_without_table(const Task& task, const Loaded& loaded, const State& state,
                         flow::FlowService& service, Change& change) {
    const Object& object = *change.wanted;
    const auto read = document_reader(task.settings, loaded);
    manifest::filter_of(loaded.manifest, object, read);
    const lake::Mappings mappings = manifest::mappings_of(loaded.manifest, object, {}, read);
    // Assumes that every mapped column exists, with a suitable type.
    std::vector<flow::Column> columns;
    columns.reserve(mappings.size());
    for (const auto& one : mappings) {
        columns.push_back({lake::column_of(one), ""});
    }
    const auto& datasets = state.datasets.at(object.text(Key::into));
    if (datasets.empty()) {  // possible only for a replacement
        change.problems.push_back(describe(source_of(loaded.manifest, object, Key::into)) +
                                  ": the dataset " + in_quotes(object.text(Key::into)) +
                                  " was deleted");
        return;
    }
    const auto schema = lake::read_schema(service, datasets.front().schema_id);
    const Key key = object.find(Key::map) != nullptr ? Key::map : Key::mapping;
    change.problems = lake::problems_of(mappings, columns, schema,
                                        describe(source_of(loaded.manifest, object, key)));
    change.notes.emplace_back("its table and columns will be checked once its connection exists");
}

// Plans as much as possible before anything is changed, so that mistakes are found first.
void plan_all(Context& context, const Task& task, Session& session, const Loaded& loaded,
              Comparison& comparison) {
    std::vector<Job> jobs;
    comparison.plans.resize(comparison.changes.size());
    comparison.mappings.resize(comparison.changes.size());
    for (std::size_t i = 0; i < comparison.changes.size(); ++i) {
        Change& change = comparison.changes[i];
        const bool is_new =
            change.action == manifest::Action::create || change.action == manifest::Action::replace;
        const bool is_mapped_anew = change.action == manifest::Action::update &&
                                    change.has(manifest::spec_of(Key::map).name);
        if (change.type != Type::dataflow || !(is_new || is_mapped_anew) ||
            !change.problems.empty()) {
            continue;
        }
        const std::string connection_id =
            comparison.state_of(change).connection_id_of(change.wanted->text(Key::connection));
        jobs.push_back(
            {change.sandbox, {}, [&, is_new, connection_id, i](flow::FlowService& service) {
                 try {
                     if (connection_id.empty()) {
                         check_without_table(task, loaded, comparison.state_of(change), service,
                                             change);
                     } else if (is_new) {
                         comparison.plans[i] =
                             plan_object(context, task, loaded, change, service, connection_id);
                     } else {
                         comparison.mappings[i] =
                             mapping_for(context, task, loaded, change, service);
                     }
                 } catch (const http::TransportError&) {
                     throw;
                 } catch (const Error& error) {
                     if (!is_problem(error)) {
                         throw;
                     }
                     change.problems.push_back(error.message());
                 }
                 return true;
             }});
    }
    session.run_jobs(jobs, task.parallel());
}

}  // namespace

Loaded load_manifest(Context& context, const Task& task) {
    if (task.operands.empty()) {
        throw Error(ExitCode::usage, "usage.missing_file", "no manifest specified",
                    "pass the manifest, such as bqconn.yaml; bqconn init --manifest writes one");
    }
    const std::string& path = task.operands.front();
    const bool is_stream = path == standard_input;
    const std::string text =
        is_stream
            ? config::read_stream(context.console.streams().in, "FILE", largest_manifest).reveal()
            : config::read_file(path, {.largest = largest_manifest}).reveal();
    Loaded loaded{manifest::parse(text, is_stream ? "standard input" : path,
                                  task.settings.text_if_set(Setting::sandbox_name).value_or("")),
                  is_stream ? "" : std::filesystem::path(path).parent_path().string()};
    std::vector<Secret> secrets = secrets_of(task.settings);
    for (auto& one : secrets_of(context.environment)) {
        secrets.push_back(std::move(one));
    }
    refuse_secrets(loaded.manifest, std::move(secrets));
    limit_to_flag(task.settings, loaded.manifest);
    return loaded;
}

manifest::ReadDocument document_reader(const config::Settings& settings, const Loaded& loaded) {
    return [&settings, &loaded](const Object& object, Key key) {
        const manifest::Value& value = *object.find(key);
        std::string text = value.text();
        if (value.from == manifest::Value::From::file) {
            const auto path = std::filesystem::path(loaded.folder) / text;
            try {
                text = config::read_file(path.lexically_normal().string()).reveal();
            } catch (const Error& error) {
                throw config::in_manifest(error, describe(source_of(loaded.manifest, object, key)));
            }
            refuse_secret_in(settings, text, inert_line(value.text()));
        }
        return text;
    };
}

const State& Comparison::state_of(const Change& change) const {
    return *std::find_if(states.begin(), states.end(),
                         [&](const State& state) { return state.sandbox == change.sandbox; });
}

bool Comparison::has_changes() const {
    return std::any_of(changes.begin(), changes.end(), [](const Change& one) {
        return one.action != manifest::Action::none || !one.problems.empty();
    });
}

Comparison compare_with_service(Context& context, const Task& task, Session& session,
                                const Loaded& loaded) {
    const Manifest& manifest = loaded.manifest;
    if (task.has(Flag::prune) && manifest.mark.empty()) {
        throw Error(ExitCode::usage, "usage.no_mark",
                    "--prune needs a mark, but " + inert_line(manifest.file) + " has mark: false",
                    "set mark to a name; only objects that are created after that can be pruned");
    }
    Comparison comparison;
    comparison.states.resize(manifest.sandboxes.size());
    for (std::size_t i = 0; i < manifest.sandboxes.size(); ++i) {
        comparison.states[i].sandbox = manifest.sandboxes[i];
    }
    context.console.progress("reading " + join(manifest.sandboxes, ", "));
    const bool with_dataflows = has_dataflows(manifest) || task.has(Flag::prune);
    read_lists(task, session, with_dataflows, comparison.states);
    if (with_dataflows) {
        read_details(task, session, manifest, comparison.states);
        for (auto& state : comparison.states) {
            find_leftovers(state, manifest.mark);
        }
    }
    comparison.changes =
        manifest::compare(manifest, comparison.states, document_reader(task.settings, loaded),
                          {.rotate = task.has(Flag::rotate),
                           .prune = task.has(Flag::prune),
                           .now = context.clock.date()});
    plan_all(context, task, session, loaded, comparison);
    return comparison;
}

State read_whole_state(const Task& task, Session& session, const std::string& sandbox) {
    std::vector<State> states(1);
    State& state = states.front();
    state.sandbox = sandbox;
    read_lists(task, session, true, states);
    read_mappings(task, session, state);
    if (!state.dataflows.empty()) {
        for (auto& one : lake::find_datasets(session.service())) {
            state.datasets[one.name].push_back(std::move(one));
        }
    }
    return std::move(states.front());
}

dataflow::Plan plan_object(Context& context, const Task& task, const Loaded& loaded,
                           const Change& change, flow::FlowService& service,
                           const std::string& connection_id) {
    const Object& object = *change.wanted;
    const config::Settings settings =
        manifest::settings_of(loaded.manifest, object, loaded.folder, context.environment,
                              manifest::Credentials::left_out);
    const auto read = document_reader(task.settings, loaded);
    const auto document = [&](Key key) {
        return object.find(key) == nullptr ? std::string() : read(object, key);
    };
    Draft draft{.schedule = {.frequency = "once"},
                .mapping = document(Key::mapping),
                .filter = document(Key::filter)};
    if (!object.is(Key::once, false)) {
        draft.schedule = dataflow::parse_every(object.text(Key::every)).value();
        draft.schedule.backfill = object.is(Key::backfill, true);
    }
    if (const auto start = parse_time(object.text(Key::start))) {
        draft.schedule.start = start->time_since_epoch().count();
    }
    dataflow::Plan plan = plan_dataflow(settings, std::move(draft), service,
                                        one_after_another(service), connection_id)
                              .plan;
    // A replacement keeps the mark of the old dataflow, or has none.
    const std::string mark = change.dataflow == nullptr
                                 ? loaded.manifest.mark
                                 : manifest::split_mark(change.dataflow->description).mark;
    const std::string description = manifest::with_mark(plan.description.value_or(""), mark);
    plan.description = description.empty() ? std::nullopt : std::optional(description);
    plan.end_description = manifest::with_mark("", mark);
    return plan;
}

}  // namespace bqconn::commands
