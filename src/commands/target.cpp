#include "commands/target.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "bqconn/connection/base_connection.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/flow/wire.hpp"

namespace bqconn::commands {
namespace {

constexpr std::size_t most_shown = 3;

struct Similar {
    std::string id;
    std::string name;
    std::size_t distance = 0;
};

// Connections whose name or id contains or resembles `wanted`; reads pages until there are enough
// and returns the nearest few.
std::vector<Similar> similar_connections(flow::FlowService& service, const std::string& wanted) {
    const std::string lower = to_lower_ascii(wanted);
    std::vector<Similar> similar;
    flow::visit_connections(service, {}, [&](const std::vector<flow::Connection>& page) {
        for (const auto& one : page) {
            const std::string name = to_lower_ascii(one.name);
            const std::string_view choice[] = {name, one.id};
            if (name.find(lower) != std::string::npos ||
                (!name.empty() && lower.find(name) != std::string::npos)) {
                similar.push_back({one.id, one.name, 0});
            } else if (const auto meant = nearest(lower, choice)) {
                similar.push_back({one.id, one.name, edits(lower, *meant)});
            }
        }
        return similar.size() < most_shown;
    });
    std::stable_sort(similar.begin(), similar.end(), [](const Similar& one, const Similar& other) {
        return one.distance < other.distance;
    });
    similar.resize(std::min(similar.size(), most_shown));
    return similar;
}

// Empty if the lookup fails: the original error matters more.
std::string similar_lines(flow::FlowService& service, const std::string& wanted) {
    std::string lines;
    try {
        for (const auto& one : similar_connections(service, wanted)) {
            lines += "\n  " + one.id + "  " + inert_line(one.name);
        }
    } catch (const Error&) {
        return "";
    }
    return lines.empty() ? "" : "; similar:" + lines;
}

}  // namespace

connection::Access access_of(const config::Settings& settings, config::AccessTo needed) {
    config::Missing missing;
    connection::Access access = config::access(settings, missing, needed);
    missing.report();
    return access;
}

std::string id_of_name(flow::FlowService& service, const std::string& name) {
    const auto found = flow::find_connections(service, name).connections;
    const std::string& sandbox = service.access().sandbox_name;
    if (found.empty()) {
        throw Error(ExitCode::not_found, code::name_not_found,
                    "no BigQuery connection in sandbox " + sandbox + " is named \"" + name + "\"" +
                        similar_lines(service, name),
                    "list all of them: bqconn list --sandbox " + sandbox);
    }
    if (found.size() > 1) {
        std::string lines;
        for (const auto& one : found) {
            lines += "\n  " + one.id + "  " + inert_line(one.state);
        }
        throw Error(
            ExitCode::conflict, "conflict.several_exist",
            "several connections in sandbox " + sandbox + " are named \"" + name + "\":" + lines,
            "pass the ID of one of them instead of the name");
    }
    return found.front().id;
}

const std::string& checked_id(const std::string& operand, IdOf kind) {
    struct Words {
        std::string_view noun;
        std::string_view hint;
    };
    constexpr auto words_of_kinds = std::to_array<Words>(
        {{"connection", "find the ID with bqconn list, or use --name NAME"},
         {"connection", "find the ID with bqconn list, or use --connection-name NAME"},
         {"dataflow", "find the ID with bqconn dataflow list, or use --name NAME"},
         {"run", "find the ID with bqconn dataflow runs"}});
    if (!flow::is_connection_id(operand)) {
        const Words& words = words_of_kinds.at(static_cast<std::size_t>(kind));
        throw Error(ExitCode::usage, "usage.invalid_id",
                    "not a valid " + std::string(words.noun) +
                        " ID: an ID has only letters, digits, - and _",
                    std::string(words.hint));
    }
    return operand;
}

std::string target_id(flow::FlowService& service, const Task& task) {
    const bool named = task.settings.has(Setting::name);
    if (task.operands.empty() && !named) {
        throw Error(ExitCode::usage, "usage.missing_id", "no connection specified",
                    "pass its ID or --name NAME; bqconn list shows both");
    }
    if (!task.operands.empty() && named) {
        throw Error(ExitCode::usage, "usage.exclusive_flags", "an ID and --name cannot be combined",
                    "pass one of them");
    }
    return named ? id_of_name(service, task.settings.text(Setting::name))
                 : checked_id(task.operands.front());
}

flow::Connection read_target(flow::FlowService& service, const std::string& id) {
    try {
        return flow::read_connection(service, id);
    } catch (const Error& error) {
        if (error.code() != code::connection_not_found) {
            throw;
        }
        const std::string& sandbox = service.access().sandbox_name;
        throw Error(error.exit_code(), error.code(),
                    "no connection " + id + " in sandbox " + sandbox + ": " + error.message() +
                        similar_lines(service, id),
                    "list all of them: bqconn list --sandbox " + sandbox +
                        "; to look in another sandbox, use --sandbox (bqconn sandboxes lists them)")
            .answered_as(error);
    }
}

void refuse_other_source(const flow::Connection& one) {
    if (!one.spec_id.empty() && one.spec_id != connection::bigquery_spec_id) {
        throw Error(ExitCode::usage, "usage.other_source",
                    "connection " + one.id + " \"" + inert_line(one.name) +
                        "\" is not a Google BigQuery connection; nothing was changed",
                    "bqconn changes and deletes only Google BigQuery connections; bqconn list "
                    "shows them");
    }
}

void print_one(Context& context, const Task& task, Shown one) {
    switch (task.format) {
        case Format::text:
            context.console.page(one.text);
            return;
        case Format::id:
            context.console.result(one.id + "\n");
            return;
        case Format::etag:
            if (one.etag.empty()) {
                throw Error(ExitCode::bad_response, one.missing_etag,
                            "the service returned " + one.id + " without an etag",
                            "run the command again later");
            }
            context.console.result(one.etag + "\n");
            return;
        default:
            one.document["sandboxName"] = task.settings.text(Setting::sandbox_name);
            context.console.result(json::to_line(one.document) + "\n");
    }
}

connection::Auth auth_for(config::Settings settings, const flow::Connection& one) {
    if (!settings.has(Setting::large_results_dataset) && !settings.has(Setting::dataset)) {
        if (one.large_results_dataset) {
            settings.set(Setting::large_results_dataset, *one.large_results_dataset, {});
        } else if (one.dataset && settings.has(Setting::key_file)) {
            settings.set(Setting::dataset, *one.dataset, {});
        }
    }
    config::Missing none;
    connection::Auth auth = config::authentication(settings, none);
    const std::string kind(auth.spec_name);
    if (!one.auth_spec.empty() && one.auth_spec != kind) {
        throw Error(ExitCode::usage, "usage.other_auth_kind",
                    "connection " + one.id + " uses " + one.auth_spec +
                        ", but the new credentials are for " + kind + "; nothing was changed",
                    "use credentials of the same type, or create a new connection: bqconn create");
    }
    return auth;
}

std::string etag_for(const config::Settings& settings, const std::string& current,
                     const flow::Subject& subject) {
    // Compared without quotes: a shell may have removed the double ones, and `-o env` adds single
    // ones. If they match, the service's own spelling is sent.
    const auto bare = [](std::string_view etag) {
        constexpr std::string_view quotes = "'\"";
        const auto first = std::min(etag.find_first_not_of(quotes), etag.size());
        return etag.substr(first, etag.find_last_not_of(quotes) + 1 - first);
    };
    const auto given = settings.text_if_set(Setting::if_match);
    const std::string etag = given && bare(*given) != bare(current) ? *given : current;
    if (etag.empty()) {
        throw Error(ExitCode::bad_response, std::string(subject.code),
                    "the service returned " + std::string(subject.words) +
                        " without an etag, which an update needs",
                    "run the command again later, or pass --if-match");
    }
    return etag;
}

bool passes_test(flow::FlowService& service, const std::string& id, const char* code,
                 const std::string& done) {
    try {
        return flow::test_connection(service, id);
    } catch (const Error& error) {
        throw Error(
            ExitCode::partial, code,
            "the connection " + id + " " + done + ", but could not be tested: " + error.message(),
            "test it again: bqconn test " + id)
            .answered_as(error);
    }
}

Error test_failed(const std::string& id, const std::string& more, const std::string& next) {
    return {ExitCode::rejected, "rejected.test_failed",
            "the connection test failed: Google BigQuery does not accept the credentials of " + id +
                more,
            "check, in this order, that the refresh token or key has not expired or been revoked "
            "(with a consent screen in Testing, tokens expire after 7 days), that the BigQuery API "
            "is enabled in the project, and that the identity has the roles BigQuery Job User, "
            "Data Viewer and Read Session User; then " +
                (next.empty() ? "send the new credentials with bqconn update " + id + " --rotate"
                              : next)};
}

void print_result(output::Console& console, const output::ConnectionResult& result, Format format) {
    try {
        console.result(output::render(result, format, !console.streams().out_is_github_file));
    } catch (const Error& error) {
        throw Error(error.exit_code(), error.code(),
                    "the connection exists (" + std::string(name_of(result.outcome)) + "), but " +
                        error.message() + "\n  id    " + result.id + "\n  etag  " + result.etag,
                    error.hint() + "; do not " +
                        (result.outcome == flow::Outcome::updated ? "update" : "create") +
                        " it again");
    }
}

}  // namespace bqconn::commands
