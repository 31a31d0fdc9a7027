// The Adobe checks of bqconn check.
#include <algorithm>

#include "bqconn/auth/access_token.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/flow/connection_spec.hpp"
#include "bqconn/flow/sandboxes.hpp"
#include "commands/checks.hpp"
#include "commands/session.hpp"
#include "commands/token_refusal.hpp"

namespace bqconn::commands {
namespace {

using connection::Access;
using output::Report;

// Always fetches a new token, because a cached one could hide a wrong secret, and caches it.
Secret token_of(Context& context, const config::Settings& settings, http::Transport& transport,
                const Access& access, Report& report) {
    if (access.access_token) {
        const auto claims = auth::claims_of(*access.access_token);
        if (const auto refusal = refusal_of(claims, access.api_key, context.clock.date())) {
            throw Error(*refusal);
        }
        report.push_back(
            output::skipped("adobe.token", "an access token was given, so none is fetched"));
        return *access.access_token;
    }
    const Secret token = token_source(context, settings, access, transport).fetch_anew();
    report.push_back(
        output::good("adobe.token", "Adobe issues an access token to client " + access.api_key));
    return token;
}

Error unknown_sandbox(const std::string& wanted, const std::vector<flow::Sandbox>& sandboxes) {
    std::vector<std::string> names;
    std::string hint;
    for (const auto& one : sandboxes) {
        names.push_back(one.name);
        if (one.title == wanted || to_lower_ascii(one.name) == to_lower_ascii(wanted)) {
            hint = "did you mean " + one.name + " (title: " + one.title + ")?";
        }
    }
    if (hint.empty()) {
        hint = names.empty() ? "add the credential to a role that has the sandbox"
                             : "use --sandbox with one of: " + join(names, ", ");
    }
    return {ExitCode::not_found, "not_found.sandbox",
            "the credential has no access to a sandbox named " + wanted, hint};
}

void check_sandbox(const std::vector<flow::Sandbox>& sandboxes, const std::string& wanted,
                   Report& report) {
    const auto found = std::find_if(sandboxes.begin(), sandboxes.end(),
                                    [&wanted](const auto& one) { return one.name == wanted; });
    if (found == sandboxes.end()) {
        throw unknown_sandbox(wanted, sandboxes);
    }
    const std::string words = "sandbox " + found->name + " (" + found->title + ") is " +
                              (found->state.empty() ? "accessible" : found->state);
    if (found->state.empty() || found->state == "active") {
        report.push_back(output::good("adobe.sandbox", words));
    } else {
        report.push_back(
            output::warning("adobe.sandbox", words, "calls may be refused until it is active"));
    }
}

void check_source(flow::FlowService& service, const Plan& plan, Report& report) {
    const flow::ConnectionSpec spec = flow::read_bigquery_spec(service);
    report.push_back(
        output::good("adobe.source", "the organisation may use the Google BigQuery source"));
    if (!plan.auth) {
        return;
    }
    if (const auto refusal = flow::refusal_of(spec, *plan.auth)) {
        report.push_back(output::failed("adobe.auth", *refusal));
    } else {
        report.push_back(output::good(
            "adobe.auth",
            "the source accepts " + std::string(plan.auth->spec_name) + " with these parameters"));
    }
}

// A credential may be able to use a sandbox without being allowed to list sandboxes, so the source
// check decides.
void check_service(flow::FlowService& service, const Plan& plan, Report& report) {
    std::string name = "adobe.sandbox";
    try {
        std::optional<Error> unlisted;
        try {
            check_sandbox(flow::read_sandboxes(service), plan.access->sandbox_name, report);
        } catch (const Error& error) {
            if (error.exit_code() != ExitCode::auth) {
                throw;
            }
            unlisted = error;
        }
        name = "adobe.source";
        check_source(service, plan, report);
        if (unlisted) {
            report.push_back(output::warning(
                "adobe.sandbox", "the sandboxes cannot be listed: " + unlisted->message(), ""));
        }
    } catch (const Error& error) {
        report.push_back(failed_check(name, error));
        if (name == "adobe.sandbox") {
            report.push_back(
                output::skipped("adobe.source", "source not checked: fix the sandbox first"));
        }
    }
}

}  // namespace

Report check_adobe(Context& context, const config::Settings& settings, const Plan& plan) {
    Report report;
    const auto transport = make_transport(context, settings);
    std::optional<auth::TokenSource> tokens;
    try {
        tokens.emplace(token_of(context, settings, *transport, *plan.access, report));
    } catch (const Error& error) {
        report.push_back(failed_check("adobe.token", error));
        report.push_back(output::skipped(
            "adobe.sandbox", "sandbox and source not checked: fix the access token first"));
        return report;
    }
    flow::FlowService service(*transport, *plan.access, *tokens);
    check_service(service, plan, report);
    return report;
}

}  // namespace bqconn::commands
