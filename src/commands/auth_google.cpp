// bqconn auth google: gets a refresh token through consent and writes it to a profile.
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bqconn/auth/google.hpp"
#include "bqconn/commands/verbs.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/config/profiles.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/output/table.hpp"
#include "commands/ask_consent.hpp"
#include "commands/session.hpp"

namespace bqconn::commands {
namespace {

using config::Setting;

constexpr std::string_view token_variable = "BQCONN_REFRESH_TOKEN";

// What is known before asking for consent.
struct ConsentPlan {
    auth::OAuthClient client;
    connection::GoogleServices google;
    std::string profile;
    std::string path;  // of the profile; empty: write nothing
    std::chrono::milliseconds timeout;
};

ConsentPlan plan_of(const Context& context, const Task& task) {
    const auto& settings = task.settings;
    config::Missing missing;
    for (const Setting setting : {Setting::client_id, Setting::client_secret}) {
        if (!settings.has(setting)) {
            missing.add(setting);
        }
    }
    missing.report();
    constexpr std::chrono::minutes default_timeout{5};
    ConsentPlan plan{{settings.text(Setting::client_id), settings.secret(Setting::client_secret)},
                     config::google_services(settings),
                     std::string(config::default_profile),
                     "",
                     default_timeout};
    if (settings.has(Setting::timeout)) {
        plan.timeout = config::transport_options(settings).timeout;
    }
    config::Source source;
    if (settings.has(Setting::profile)) {
        plan.profile = settings.text(Setting::profile);
        source = settings.source(Setting::profile);
    }
    if (task.format != output::Format::env) {
        plan.path = config::profile_path(context.environment, plan.profile, source);
    }
    return plan;
}

// A code can be used only once, so the hint is to start over.
auth::GoogleToken exchange_once(http::Transport& transport, const ConsentPlan& plan,
                                const auth::CodeExchange& exchange) {
    try {
        return auth::exchange_code(transport, plan.google.token_url, plan.client, exchange);
    } catch (const http::TransportError& error) {
        throw Error(error.exit_code(), error.code(), error.message(),
                    "nothing was written; run bqconn auth google again");
    }
}

auth::GoogleToken checked_token(Context& context, const Task& task, const ConsentPlan& plan,
                                const auth::CodeExchange& exchange) {
    const auto transport = make_transport(context, task.settings);
    auth::GoogleToken token = exchange_once(*transport, plan, exchange);
    context.console.hide(token.access_token);
    context.console.hide(token.refresh_token);
    // RFC 6749, 5.1: without scopes in the response, those requested were granted.
    const auto missing =
        token.scopes.empty() ? std::vector<std::string>() : auth::missing_scopes(token.scopes);
    if (!missing.empty()) {
        throw Error(ExitCode::auth, "auth.scope_missing",
                    "access was not granted to " + join(missing, " and ") +
                        ": a box on the consent page was not ticked",
                    "run it again and tick every box; Adobe needs both scopes");
    }
    if (token.refresh_token.empty()) {
        throw Error(ExitCode::auth, "auth.no_refresh_token",
                    "Google granted access for an hour but returned no refresh token",
                    "remove the app's access at https://myaccount.google.com/connections, then run "
                    "it again; the OAuth client should be of type \"Desktop app\"");
    }
    return token;
}

// Whether the setting comes from the profile, or from a credential file that the profile names.
bool is_of_profile(const config::Settings& settings, Setting setting) {
    using Kind = config::Source::Kind;
    const Kind kind = settings.source(setting).kind;
    return kind == Kind::profile || (kind == Kind::credentials &&
                                     settings.source(Setting::credentials).kind == Kind::profile);
}

config::ReadOptions profile_options(const Task& task) {
    return {.secret = true, .allow_insecure = task.settings.is_on(Setting::allow_insecure_files)};
}

// Also writes the client if missing: a refresh token works only with the client it was issued to.
void store(const Task& task, const ConsentPlan& plan, const Secret& refresh_token) {
    std::vector<config::ProfileValue> values;
    for (const Setting setting : {Setting::client_id, Setting::client_secret}) {
        if (!is_of_profile(task.settings, setting)) {
            values.push_back({config::spec_of(setting).variable, task.settings.either(setting)});
        }
    }
    values.push_back({token_variable, refresh_token});
    config::set_in_profile(plan.path, values, profile_options(task));
}

void warn_of_expiry(Context& context, const auth::GoogleToken& token) {
    if (!token.refresh_lifetime) {
        context.console.note(
            "Google did not report the token's lifetime; for an External app in Testing it is 7 "
            "days (Google Cloud console, Google Auth Platform, Audience)");
        return;
    }
    constexpr std::int64_t testing_days = 8;
    const auto days = std::chrono::round<std::chrono::days>(*token.refresh_lifetime).count();
    const std::string expiry =
        "the refresh token expires in " + std::to_string(days) + (days == 1 ? " day" : " days");
    context.console.warning(
        days > testing_days
            ? expiry + ": access was granted for a limited time"
            : expiry +
                  ": the app is in Testing; publish it (Google Cloud console, APIs & Services, "
                  "OAuth consent screen, Audience, \"Publish app\"), then run this again");
}

// Warns if the next run with this profile will not use what was written, because other settings
// take precedence or conflict with it.
void warn_if_overridden(Context& context, const Task& task, const ConsentPlan& plan,
                        const Secret& token) {
    config::Typed typed;
    if (task.settings.has(Setting::profile)) {
        typed[Setting::profile] = {Secret(plan.profile)};
    }
    if (task.settings.is_on(Setting::allow_insecure_files)) {
        typed[Setting::allow_insecure_files] = {Secret("true")};
    }
    try {
        std::istringstream nothing;
        const config::Settings next = config::resolve(typed, context.environment, nothing);
        const std::pair<Setting, Secret> written[] = {
            {Setting::refresh_token, token},
            {Setting::client_id, Secret(plan.client.client_id)},
            {Setting::client_secret, plan.client.client_secret}};
        for (const auto& [setting, value] : written) {
            if (next.either(setting).reveal() != value.reveal()) {
                context.console.warning(describe(next.source(setting)) +
                                        " overrides the value just written to the profile; unset "
                                        "or remove it");
            }
        }
        config::Missing unused;
        config::authentication(next, unused);
    } catch (const Error& error) {
        context.console.warning("the next run with this profile will fail: " + error.message() +
                                "; " + error.hint());
    }
}

void print(Context& context, const Task& task, const ConsentPlan& plan,
           const auth::GoogleToken& token) {
    warn_of_expiry(context, token);
    if (task.format == output::Format::env) {
        context.console.reveal(Secret(std::string(token_variable) + "=" +
                                      shell_quoted(token.refresh_token.reveal()) + "\n"));
        return;
    }
    warn_if_overridden(context, task, plan, token.refresh_token);
    if (task.format == output::Format::text) {
        context.console.result("Refresh token written to profile " + plan.profile + "\n  " +
                               plan.path + "\n");
        return;
    }
    json::OrderedJson object = {{"profile", plan.profile}, {"path", plan.path}};
    object["scopes"] = token.scopes.empty() ? auth::missing_scopes({}) : token.scopes;
    if (token.refresh_lifetime) {
        object["expiresAt"] = output::utc_time(context.clock.date() + *token.refresh_lifetime);
    }
    context.console.result(json::to_line(object) + "\n");
}

}  // namespace

void auth_google(Context& context, const Task& task) {
    const ConsentPlan plan = plan_of(context, task);
    if (!plan.path.empty()) {
        config::try_profile(plan.path, profile_options(task));
    }
    auth::GoogleToken token;
    const auto finish = [&](const auth::CodeExchange& exchange) {
        token = checked_token(context, task, plan, exchange);
        if (!plan.path.empty()) {
            store(task, plan, token.refresh_token);
        }
    };
    const auto ask = task.has("--no-browser") ? ask_for_address : ask_in_browser;
    ask(context, {plan.google.auth_url, plan.client.client_id, plan.timeout}, finish);
    print(context, task, plan, token);
}

}  // namespace bqconn::commands
