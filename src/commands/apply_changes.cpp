#include "commands/apply_changes.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/dataflow/change.hpp"
#include "bqconn/flow/change.hpp"
#include "commands/flows.hpp"
#include "commands/target.hpp"

namespace bqconn::commands {
namespace {

using manifest::Action;
using manifest::Change;
using manifest::Key;
using manifest::Type;
using output::Applied;

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
    void remove_leftovers(flow::FlowService& service, dataflow::Dataflow left,
                          const dataflow::Chain& chain);

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

// Replaces the hint if running apply again resolves the failure: those of other verbs do not name
// the sandbox.
Error as_of_apply(const Error& error) {
    constexpr std::array resolved{ExitCode::unknown, ExitCode::partial, ExitCode::conflict,
                                  ExitCode::not_found};
    return std::find(resolved.begin(), resolved.end(), error.exit_code()) == resolved.end()
               ? error
               : Error(error.exit_code(), error.code(), error.message(), go_on).answered_as(error);
}

// Returns false if nothing more should be attempted: after a signal, or after a failure that would
// affect every further call.
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
        result.error = context_.console.without_secrets(as_of_apply(lost));
        return !lost.interrupted();
    } catch (const Error& error) {
        result.error = context_.console.without_secrets(as_of_apply(error));
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

// The service takes no If-Match with a DELETE: this is as near as one can get.
void refuse_if_changed(const std::string& compared, const std::string& now) {
    if (!compared.empty() && !now.empty() && compared != now) {
        throw Error(ExitCode::conflict, "conflict.etag", "it was changed after it was compared");
    }
}

void Application::remove_connection(flow::FlowService& service, std::size_t index) {
    const Change& one = change(index);
    for (const std::string& user : comparison_.state_of(one).dataflows_of(one.id)) {
        if (const std::lock_guard lock(mutex_); !removed_.contains(user)) {
            results_[index].not_done = "dataflow " + user + ", which uses it, was not deleted";
            return;
        }
    }
    try {
        refuse_if_changed(one.connection->etag, flow::read_connection(service, one.id).etag);
    } catch (const Error& error) {
        if (error.code() != code::connection_not_found) {
            throw;
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

// The plan made before the first change, or a new one if the connection has only just been created.
const dataflow::Plan& Application::plan_for(flow::FlowService& service, std::size_t index,
                                            const std::string& connection_id) {
    std::optional<dataflow::Plan>& plan = comparison_.plans[index];
    if (!plan) {
        plan = plan_object(context_, task_, loaded_, change(index), service, connection_id);
    }
    // The service refuses a start in the past; the manifest's may be, or none may be set.
    constexpr std::chrono::seconds usual_delay(60);
    const auto soonest = (context_.clock.date() + usual_delay).time_since_epoch().count();
    plan->schedule.start = std::max<std::int64_t>(plan->schedule.start, soonest);
    return *plan;
}

// Deletes what is left of an earlier dataflow, except what the new one uses.
void Application::remove_leftovers(flow::FlowService& service, dataflow::Dataflow left,
                                   const dataflow::Chain& chain) {
    std::erase(left.source_ids, chain[dataflow::Part::source]);
    std::erase(left.target_ids, chain[dataflow::Part::target]);
    try {
        dataflow::remove_chain(service, left, {}, context_.clock);
    } catch (const flow::OutcomeUnknown&) {
        throw;
    } catch (const Error& error) {
        if (error.code() == code::interrupted || error.exit_code() == ExitCode::unknown) {
            throw;
        }
        throw Error(ExitCode::partial, "partial.dataflow",
                    "an unused connection of an earlier dataflow with this name could not be "
                    "deleted: " +
                        error.message(),
                    error.hint())
            .answered_as(error);
    }
}

void Application::create_dataflow(flow::FlowService& service, std::size_t index) {
    const Change& one = change(index);
    const std::string connection_id = connection_id_for(index);
    if (connection_id.empty()) {
        results_[index].not_done = "its connection was not created, or may not have been";
        return;
    }
    const dataflow::Plan& plan = plan_for(service, index, connection_id);
    dataflow::Chain chain;
    const manifest::State& state = comparison_.state_of(one);
    if (!state.unused_ends(one.name).empty()) {
        chain = dataflow::find_parts(service, plan, dataflow::Unfit::ignored);
    }
    for (const auto& left : state.leftovers) {
        if (left.name == one.name) {
            remove_leftovers(service, left, chain);
        }
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
            results_[index].not_done = "its connection was not created, or may not have been";
            return;
        }
        // Throws if the replacement cannot be created; the old dataflow is then kept.
        plan_for(service, index, connection_id);
    }
    if (!one.id.empty()) {
        try {
            refuse_if_changed(one.dataflow->etag, dataflow::read_dataflow(service, one.id).etag);
        } catch (const Error& error) {
            if (error.exit_code() != ExitCode::not_found &&
                error.code() != code::connection_not_found) {
                throw;
            }
        }
    }
    auto outcome = flow::Outcome::deleted;
    dataflow::remove_chain(service, *one.dataflow, comparison_.state_of(one).users, context_.clock,
                           [&](dataflow::Part part, flow::Outcome of_part) {
                               if (part == dataflow::Part::flow) {
                                   outcome = of_part;
                                   const std::lock_guard lock(mutex_);
                                   removed_.insert(one.id);
                               }
                           });
    if (one.action == Action::remove) {
        results_[index].outcome = outcome;
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
                      "run the command again: it creates the new dataflow");
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

}  // namespace

std::vector<Applied> make_changes(Context& context, const Task& task, Session& session,
                                  const Loaded& loaded, Comparison& comparison,
                                  std::map<std::size_t, Sending> sent) {
    return Application(context, task, session, loaded, comparison, std::move(sent)).run();
}

}  // namespace bqconn::commands
