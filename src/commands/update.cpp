// bqconn update: changes name, description or credentials, in one change to a known version.
#include <array>
#include <variant>

#include "bqconn/commands/verbs.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/flow/change.hpp"
#include "bqconn/output/result.hpp"
#include "commands/checks.hpp"
#include "commands/print_result.hpp"
#include "commands/session.hpp"
#include "commands/target.hpp"
#include "commands/test_result.hpp"

namespace bqconn::commands {
namespace {

using config::Setting;
using config::Settings;

constexpr std::array google_settings{Setting::project,       Setting::client_id,
                                     Setting::client_secret, Setting::refresh_token,
                                     Setting::key_file,      Setting::large_results_dataset,
                                     Setting::dataset};

// Credentials are replaced only with --rotate or if one is given as a flag. Those merely present in
// the environment or a profile do not count: updating the description must not rotate.
bool rotates(const Task& task) {
    for (const Setting setting : google_settings) {
        if (task.settings.has(setting) &&
            task.settings.source(setting).kind == config::Source::Kind::flag) {
            return true;
        }
    }
    return task.has("--rotate");
}

// With an ID, --name is the new name; without one, it selects the connection.
std::optional<std::string> new_name(const Task& task) {
    const Settings& settings = task.settings;
    const bool by_name = !task.operands.empty() && settings.has(Setting::name);
    if (by_name && settings.has(Setting::new_name)) {
        throw Error(ExitCode::usage, "usage.exclusive_flags",
                    "with an ID, --name and --new-name mean the same", "give one of them");
    }
    if (by_name) {
        return settings.text(Setting::name);
    }
    return settings.has(Setting::new_name) ? std::optional(settings.text(Setting::new_name))
                                           : std::nullopt;
}

flow::Change change_of(const Task& task, config::Missing& missing) {
    flow::Change change;
    change.name = new_name(task);
    if (task.settings.has(Setting::description)) {
        change.description = task.settings.text(Setting::description);
    }
    if (rotates(task)) {
        change.auth = config::authentication(task.settings, missing);
    }
    if (!change.name && !change.description && !change.auth) {
        throw Error(ExitCode::usage, "usage.nothing_to_change", "nothing to change",
                    "give --new-name, --description or new credentials: as flags, or with --rotate "
                    "those in the environment, profile or credential files");
    }
    if (task.has("--check") && !change.auth) {
        throw Error(ExitCode::usage, "usage.nothing_to_check",
                    "--check needs new credentials, and none are given",
                    "give them as flags, or use --rotate for those in the environment, profile or "
                    "credential files; bqconn check checks settings without an update");
    }
    return change;
}

// Keeps the dataset parameters unless new ones are given: they are not credentials, but params are
// replaced as a whole.
void keep_datasets(connection::Auth& auth, const flow::Connection& one) {
    const auto keep = [&one](auto& kind) {
        if constexpr (requires { kind.large_results_dataset; }) {
            if (!kind.large_results_dataset) {
                kind.large_results_dataset = one.large_results_dataset;
            }
        }
    };
    std::visit(keep, auth);
    const auto* const azure = std::get_if<connection::ServiceAuth>(&auth);
    if (azure != nullptr && one.dataset && !azure->large_results_dataset) {
        auth = connection::ServiceAuthOnAws{azure->project, azure->key_file_content, *one.dataset};
    }
}

void refuse_other_kind(const connection::Auth& auth, const flow::Connection& one) {
    const std::string kind(connection::auth_spec_name(auth));
    if (!one.auth_spec.empty() && one.auth_spec != kind) {
        throw Error(ExitCode::usage, "usage.other_auth_kind",
                    "connection " + one.id + " uses " + one.auth_spec +
                        ", but the new credentials are for " + kind + "; nothing was changed",
                    "give credentials of the same type, or create a new connection: bqconn create");
    }
}

void test_afterwards(flow::FlowService& service, const std::string& id, const std::string& etag) {
    bool passed = false;
    try {
        passed = flow::test_connection(service, id);
    } catch (const Error& error) {
        throw Error(ExitCode::partial, "partial.update",
                    "the connection " + id + " was updated (etag " + etag +
                        "), but could not be tested: " + error.message(),
                    "test it again: bqconn test " + id);
    }
    if (!passed) {
        throw test_failed(id, "; the connection was updated (etag " + etag + ")");
    }
}

}  // namespace

void update(Context& context, const Task& task) {
    config::Missing missing;
    flow::Change change = change_of(task, missing);
    const connection::Access access = config::access(task.settings, missing);
    missing.report();
    Session session(context, task.settings, access);
    flow::FlowService& service = session.service();
    const std::string id =
        task.operands.empty() ? target_id(service, task) : checked_id(task.operands.front());
    const flow::Connection one = read_target(service, id);
    change.has_description = !one.description.empty();
    refuse_other_source(one);
    if (change.auth) {
        refuse_other_kind(*change.auth, one);
        keep_datasets(*change.auth, one);
    }
    if (task.has("--check")) {
        require_checks(context, task.settings, *change.auth, "changed");
    }
    const std::string etag =
        task.settings.has(Setting::if_match) ? task.settings.text(Setting::if_match) : one.etag;
    if (etag.empty()) {
        throw Error(ExitCode::bad_response, "bad_response.connection",
                    "the service returned the connection without an etag, which an update needs",
                    "run it again later, or give --if-match");
    }
    const flow::Stored stored = flow::update(service, id, etag, change);
    if (task.has("--test")) {
        test_afterwards(service, id, stored.etag);
    }
    print_result(context.console,
                 {stored.id, stored.etag, change.name.value_or(one.name), access.sandbox_name,
                  flow::Outcome::updated},
                 task.format);
}

}  // namespace bqconn::commands
