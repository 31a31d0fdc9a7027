// bqconn check: what is wrong, before Adobe has the credentials.
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

output::Checked not_asked(const char* name, const std::string& who, bool complete) {
    return output::skipped(name, who + " was not asked: " +
                                     (complete ? "it is not reached" : "its settings come first"));
}

// Of the same exit code, code and answer as the worst.
Error summary_of(const Report& report, const output::Checked& worst, const std::string& message) {
    const auto failed = std::count_if(report.begin(), report.end(), [](const auto& one) {
        return one.verdict == output::Verdict::failed;
    });
    return Error(worst.error->exit_code(), worst.error->code(),
                 message + ": " + std::to_string(failed) + " of " + std::to_string(report.size()) +
                     " checks failed; first " + worst.message,
                 worst.hint)
        .answered_as(*worst.error);
}

// Adobe's half and Google's at the same time.
void check_services(Context& context, const config::Settings& settings, const Plan& plan,
                    Report& report) {
    context.console.progress("asking Adobe and Google …");
    const Reached reached = check_hosts(context, settings, plan, report);
    std::future<Report> adobe;
    if (reached.adobe) {
        adobe = std::async(std::launch::async, [&context, &settings, &plan] {
            return check_adobe(context, settings, plan);
        });
    }
    Report google;
    if (reached.google && !reached.clock && settings.has(config::Setting::key_file)) {
        google.push_back(output::skipped(
            "google.token", "Google was not asked: the clock, which the key signs, comes first"));
    } else if (reached.google) {
        google = check_google(context, settings, plan);
    } else {
        google.push_back(not_asked("google.token", "Google", plan.auth.has_value()));
    }
    append(report, adobe.valid()
                       ? adobe.get()
                       : Report{not_asked("adobe.token", "Adobe", plan.access.has_value())});
    append(report, std::move(google));
}

}  // namespace

output::Checked failed_check(std::string name, const Error& error) {
    const auto* const transport = dynamic_cast<const http::TransportError*>(&error);
    if (transport == nullptr || transport->sent() == http::Sent::no) {
        return output::failed(std::move(name), error);
    }
    return output::failed(std::move(name), Error(error.exit_code(), error.code(), error.message(),
                                                 "nothing was changed: run it again"));
}

void require_good(Context& context, const config::Settings& settings, const connection::Auth& auth,
                  const std::string& participle) {
    Report report;
    Plan plan;
    check_settings(settings, plan, report);
    plan.auth = auth;
    check_files(context, settings, report);
    check_services(context, settings, plan, report);
    for (const auto& one : report) {
        // Those of the settings have been shown.
        if (one.verdict == output::Verdict::warning && one.name != "settings") {
            context.console.warning(one.message + (one.hint.empty() ? "" : ": " + one.hint));
        }
    }
    if (const auto* const worst = output::worst_of(report)) {
        throw summary_of(report, *worst, "nothing was " + participle);
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
        throw summary_of(report, *worst, "not all is well");
    }
}

}  // namespace bqconn::commands
