#include "commands/checks.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <future>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "bqconn/auth/google.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/config/files.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/core/time_text.hpp"
#include "bqconn/flow/connection_spec.hpp"
#include "bqconn/flow/sandboxes.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/http/transport.hpp"
#include "bqconn/output/table.hpp"
#include "commands/session.hpp"

namespace bqconn::commands {
namespace {

using config::Setting;
using config::Settings;
using connection::Access;
using output::Checked;
using output::Report;
using output::skipped;
using std::chrono::seconds;

// The name of warnings about settings, and of the entry if settings of both parts are missing.
constexpr const char* settings_check = "settings";

// What the settings configure. Incomplete parts are empty.
struct Configured {
    std::optional<Access> access;
    std::optional<connection::Auth> auth;
    connection::GoogleServices google;
};

void pass(Report& report, const char* name, std::string message) {
    report.push_back(output::good(name, std::move(message)));
}

void warn(Report& report, const char* name, std::string message, std::string hint = {}) {
    report.push_back(output::warning(name, std::move(message), std::move(hint)));
}

// A check that failed with `error`. The hint never doubts whether anything was changed.
Checked failed_check(const char* name, const Error& error) {
    const auto* const transport = dynamic_cast<const http::TransportError*>(&error);
    if (transport == nullptr || transport->sent() == http::Sent::no) {
        return output::failed(name, error);
    }
    return output::failed(name, Error(error.exit_code(), error.code(), error.message(),
                                      "nothing was changed; run the command again"));
}

// --- Settings and files.

Configured check_settings(const Settings& settings, Report& report) {
    Configured found;
    try {
        found.google = config::google_services(settings);
    } catch (const Error& error) {
        report.push_back(output::failed("settings.google", error));
        return found;
    }
    config::Missing missing;  // one entry names those of both parts
    const char* missing_in = nullptr;
    const auto add = [&](auto& part, const char* name, const auto& make) {
        try {
            config::Missing own;
            auto made = make(own);
            if (own.empty()) {
                part = std::move(made);
                return;
            }
            make(missing);
            missing_in = missing_in == nullptr ? name : settings_check;
        } catch (const Error& error) {
            report.push_back(output::failed(name, error));
        }
    };
    add(found.access, "settings.adobe",
        [&](config::Missing& into) { return config::access(settings, into); });
    add(found.auth, "settings.google",
        [&](config::Missing& into) { return config::authentication(settings, into); });
    try {
        missing.report();
    } catch (const Error& error) {
        report.push_back(output::failed(missing_in, error));
    }
    if (found.access) {
        pass(report, "settings.adobe",
             "Adobe: client " + found.access->api_key + ", organisation " + found.access->org_id +
                 ", sandbox " + found.access->sandbox_name);
    }
    if (found.auth) {
        pass(report, "settings.google",
             "Google: " + std::string(found.auth->spec_name) + ", project " +
                 settings.text(Setting::project) + ", " +
                 (settings.has(Setting::key_file)
                      ? settings.key()->client_email
                      : "the OAuth client " + settings.text(Setting::client_id)));
    }
    for (const auto& warning : settings.warnings()) {
        warn(report, settings_check, warning);
    }
    return found;
}

constexpr std::string_view key_kind = "a Google service-account key";

// The files in use and what each is, for messages.
std::map<std::string, std::string_view> files_of(const Settings& settings) {
    using Kind = config::Source::Kind;
    std::map<std::string, std::string_view> files;
    if (settings.has(Setting::key_file)) {
        files.emplace(settings.text(Setting::key_file), key_kind);
    }
    for (const auto& spec : config::all_settings()) {
        const config::Source& source = settings.source(spec.setting);
        if (!source.file.empty()) {
            files.emplace(source.file, source.kind == Kind::profile    ? "a profile"
                                       : source.kind == Kind::env_file ? "a dotenv file"
                                                                       : "a credential file");
        }
    }
    return files;
}

void check_files(const Settings& settings, std::chrono::sys_seconds now, Report& report) {
    constexpr long day = 24 * 60 * 60;
    constexpr long old_key = 90;
    constexpr mode_t of_others = 077;
    for (const auto& [path, kind] : files_of(settings)) {
        struct stat file {};
        if (::stat(path.c_str(), &file) != 0 || !S_ISREG(file.st_mode)) {
            continue;  // a pipe, already read
        }
        const long days = std::max(0L, (now.time_since_epoch().count() - file.st_mtime) / day);
        const std::string words = path + ": " + std::string(kind) + ", mode " +
                                  config::octal(file.st_mode) + ", " + std::to_string(days) +
                                  (days == 1 ? " day old" : " days old");
        if ((file.st_mode & of_others) != 0) {
            warn(report, "file", words + ": other users can access it",
                 "run: chmod 600 " + shell_word(path));
        } else if (kind == key_kind && days > old_key) {
            warn(report, "file", words,
                 "Google advises replacing keys every 90 days: create a new one, then run bqconn "
                 "update --rotate");
        } else {
            pass(report, "file", words);
        }
    }
}

// --- Whether each service is reachable (DNS, proxy, TLS), and its clock compared with ours.

struct Host {
    std::string url;
    bool is_adobe = false;
    bool is_google = false;
};

struct Answer {
    Checked checked;
    std::optional<seconds> ahead = {};  // the service's clock, relative to ours
};

std::vector<Host> hosts_of(const Configured& found) {
    std::vector<Host> hosts;
    const auto add = [&hosts](const std::string& url, bool adobe) {
        auto host = std::find_if(hosts.begin(), hosts.end(),
                                 [&url](const Host& one) { return one.url == url; });
        if (host == hosts.end()) {
            host = hosts.insert(host, Host{url});
        }
        (adobe ? host->is_adobe : host->is_google) = true;
    };
    if (found.access) {
        add(found.access->platform_url, true);
        if (found.access->fetching) {
            add(found.access->fetching->ims_url, true);
        }
    }
    if (found.auth) {
        add(found.google.token_url, false);
        add(found.google.bigquery_url, false);
    }
    return hosts;
}

std::string proxy_words(const Context& context, const std::string& url) {
    for (const char* const name : {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"}) {
        if (url.starts_with("https://") && !config::find(context.environment, name).empty()) {
            return " (" + std::string(name) + " is set)";
        }
    }
    return "";
}

// Any response counts as reachable. The hint mentions a proxy, because it may be the cause.
Answer reach(Context& context, const Settings& settings, const std::string& url) {
    const std::string proxy = proxy_words(context, url);
    try {
        http::Request request;
        request.url = url + "/";
        const http::Response response = make_transport(context, settings)->send(request);
        const auto date = http::parse_http_date(response.header("Date"), context.clock.date());
        const std::string trust = url.starts_with("https://") ? ", its certificate is trusted" : "";
        return {output::good("host", url + " is reachable" + trust + proxy),
                date ? std::optional(*date - context.clock.date()) : std::nullopt};
    } catch (const Error& error) {
        Checked checked = failed_check("host", error);
        if (!proxy.empty() && error.code() != code::proxy) {
            checked.hint += "; the proxy may be the cause" + proxy;
        }
        return {std::move(checked)};
    }
}

// Uses the smallest difference: if any service agrees with this machine, the others are wrong.
Checked check_clock(const std::vector<std::optional<seconds>>& aheads) {
    constexpr seconds much{300};
    constexpr seconds little{30};
    std::optional<seconds> least;
    for (const auto& ahead : aheads) {
        if (ahead && (!least || std::chrono::abs(*ahead) < std::chrono::abs(*least))) {
            least = ahead;
        }
    }
    if (!least) {
        return skipped("clock", "clock not checked: no service reported the time");
    }
    const seconds distance = std::chrono::abs(*least);
    if (distance <= little) {
        return output::good("clock", "this machine's clock is correct");
    }
    const std::string words = "this machine's clock is " + std::to_string(distance.count()) +
                              " seconds " + (*least > seconds(0) ? "slow" : "fast");
    const std::string hint = "set it with: timedatectl set-ntp true";
    return distance < much
               ? output::warning("clock", words, hint)
               : output::failed("clock", {ExitCode::config, "config.clock", words, hint});
}

struct Reached {
    bool adobe = false;
    bool google = false;
    bool clock = true;  // is correct
};

Reached check_hosts(Context& context, const Settings& settings, const Configured& found,
                    Report& report) {
    const auto hosts = hosts_of(found);
    std::vector<std::future<Answer>> running;
    running.reserve(hosts.size());
    for (const auto& host : hosts) {
        running.push_back(std::async(std::launch::async, [&context, &settings, &host] {
            return reach(context, settings, host.url);
        }));
    }
    Reached reached{found.access.has_value(), found.auth.has_value()};
    std::vector<std::optional<seconds>> aheads;
    for (std::size_t i = 0; i < hosts.size(); ++i) {
        Answer answer = running[i].get();
        const bool good = answer.checked.verdict == output::Verdict::good;
        reached.adobe = reached.adobe && (good || !hosts[i].is_adobe);
        reached.google = reached.google && (good || !hosts[i].is_google);
        report.push_back(std::move(answer.checked));
        aheads.push_back(answer.ahead);
    }
    if (!hosts.empty()) {
        report.push_back(check_clock(aheads));
        reached.clock = report.back().verdict != output::Verdict::failed;
    }
    return reached;
}

// --- Adobe: access token, sandbox, source; each needs the one before.

// Always fetches a new token, because a cached one could hide a wrong secret, and caches it.
Secret check_token(Context& context, const Settings& settings, http::Transport& transport,
                   const Access& access, Report& report) {
    if (access.access_token) {
        refuse_token(auth::claims_of(*access.access_token), access.api_key, context.clock.date());
        report.push_back(skipped("adobe.token", "an access token is set, so none is fetched"));
        return *access.access_token;
    }
    const Secret token = token_source(context, settings, access, transport).fetch_anew();
    pass(report, "adobe.token", "Adobe issues an access token to client " + access.api_key);
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
        pass(report, "adobe.sandbox", words);
    } else {
        warn(report, "adobe.sandbox", words, "calls may be refused until it is active");
    }
}

void check_source(flow::FlowService& service, const std::optional<connection::Auth>& auth,
                  Report& report) {
    const flow::ConnectionSpec spec = flow::read_bigquery_spec(service);
    pass(report, "adobe.source", "the organisation may use the Google BigQuery source");
    if (!auth) {
        return;
    }
    if (const auto refusal = flow::refusal_of(spec, *auth)) {
        report.push_back(output::failed("adobe.auth", *refusal));
    } else {
        pass(report, "adobe.auth",
             "the source accepts " + std::string(auth->spec_name) + " with these parameters");
    }
}

// What only the dataflow verbs list, and the call that shows whether it can be listed. Manage
// Sources, the permission to create dataflows, cannot be checked without creating something.
struct Listing {
    const char* name;
    std::string_view words;
    flow::Api api;
    const char* path;
};

constexpr auto listings = std::to_array<Listing>(
    {{"adobe.dataflows", "dataflows", flow::Api::flow, "/flows?limit=1"},
     {"adobe.datasets", "datasets", flow::Api::catalog, "/dataSets?limit=1&properties=name"},
     {"adobe.schemas", "schemas", flow::Api::schemas, "/tenant/schemas?orderby=title&limit=1"}});

// Only warns: base connections need none of this.
void check_listings(flow::FlowService& service, Report& report) {
    for (const auto& one : listings) {
        const std::string words(one.words);
        try {
            flow::read_document(service, {.path = one.path, .api = one.api},
                                {one.words, "bad_response.list"});
            pass(report, one.name, words + " can be listed");
        } catch (const Error& error) {
            if (error.code() == code::interrupted) {
                throw;
            }
            warn(report, one.name,
                 words + " cannot be listed, but only dataflow verbs need this: " + error.message(),
                 error.hint());
        }
    }
}

Report check_adobe(Context& context, const Settings& settings, const Configured& found,
                   CheckScope scope) {
    Report report;
    const auto transport = make_transport(context, settings);
    const char* name = "adobe.token";
    const char* next = "adobe.sandbox";
    std::string skip = "sandbox and source not checked: fix the access token first";
    try {
        auth::TokenSource tokens(check_token(context, settings, *transport, *found.access, report));
        flow::FlowService service(*transport, *found.access, tokens);
        name = "adobe.sandbox";
        next = "adobe.source";
        skip = "source not checked: fix the sandbox first";
        std::string unlisted;
        try {
            check_sandbox(flow::read_sandboxes(service), found.access->sandbox_name, report);
        } catch (const Error& error) {
            // The credential may use a sandbox but not list them, so the source check decides.
            if (error.exit_code() != ExitCode::auth) {
                throw;
            }
            unlisted = "the sandboxes cannot be listed: " + error.message();
        }
        name = "adobe.source";
        next = scope == CheckScope::dataflows ? listings.front().name : nullptr;
        skip = "dataflows not checked: fix the source first";
        check_source(service, found.auth, report);
        next = nullptr;
        if (scope == CheckScope::dataflows) {
            check_listings(service, report);
        }
        if (!unlisted.empty()) {
            warn(report, "adobe.sandbox", unlisted);
        }
    } catch (const Error& error) {
        report.push_back(failed_check(name, error));
        if (next != nullptr) {
            report.push_back(skipped(next, skip));
        }
    }
    return report;
}

// --- Google: token, project, datasets; each needs the one before.

auth::GoogleToken google_token(Context& context, const Settings& settings,
                               http::Transport& transport, const Configured& found) {
    if (!settings.key()) {
        return auth::exchange_refresh_token(
            transport, found.google.token_url,
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
void check_google_token(const auth::GoogleToken& token, bool is_key, Report& report) {
    const auto missing = auth::missing_scopes(token.scopes);
    // Google reports no scopes for a service account: those requested were granted.
    if (!token.scopes.empty() && !missing.empty()) {
        throw Error(ExitCode::auth, "auth.google_scope",
                    "the refresh token lacks the scope " + join(missing, " and "),
                    "get a new one with bqconn auth google, and tick both boxes");
    }
    pass(report, "google.token",
         is_key ? "Google accepts the service account's key"
                : "Google accepts the refresh token, with both scopes");
    if (token.refresh_lifetime) {
        const auto [problem, hint] = auth::explain_expiry(*token.refresh_lifetime);
        warn(report, "google.testing", problem, hint);
    }
}

// Large results must be written to the region of the tables.
void check_datasets(const Settings& settings, http::Transport& transport,
                    const auth::BigQuery& bigquery, const std::vector<auth::Dataset>& datasets,
                    Report& report) {
    for (const Setting setting : {Setting::large_results_dataset, Setting::dataset}) {
        if (!settings.has(setting)) {
            continue;
        }
        const std::string& dataset = settings.text(setting);
        const std::string location = auth::location_of_dataset(transport, bigquery, dataset);
        const std::string words =
            "dataset " + dataset + " exists" + (location.empty() ? "" : " in " + location);
        const bool is_alone = std::none_of(datasets.begin(), datasets.end(), [&](const auto& one) {
            return one.id != dataset && (one.location.empty() || one.location == location);
        });
        if (setting == Setting::large_results_dataset && is_alone && datasets.size() > 1) {
            warn(report, "google.dataset",
                 words + "; all other datasets of the project are in other regions",
                 "large results need a dataset in the region of the tables");
        } else {
            pass(report, "google.dataset", words);
        }
    }
}

Report check_google(Context& context, const Settings& settings, const Configured& found) {
    Report report;
    const auto transport = make_transport(context, settings);
    const char* name = "google.token";
    try {
        const auth::GoogleToken token = google_token(context, settings, *transport, found);
        context.console.hide(token.access_token);
        check_google_token(token, settings.key().has_value(), report);
        name = "google.project";
        const auth::BigQuery bigquery{found.google.bigquery_url, settings.text(Setting::project),
                                      token.access_token,
                                      settings.key() ? settings.key()->client_email : ""};
        const auto datasets = auth::read_datasets(*transport, bigquery);
        pass(report, "google.project", "project " + bigquery.project + " is accessible");
        name = "google.dataset";
        check_datasets(settings, *transport, bigquery, datasets, report);
    } catch (const Error& error) {
        const bool first = report.empty();
        report.push_back(failed_check(name, error));
        if (first) {
            report.push_back(skipped(
                "google.project", "project and datasets not checked: fix the credentials first"));
        }
    }
    return report;
}

// --- All of them.

Checked skipped_service(const char* name, const std::string& service, bool complete) {
    return skipped(name, service + " not checked: " +
                             (complete ? "it cannot be reached" : "its settings are incomplete"));
}

// Checks Adobe and Google in parallel.
void check_services(Context& context, const Settings& settings, const Configured& found,
                    CheckScope scope, Report& report) {
    context.console.progress("checking Adobe and Google ...");
    const Reached reached = check_hosts(context, settings, found, report);
    std::future<Report> adobe;
    if (reached.adobe) {
        adobe = std::async(std::launch::async, check_adobe, std::ref(context), std::cref(settings),
                           std::cref(found), scope);
    }
    Report google;
    if (!reached.google) {
        google = {skipped_service("google.token", "Google", found.auth.has_value())};
    } else if (!reached.clock && settings.has(Setting::key_file)) {
        google = {skipped("google.token", "Google not checked: fix the clock first")};
    } else {
        google = check_google(context, settings, found);
    }
    for (const auto& part :
         {adobe.valid() ? adobe.get()
                        : Report{skipped_service("adobe.token", "Adobe", found.access.has_value())},
          google}) {
        report.insert(report.end(), part.begin(), part.end());
    }
}

}  // namespace

Report run_checks(Context& context, const Settings& settings, CheckScope scope,
                  const connection::Auth* auth) {
    Report report;
    Configured found = check_settings(settings, report);
    if (auth != nullptr) {
        found.auth = *auth;
    }
    check_files(settings, context.clock.date(), report);
    if (scope != CheckScope::local) {
        check_services(context, settings, found, scope, report);
    }
    return report;
}

void throw_worst(const Report& report, Failures failures, const std::string& prefix) {
    const auto* const worst = output::worst_of(report);
    if (worst == nullptr) {
        return;
    }
    std::size_t failed = 0;
    std::string list;
    for (const auto& one : report) {
        if (one.verdict == output::Verdict::failed) {
            ++failed;
            list += "\n  " + one.message + (one.hint.empty() ? "" : "\n    " + one.hint);
        }
    }
    std::string message =
        prefix + std::to_string(failed) + " of " + std::to_string(report.size()) + " checks failed";
    std::string hint = "the report on stdout says how to fix each";
    if (failures == Failures::named && failed == 1) {
        message += ": " + worst->message;
        hint = worst->hint;
    } else if (failures == Failures::named) {
        message += ":" + list;
        hint = "fix these, then run the command again";
    }
    throw Error(worst->error->exit_code(), worst->error->code(), message, hint)
        .answered_as(*worst->error);
}

void require_checks(Context& context, const Settings& settings, const connection::Auth& auth,
                    const std::string& participle) {
    const Report report = run_checks(context, settings, CheckScope::services, &auth);
    for (const auto& one : report) {
        // Warnings about settings have been shown already.
        if (one.verdict == output::Verdict::warning && one.name != settings_check) {
            context.console.warning(one.message + (one.hint.empty() ? "" : ": " + one.hint));
        }
    }
    throw_worst(report, Failures::named, "nothing was " + participle + ": ");
}

void refuse_token(const auth::TokenClaims& claims, const std::string& api_key,
                  std::chrono::sys_seconds now) {
    if (claims.is_of_another(api_key)) {
        throw Error(ExitCode::auth, "auth.other_client",
                    "the access token was issued to client " + claims.client_id +
                        ", but the API key is " + api_key,
                    "pass the API key of that client, or replace the token with --api-secret "
                    "(BQCONN_API_SECRET) so that one is fetched");
    }
    if (claims.is_expired(now)) {
        throw Error(ExitCode::auth, "auth.token_invalid",
                    "the access token expired on " + utc_time(*claims.expires_at),
                    "generate a new one in Adobe Developer Console, or replace it with "
                    "--api-secret (BQCONN_API_SECRET) so that one is fetched");
    }
}

}  // namespace bqconn::commands
