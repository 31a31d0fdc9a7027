// bqconn check: finds problems before the credentials go to Adobe.
#include <algorithm>
#include <future>
#include <iterator>
#include <utility>

#include "bqconn/commands/verbs.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/http/transport.hpp"
#include "commands/checks.hpp"

namespace bqconn::commands {
namespace {

using output::Report;

void append(Report& report, Report more) {
    std::move(more.begin(), more.end(), std::back_inserter(report));
}

output::Checked skipped_service(const char* name, const std::string& service, bool complete) {
    return output::skipped(name,
                           service + " not checked: " +
                               (complete ? "it cannot be reached" : "its settings are incomplete"));
}

// Has the exit code, code and response of the worst check.
Error summary_of(const Report& report, const output::Checked& worst, const std::string& prefix) {
    const auto failed = std::count_if(report.begin(), report.end(), [](const auto& one) {
        return one.verdict == output::Verdict::failed;
    });
    return Error(worst.error->exit_code(), worst.error->code(),
                 prefix + std::to_string(failed) + " of " + std::to_string(report.size()) +
                     " checks failed. First failure: " + worst.message,
                 worst.hint)
        .answered_as(*worst.error);
}

// Checks Adobe and Google in parallel.
void check_services(Context& context, const config::Settings& settings, const Plan& plan,
                    Report& report) {
    context.console.progress("checking Adobe and Google …");
    const Reached reached = check_hosts(context, settings, plan, report);
    std::future<Report> adobe;
    if (reached.adobe) {
        adobe = std::async(std::launch::async, [&context, &settings, &plan] {
            return check_adobe(context, settings, plan);
        });
    }
    Report google;
    if (reached.google && !reached.clock && settings.has(config::Setting::key_file)) {
        google.push_back(
            output::skipped("google.token", "Google not checked: fix the clock first"));
    } else if (reached.google) {
        google = check_google(context, settings, plan);
    } else {
        google.push_back(skipped_service("google.token", "Google", plan.auth.has_value()));
    }
    append(report, adobe.valid()
                       ? adobe.get()
                       : Report{skipped_service("adobe.token", "Adobe", plan.access.has_value())});
    append(report, std::move(google));
}

}  // namespace

output::Checked failed_check(std::string name, const Error& error) {
    const auto* const transport = dynamic_cast<const http::TransportError*>(&error);
    if (transport == nullptr || transport->sent() == http::Sent::no) {
        return output::failed(std::move(name), error);
    }
    return output::failed(std::move(name), Error(error.exit_code(), error.code(), error.message(),
                                                 "nothing was changed; run it again"));
}

void require_checks(Context& context, const config::Settings& settings,
                    const connection::Auth& auth, const std::string& participle) {
    Report report;
    Plan plan;
    check_settings(settings, plan, report);
    plan.auth = auth;
    check_files(context, settings, report);
    check_services(context, settings, plan, report);
    for (const auto& one : report) {
        // Warnings about settings have been shown already.
        if (one.verdict == output::Verdict::warning && one.name != "settings") {
            context.console.warning(one.message + (one.hint.empty() ? "" : ": " + one.hint));
        }
    }
    if (const auto* const worst = output::worst_of(report)) {
        throw summary_of(report, *worst, "nothing was " + participle + ": ");
    }
}

void check(Context& context, const Task& task) {
    Report report;
    Plan plan;
    check_settings(task.settings, plan, report);
    check_files(context, task.settings, report);
    if (!task.has("--offline")) {
        check_services(context, task.settings, plan, report);
    }
    context.console.result(task.format == output::Format::json
                               ? output::json_of(report)
                               : output::text_of(report, context.console.style()));
    if (const auto* const worst = output::worst_of(report)) {
        throw summary_of(report, *worst, "");
    }
}

}  // namespace bqconn::commands
