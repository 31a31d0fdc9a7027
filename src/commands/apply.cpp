// bqconn apply: shows the changes, asks for confirmation, and makes each of them at most once.
#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/dataflow/change.hpp"
#include "bqconn/flow/change.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/output/changes.hpp"
#include "commands/flows.hpp"
#include "commands/hide_secrets.hpp"
#include "commands/manifests.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using manifest::Action;
using manifest::Change;
using manifest::Key;
using manifest::Type;
using output::Applied;

// Throws one Error that lists everything that prevents the changes.
void refuse_problems(const Task& task, const std::vector<Change>& changes) {
    std::vector<std::string> problems;
    bool needs_replace = false;
    for (const auto& change : changes) {
        const std::string label = "sandbox " + change.sandbox + ": " +
                                  std::string(name_of(change.type)) + " " + in_quotes(change.name) +
                                  ": ";
        for (const auto& problem : change.problems) {
            problems.push_back(label + problem);
        }
        if (change.action == Action::replace && !task.has(Flag::replace)) {
            needs_replace = true;
            problems.push_back(label + "must be replaced, which copies all rows again");
        }
    }
    if (problems.empty()) {
        return;
    }
    throw Error(
        ExitCode::conflict, "conflict.manifest",
        (problems.size() == 1 ? "the file cannot be applied: " + problems.front()
                              : "the file cannot be applied:\n  " + join(problems, "\n  ")) +
            "\nnothing was changed",
        needs_replace ? "to replace these dataflows, use --replace"
                      : "change the file or the sandbox, then run the command again");
}

bool sends_credentials(const Change& change) {
    return change.type == Type::connection &&
           (change.action == Action::create || change.has(manifest::credentials_key));
}

// A connection to send, and the secrets in it.
struct Sending {
    connection::BaseConnection connection;
    std::vector<Secret> secrets;
};

// The connections to send, by the index of their change. Throws one Error that lists all
// credentials that cannot be read.
std::map<std::size_t, Sending> read_credentials(Context& context, const Task& task,
                                                const Loaded& loaded,
                                                const std::vector<Change>& changes) {
    const auto credentials = task.settings.is_on(Setting::allow_insecure_files)
                                 ? manifest::Credentials::from_any_file
                                 : manifest::Credentials::from_private_files;
    std::map<std::size_t, Sending> connections;
    std::vector<Error> errors;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (!sends_credentials(changes[i])) {
            continue;
        }
        std::optional<output::Console::Hiding> hiding;
        try {
            const config::Settings settings =
                manifest::settings_of(loaded.manifest, *changes[i].wanted, loaded.folder,
                                      context.environment, credentials);
            std::vector<Secret> secrets = secrets_of(settings);
            hiding.emplace(context.console, secrets);
            for (const auto& warning : settings.warnings()) {
                context.console.warning(warning);
            }
            config::Missing missing;
            connections.emplace(
                i, Sending{config::base_connection(settings, missing), std::move(secrets)});
            missing.report();
        } catch (const Error& error) {
            errors.push_back(context.console.without_secrets(error));
        }
    }
    if (errors.size() == 1) {
        throw Error(errors.front());
    }
    if (!errors.empty()) {
        std::vector<std::string> lines;
        lines.reserve(errors.size());
        for (const auto& error : errors) {
            lines.push_back(error.message());
        }
        throw Error(errors.front().exit_code(), errors.front().code(),
                    "the credentials of " + std::to_string(errors.size()) +
                        " connections cannot be read:\n  " + join(lines, "\n  "),
                    errors.front().hint());
    }
    return connections;
}

// Makes the changes: one job for each, and two for a replacement.
class Application {
  public:
    Application(Context& context, const Task& task, Session& session, const Loaded& loaded,
                Comparison& comparison, std::map<std::size_t, Sending> sent)
        : context_(context),
          task_(task),
          session_(session),
          loaded_(loaded),
          comparison_(comparison),
          sent_(std::move(sent)) {}

    // Returns the outcome of each change, in the order of the changes.
    std::vector<Applied> run();

  private:
    using Work = void (Application::*)(flow::FlowService& service, std::size_t index);

    const Change& change(std::size_t index) const { return comparison_.changes[index]; }
    std::size_t add_job(std::size_t index, Work work, std::vector<std::size_t> after);
    void add_jobs();
    bool attempt(flow::FlowService& service, std::size_t index, Work work);
    void show_progress();

    void create_connection(flow::FlowService& service, std::size_t index);
    void update_connection(flow::FlowService& service, std::size_t index);
    void remove_connection(flow::FlowService& service, std::size_t index);
    void create_dataflow(flow::FlowService& service, std::size_t index);
    void update_dataflow(flow::FlowService& service, std::size_t index);
    void remove_dataflow(flow::FlowService& service, std::size_t index);
    std::string connection_id_for(std::size_t index);
    const dataflow::Plan& plan_for(flow::FlowService& service, std::size_t index,
                                   const std::string& connection_id);

    Context& context_;
    const Task& task_;
    Session& session_;
    const Loaded& loaded_;
    Comparison& comparison_;
    std::map<std::size_t, Sending> sent_;
    // One for each change. A job writes only its own result, and reads only those of the jobs that
    // it waits for.
    std::vector<Applied> results_;
    std::vector<Job> jobs_;
    std::mutex mutex_;  // guards all that follows
    std::size_t done_ = 0;
    std::set<std::string> removed_;  // ids of dataflows
};

std::size_t Application::add_job(std::size_t index, Work work, std::vector<std::size_t> after) {
    jobs_.push_back(
        {change(index).sandbox, std::move(after), [this, index, work](flow::FlowService& service) {
             return attempt(service, index, work);
         }});
    return jobs_.size() - 1;
}

void Application::add_jobs() {
    const auto& changes = comparison_.changes;
    using Name = std::pair<std::string, std::string>;          // sandbox, connection
    std::map<Name, std::size_t> creation_of;                   // the job that creates a connection
    std::map<std::string, std::vector<std::size_t>> removals;  // jobs that delete dataflows
    const auto creation_for = [&](const Change& one) -> std::vector<std::size_t> {
        const auto found = creation_of.find(Name(one.sandbox, one.wanted->text(Key::connection)));
        return found == creation_of.end() ? std::vector<std::size_t>() : std::vector{found->second};
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const Change& one = changes[i];
        if (one.type == Type::connection && one.action == Action::create) {
            creation_of.emplace(Name(one.sandbox, one.name),
                                add_job(i, &Application::create_connection, {}));
        } else if (one.type == Type::connection && one.action == Action::update) {
            add_job(i, &Application::update_connection, {});
        }
    }
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const Change& one = changes[i];
        if (one.type != Type::dataflow) {
            continue;
        }
        switch (one.action) {
            case Action::none:
                break;
            case Action::create:
                add_job(i, &Application::create_dataflow, creation_for(one));
                break;
            case Action::update:
                add_job(i, &Application::update_dataflow, {});
                break;
            case Action::remove:
                removals[one.sandbox].push_back(add_job(i, &Application::remove_dataflow, {}));
                break;
            case Action::replace: {
                const auto removal = add_job(i, &Application::remove_dataflow, creation_for(one));
                removals[one.sandbox].push_back(removal);
                add_job(i, &Application::create_dataflow, {removal});
                break;
            }
        }
    }
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (changes[i].type == Type::connection && changes[i].action == Action::remove) {
            add_job(i, &Application::remove_connection, removals[changes[i].sandbox]);
        }
    }
}

void Application::show_progress() {
    const std::lock_guard lock(mutex_);  // keeps the lines in order
    context_.console.progress("applying " + std::to_string(++done_) + " of " +
                              std::to_string(jobs_.size()));
}

// Returns false if nothing more should be attempted: after a signal, or after a failure that every
// further call would meet, too.
bool Application::attempt(flow::FlowService& service, std::size_t index, Work work) {
    constexpr int unauthorized = 401;
    Applied& result = results_[index];
    if (result.error || !result.not_done.empty()) {
        return true;  // the old dataflow could not be deleted
    }
    show_progress();
    static const std::vector<Secret> none;
    const auto found = sent_.find(index);
    const output::Console::Hiding hiding(context_.console,
                                         found == sent_.end() ? none : found->second.secrets);
    try {
        (this->*work)(service, index);
    } catch (const flow::OutcomeUnknown& lost) {
        result.error = context_.console.without_secrets(lost);
        return !lost.interrupted();
    } catch (const Error& error) {
        result.error = context_.console.without_secrets(error);
        return error.code() != code::interrupted && error.exit_code() != ExitCode::network &&
               error.exit_code() != ExitCode::tls && error.status() != unauthorized;
    } catch (const std::exception& bug) {
        throw std::runtime_error(context_.console.without_secrets(bug.what()));
    }
    return true;
}

void Application::create_connection(flow::FlowService& service, std::size_t index) {
    connection::BaseConnection connection = sent_.at(index).connection;
    const std::string description =
        manifest::with_mark(connection.description.value_or(""), loaded_.manifest.mark);
    connection.description = description.empty() ? std::nullopt : std::optional(description);
    const flow::CreateResult created = flow::create_once(service, connection, {}, context_.clock);
    results_[index].id = created.id;
    results_[index].outcome = created.outcome;
}

void Application::update_connection(flow::FlowService& service, std::size_t index) {
    const Change& one = change(index);
    flow::Change update{.has_description = !one.connection->description.empty()};
    if (one.has(manifest::spec_of(Key::description).name)) {
        update.description =
            manifest::with_mark(one.wanted->text(Key::description),
                                manifest::split_mark(one.connection->description).mark);
    }
    if (const auto found = sent_.find(index); found != sent_.end()) {
        update.auth = found->second.connection.auth;
    }
    flow::update(service, one.id, etag_for(task_.settings, one.connection->etag), update);
    results_[index].outcome = flow::Outcome::updated;
}

void Application::remove_connection(flow::FlowService& service, std::size_t index) {
    const Change& one = change(index);
    for (const std::string& user : comparison_.state_of(one).dataflows_of(one.id)) {
        if (const std::lock_guard lock(mutex_); !removed_.contains(user)) {
            results_[index].not_done = "dataflow " + user + ", which uses it, was not deleted";
            return;
        }
    }
    results_[index].outcome = flow::remove(service, one.id, context_.clock);
}

// Empty if the connection had to be created first, but was not.
std::string Application::connection_id_for(std::size_t index) {
    const Change& one = change(index);
    for (std::size_t i = 0; i < results_.size(); ++i) {
        if (change(i).type == Type::connection && change(i).sandbox == one.sandbox &&
            change(i).name == one.wanted->text(Key::connection)) {
            return results_[i].id;
        }
    }
    return comparison_.state_of(one).connection_id_of(one.wanted->text(Key::connection));
}

// Whether an earlier, interrupted create may have left parts of the dataflow.
bool may_have_parts(const manifest::State& state, const std::string& name) {
    const auto is_left = [&](const auto& ends) {
        return std::any_of(ends.begin(), ends.end(), [&](const auto& entry) {
            return entry.second.name == name && !state.users.contains(entry.first);
        });
    };
    return is_left(state.sources) || is_left(state.targets);
}

// The plan made before the first change, or a new one if the connection has only just been created.
const dataflow::Plan& Application::plan_for(flow::FlowService& service, std::size_t index,
                                            const std::string& connection_id) {
    std::optional<dataflow::Plan>& plan = comparison_.plans[index];
    if (!plan) {
        plan = plan_object(context_, task_, loaded_, change(index), service, connection_id);
    }
    return *plan;
}

void Application::create_dataflow(flow::FlowService& service, std::size_t index) {
    const Change& one = change(index);
    const std::string connection_id = connection_id_for(index);
    if (connection_id.empty()) {
        results_[index].not_done = "its connection is not known to exist";
        return;
    }
    const dataflow::Plan& plan = plan_for(service, index, connection_id);
    dataflow::Chain chain;
    if (may_have_parts(comparison_.state_of(one), one.name)) {
        chain = dataflow::find_parts(service, plan, dataflow::Unfit::ignored);
    }
    dataflow::create_parts(
        service, plan, chain, context_.clock, [](dataflow::Part, const std::string&) {}, "again");
    results_[index].id = chain[dataflow::Part::flow];
    results_[index].outcome = flow::Outcome::created;
}

void Application::update_dataflow(flow::FlowService& service, std::size_t index) {
    const Change& one = change(index);
    const dataflow::Dataflow& existing = *one.dataflow;
    const std::string etag =
        etag_for(task_.settings, existing.etag, {"the dataflow", "bad_response.dataflow"});
    const auto changes_key = [&](Key key) { return one.has(manifest::spec_of(key).name); };
    flow::Change update{.has_description = !existing.description.empty()};
    if (changes_key(Key::description)) {
        update.description = manifest::with_mark(one.wanted->text(Key::description),
                                                 manifest::split_mark(existing.description).mark);
    }
    json::Json operations = flow::to_json(update, {});
    if (changes_key(Key::every)) {
        const auto schedule = dataflow::parse_every(one.wanted->text(Key::every)).value();
        for (auto& operation : dataflow::schedule_operations(existing, schedule)) {
            operations.push_back(std::move(operation));
        }
    }
    if (changes_key(Key::partial)) {
        const config::Settings settings =
            manifest::settings_of(loaded_.manifest, *one.wanted, loaded_.folder,
                                  context_.environment, manifest::Credentials::left_out);
        operations.push_back(dataflow::options_operation(existing, partial_percent(settings)));
    }
    std::string mapping_id;
    if (const auto& mapping = comparison_.mappings[index]) {
        const auto [id, version] =
            dataflow::create_mapping(service, existing.name, mapping->schema_id, mapping->mappings);
        mapping_id = id;
        operations.push_back(dataflow::mapping_operation(existing, id, version));
    }
    dataflow::update_or_remove(service, context_.clock, existing, etag, operations, mapping_id);
    results_[index].outcome = flow::Outcome::updated;
}

void Application::remove_dataflow(flow::FlowService& service, std::size_t index) {
    const Change& one = change(index);
    if (one.action == Action::replace) {
        const std::string connection_id = connection_id_for(index);
        if (connection_id.empty()) {
            results_[index].not_done = "its connection is not known to exist";
            return;
        }
        // Throws if the replacement cannot be created; the old dataflow is then kept.
        plan_for(service, index, connection_id);
    }
    dataflow::remove_chain(service, *one.dataflow, comparison_.state_of(one).users, context_.clock);
    const std::lock_guard lock(mutex_);
    removed_.insert(one.id);
    if (one.action == Action::remove) {
        results_[index].outcome = flow::Outcome::deleted;
    }
}

// The error for a dataflow that was deleted but whose replacement was not created.
Error half_replaced(const Applied& one) {
    const bool keeps_code =
        one.is_unknown() || (one.error && one.error->code() == code::interrupted);
    const Error error(one.is_unknown() ? ExitCode::unknown : ExitCode::partial,
                      keeps_code ? one.error->code() : "partial.dataflow",
                      (one.error ? one.error->message() : one.not_done) + "\nthe old dataflow " +
                          one.change->id + " was deleted",
                      "fix the cause, then run the command again: it creates the new dataflow");
    return one.error ? Error(error).answered_as(*one.error) : error;
}

std::vector<Applied> Application::run() {
    results_.reserve(comparison_.changes.size());
    for (const auto& one : comparison_.changes) {
        results_.push_back({.change = &one, .id = one.id});
    }
    add_jobs();
    session_.run_jobs(jobs_, task_.parallel());
    std::vector<Applied> made;
    for (auto& one : results_) {
        if (one.change->action == Action::none) {
            continue;
        }
        if (!one.outcome && !one.error && one.not_done.empty()) {
            one.not_done = "the run ended before this change";
        }
        if (!one.outcome && one.change->action == Action::replace && removed_.contains(one.id)) {
            one.error = half_replaced(one);
            one.not_done.clear();
            one.id.clear();
        }
        made.push_back(std::move(one));
    }
    return made;
}

std::string label_of(const Applied& one) {
    return "sandbox " + one.change->sandbox + ": " + std::string(name_of(one.change->type)) + " " +
           in_quotes(one.change->name);
}

// Prints the outcome of each change, unless none was made. Throws Error if any was not made.
void report(output::Console& console, const std::vector<Applied>& results, Format format) {
    std::string lines;
    std::size_t failed = 0;
    const Error* worst = nullptr;
    bool unknown = false;
    bool partly = false;
    for (const auto& one : results) {
        if (one.outcome) {
            continue;
        }
        ++failed;
        lines += "\n  " + label_of(one) + ": " +
                 (one.error ? one.error->message() : "not done: " + one.not_done);
        if (one.error && (worst == nullptr || (one.is_unknown() && !unknown))) {
            worst = &*one.error;
        }
        unknown = unknown || one.is_unknown();
        partly = partly || (one.error && one.error->exit_code() == ExitCode::partial);
    }
    const std::string next = "then run the command again: it makes only the missing changes";
    if (worst != nullptr && failed == results.size() && (failed == 1 || !partly)) {
        throw Error(worst->exit_code(), worst->code(),
                    failed == 1 ? label_of(results.front()) + ": " + worst->message()
                                : "none of the " + std::to_string(failed) + " changes " +
                                      (unknown ? "is confirmed:" : "was made:") + lines,
                    worst->hint().empty() ? "fix the cause, " + next : worst->hint())
            .answered_as(*worst);
    }
    const std::string result = format == Format::json
                                   ? json::to_line(output::to_json(results)) + "\n"
                                   : output::text_of(results);
    try {
        console.result(result);
    } catch (const Error& error) {
        throw Error(
            error.exit_code(), error.code(),
            "the file was applied, but " + error.message() + ":\n" + output::text_of(results),
            error.hint());
    }
    if (failed > 0) {
        throw Error(ExitCode::partial, "partial.apply",
                    std::to_string(failed) + " of " + std::to_string(results.size()) +
                        (unknown ? " changes may not have been made:" : " changes were not made:") +
                        lines,
                    "fix the causes, " + next);
    }
}

bool is_confirmed(Context& context, const Task& task) {
    if (task.has(Flag::yes)) {
        return true;
    }
    if (!context.console.can_ask()) {
        throw Error(ExitCode::usage, "usage.needs_yes",
                    "cannot ask for confirmation without a terminal; nothing was changed",
                    "use --yes to apply without confirmation");
    }
    const bool confirmed = context.console.confirm("Make these changes?");
    if (!confirmed && !context.clock.pause(std::chrono::milliseconds(0))) {
        throw Error(ExitCode::usage, code::interrupted, "interrupted; nothing was changed");
    }
    return confirmed;
}

void apply(Context& context, const Task& task) {
    const Loaded loaded = load_manifest(context, task);
    Session session(context, task.settings,
                    access_of(task.settings, config::AccessTo::organisation));
    Comparison comparison = compare_with_service(context, task, session, loaded);
    output::Style style = context.console.style();
    style.colour = false;  // explain() would show the escape sequences
    const std::string shown = output::text_of(comparison.changes, style);
    if (!comparison.has_changes()) {
        context.console.result(task.format == Format::json
                                   ? json::to_line(output::to_json(std::vector<Applied>())) + "\n"
                                   : shown);
        return;
    }
    if (task.format == Format::text || context.console.can_ask()) {
        context.console.explain(shown);
    }
    refuse_problems(task, comparison.changes);
    auto sent = read_credentials(context, task, loaded, comparison.changes);
    if (!is_confirmed(context, task)) {
        throw Error(ExitCode::usage, "usage.not_confirmed", "nothing was changed",
                    "answer y to make the changes");
    }
    Application application(context, task, session, loaded, comparison, std::move(sent));
    report(context.console, application.run(), task.format);
}

}  // namespace

Verb apply_verb() {
    return {
        .name = "apply",
        .summary = "Make sandboxes match a manifest",
        .usage = "apply FILE [flags]",
        .description =
            "Compares a manifest with its sandboxes, shows the differences as bqconn diff does, "
            "asks for confirmation (without a terminal, --yes is required), and makes the changes: "
            "connections first, then dataflows. Each change is made at most once, and only to the "
            "version that was compared. Objects that the file does not name are left alone. A "
            "second apply changes nothing.\n\n"
            "If the connection, table, columns, filter, delta column or dataset of a dataflow "
            "differs, the dataflow must be replaced, which copies all rows again and requires "
            "--replace. The first run, the backfill and whether the dataflow runs once cannot be "
            "changed: if one of them differs, nothing is changed (exit code 7).\n\n"
            "Everything that apply creates gets the file's mark in its description; --prune "
            "deletes what has the mark but is no longer in the file.\n\n"
            "If some changes fail, the others are still made; the result lists each change, and "
            "the exit code is 11. To continue, run the command again: no state is kept outside the "
            "service.",
        .examples =
            "  # Show the changes, ask for confirmation, and make them\n"
            "  bqconn apply bqconn.yaml\n\n"
            "  # In a script\n"
            "  bqconn apply bqconn.yaml --sandbox prod --yes\n\n"
            "  # Send new credentials for every connection in the file\n"
            "  bqconn apply bqconn.yaml --rotate --yes",
        .switches =
            {{Flag::yes, "--yes", "Do not ask for confirmation", "-y"},
             {Flag::replace, "--replace",
              "Replace dataflows that cannot be updated, which copies all their rows again"},
             {Flag::prune, "--prune", "Delete what this file created and no longer names"},
             {Flag::rotate, "--rotate", "Send the credentials of every connection again"}},
        .settings = with_common({Setting::parallel}),
        .formats = {Format::text, Format::json},
        .operands = {.most = 1, .offers = {Offers::files}},
        .participle = "changed",
        .auto_is_text = true,
        .run = apply,
    };
}

}  // namespace bqconn::commands
