// The Google checks of bqconn check.
#include <algorithm>

#include "bqconn/auth/google.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "commands/checks.hpp"
#include "commands/session.hpp"

namespace bqconn::commands {
namespace {

using config::Setting;
using output::Report;

auth::GoogleToken token_of(Context& context, const config::Settings& settings,
                           http::Transport& transport, const Plan& plan) {
    if (!settings.key()) {
        return auth::exchange_refresh_token(
            transport, plan.google.token_url,
            {settings.text(Setting::client_id), settings.secret(Setting::client_secret)},
            settings.secret(Setting::refresh_token));
    }
    const Secret assertion = auth::sign_request(*settings.key(), context.clock.date());
    // Hide its signature, the last part, separately: a service may echo parts of the assertion.
    context.console.hide(assertion);
    context.console.hide(Secret(assertion.reveal().substr(assertion.reveal().rfind('.') + 1)));
    return auth::exchange_key(transport, *settings.key(), assertion);
}

// Throws Error if the token is valid but lacks a scope.
void check_token(const auth::GoogleToken& token, bool has_key, Report& report) {
    const auto missing = auth::missing_scopes(token.scopes);
    // Google reports no scopes for a service account: those requested were granted.
    if (!token.scopes.empty() && !missing.empty()) {
        throw Error(ExitCode::auth, "auth.google_scope",
                    "the refresh token lacks the scope " + join(missing, " and "),
                    "get a new one with bqconn auth google, and tick both boxes");
    }
    report.push_back(output::good("google.token",
                                  has_key ? "Google accepts the service account's key"
                                          : "Google accepts the refresh token, with both scopes"));
    if (token.refresh_lifetime) {
        constexpr long day = 24 * 60 * 60;
        report.push_back(output::warning(
            "google.testing",
            "the refresh token expires within " +
                std::to_string(token.refresh_lifetime->count() / day + 1) +
                " days: the consent screen is in Testing",
            "publish the app (Google Cloud console, Google Auth Platform, Audience, \"Publish "
            "app\"), then: bqconn auth google"));
    }
}

// Large results must be written to the region of the tables.
void check_region(const std::string& dataset, const std::string& location,
                  const std::vector<auth::Dataset>& datasets, Report& report) {
    const bool is_alone = std::none_of(datasets.begin(), datasets.end(), [&](const auto& other) {
        return other.id != dataset && (other.location.empty() || other.location == location);
    });
    const std::string words =
        "dataset " + dataset + " exists" + (location.empty() ? "" : " in " + location);
    if (is_alone && datasets.size() > 1) {
        report.push_back(output::warning(
            "google.dataset", words + "; all other datasets of the project are in other regions",
            "large results need a dataset in the region of the tables"));
    } else {
        report.push_back(output::good("google.dataset", words));
    }
}

void check_datasets(const config::Settings& settings, http::Transport& transport,
                    const auth::BigQuery& bigquery, const std::vector<auth::Dataset>& datasets,
                    Report& report) {
    for (const Setting setting : {Setting::large_results_dataset, Setting::dataset}) {
        if (!settings.has(setting)) {
            continue;
        }
        const std::string& dataset = settings.text(setting);
        const std::string location = auth::location_of_dataset(transport, bigquery, dataset);
        if (setting == Setting::large_results_dataset) {
            check_region(dataset, location, datasets, report);
        } else {
            report.push_back(output::good(
                "google.dataset",
                "dataset " + dataset + " exists" + (location.empty() ? "" : " in ") + location));
        }
    }
}

}  // namespace

Report check_google(Context& context, const config::Settings& settings, const Plan& plan) {
    Report report;
    const auto transport = make_transport(context, settings);
    std::string name = "google.token";
    try {
        const auth::GoogleToken token = token_of(context, settings, *transport, plan);
        context.console.hide(token.access_token);
        check_token(token, settings.key().has_value(), report);
        name = "google.project";
        const auth::BigQuery bigquery{plan.google.bigquery_url, settings.text(Setting::project),
                                      token.access_token,
                                      settings.key() ? settings.key()->client_email : ""};
        const auto datasets = auth::read_datasets(*transport, bigquery);
        report.push_back(
            output::good("google.project", "project " + bigquery.project + " is accessible"));
        name = "google.dataset";
        check_datasets(settings, *transport, bigquery, datasets, report);
    } catch (const Error& error) {
        report.push_back(failed_check(name, error));
        if (name == "google.token") {
            report.push_back(output::skipped(
                "google.project", "project and datasets not checked: fix the credentials first"));
        }
    }
    return report;
}

}  // namespace bqconn::commands
