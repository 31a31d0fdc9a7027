// bqconn auth google: gets a refresh token through consent and writes it to a profile. The consent
// is given in a browser on this machine, or by pasting the address of the final page.
#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <istream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bqconn/auth/google.hpp"
#include "bqconn/commands/verb.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/config/profiles.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/core/time_text.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "bqconn/http/loopback_listener.hpp"
#include "bqconn/http/url.hpp"
#include "bqconn/json/parse.hpp"
#include "commands/session.hpp"

namespace bqconn::commands {
namespace {

constexpr std::string_view token_variable = "BQCONN_REFRESH_TOKEN";

// --- The pages that the browser shows after Google's: fixed text without scripts, which contains
// nothing from the request.

enum class Ending {
    done,        // the token was received and stored
    refused,     // by the user or by Google
    failed,      // access was granted, but a later step failed
    unexpected,  // the request did not come from this run's consent page
};

constexpr std::string_view style_sheet =
    ":root{color-scheme:light dark}"
    "body{margin:0;padding:3rem 1.5rem;font:1.125rem/1.6 system-ui,sans-serif;"
    "background:#fff;color:#1a1a1a}"
    "main{max-width:36rem;margin:0 auto}"
    "h1{font-size:1.75rem;line-height:1.25;margin:0 0 1rem}"
    "p{margin:0 0 1rem}"
    "@media(prefers-color-scheme:dark){body{background:#16181d;color:#f2f2f2}}";

struct PageText {
    int status;
    std::string_view title;
    std::string_view text;
};

// In the order of the enumerators.
constexpr std::array<PageText, 4> texts{
    {{200, "Access granted",
      "bqconn has received a refresh token. You can close this window and return to the "
      "terminal."},
     {200, "Access not granted",
      "Google did not grant access, and nothing was stored. See the terminal for details; you can "
      "close this window."},
     {200, "Something went wrong",
      "Access was granted, but bqconn could not finish. See the terminal for the reason and what "
      "to do next; you can close this window."},
     {400, "Unexpected request",
      "This address does not belong to the consent request that bqconn is waiting for. Open the "
      "address shown in the terminal."}}};

http::Page consent_page(Ending ending) {
    const auto& [status, title, text] = texts[static_cast<std::size_t>(ending)];
    // Allows only this style sheet, by its hash.
    static const std::string policy = "default-src 'none'; style-src 'sha256-" +
                                      crypto::base64(crypto::sha256(style_sheet)) +
                                      "'; base-uri 'none'; form-action 'none'; "
                                      "frame-ancestors 'none'";
    std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    html.append("<title>").append(title).append(" - bqconn</title>\n");
    html.append("<style>").append(style_sheet).append("</style>\n</head>\n<body>\n<main>\n");
    html.append("<h1>").append(title).append("</h1>\n");
    html.append("<p>").append(text).append("</p>\n</main>\n</body>\n</html>\n");
    return {status, std::move(html), policy};
}

// --- The consent.

// What is known before asking for consent.
struct ConsentPlan {
    auth::OAuthClient client;
    connection::GoogleServices google;
    std::string profile;
    std::string path;  // of the profile; empty: write nothing
    std::chrono::milliseconds timeout;
};

// Google accepts only registered redirect URIs for such a client, port included; a desktop app may
// use any loopback address.
void check_web_client(output::Console& console, const config::Settings& settings) {
    if (!settings.web_redirects()) {
        return;
    }
    const std::string client =
        describe(settings.source(Setting::client_id)) + ": the OAuth client is a Web application";
    const std::string fix =
        "create one of type \"Desktop app\" (Google Cloud console, APIs & Services, "
        "Credentials) and use its file";
    const auto& addresses = *settings.web_redirects();
    if (std::none_of(addresses.begin(), addresses.end(), http::is_loopback_url)) {
        throw Error(ExitCode::config, "config.credentials",
                    client +
                        " without a redirect URI on this machine, so Google would answer "
                        "redirect_uri_mismatch",
                    fix);
    }
    console.warning(client + "; if Google answers redirect_uri_mismatch, " + fix);
}

ConsentPlan plan_of(const Context& context, const Task& task) {
    const auto& settings = task.settings;
    config::Missing missing;
    for (const Setting setting : {Setting::client_id, Setting::client_secret}) {
        if (!settings.has(setting)) {
            missing.add(setting, settings);
        }
    }
    missing.report();
    check_web_client(context.console, settings);
    ConsentPlan plan{
        .client = {settings.text(Setting::client_id), settings.secret(Setting::client_secret)},
        .google = config::google_services(settings),
        .profile = settings.text_or_default(Setting::profile),
        .path = "",
        .timeout = settings.has(Setting::timeout) ? config::transport_options(settings).timeout
                                                  : std::chrono::minutes(5)};
    if (task.format != Format::env) {
        plan.path = config::profile_path(context.environment, plan.profile,
                                         settings.source(Setting::profile));
    }
    return plan;
}

// What to do once consent is given. Throws Error.
using Finish = std::function<void(const auth::CodeExchange& exchange)>;

auth::Answer await_answer(http::LoopbackListener& listener, const auth::Consent& consent,
                          std::chrono::milliseconds timeout) {
    const auto until = std::chrono::steady_clock::now() + timeout;
    while (const auto target = listener.next(until)) {
        auto answer = auth::read_answer(target->reveal());
        if (answer && answer->state == consent.state && target->reveal().starts_with("/?")) {
            return *std::move(answer);
        }
        listener.answer(consent_page(Ending::unexpected));
    }
    throw Error(
        ExitCode::auth, "auth.consent_timeout",
        "no response from the browser within " +
            std::to_string(std::chrono::ceil<std::chrono::seconds>(timeout).count()) + " seconds",
        "run bqconn auth google again; if the browser is on another machine, use --no-browser; "
        "--timeout SECONDS waits longer");
}

// Also registers the secrets of the exchange for redaction. Throws Error if access is not granted.
auth::CodeExchange exchange_of(Context& context, const auth::Answer& answer,
                               const auth::Consent& consent, std::string redirect_uri) {
    if (!answer.error.empty()) {
        auth::refuse_consent(answer);
    }
    context.console.hide(answer.code);
    context.console.hide(consent.verifier);
    return {answer.code, consent.verifier, std::move(redirect_uri)};
}

// Asks again until the text is an answer; nothing else may reach Google.
auth::Answer read_address(output::Console& console, const auth::Consent& consent,
                          const std::string& redirect_uri) {
    std::string problem = "nothing was pasted";
    for (std::string line; std::getline(console.streams().in, line);) {
        const Secret text(std::exchange(line, {}));
        auto pasted = auth::read_pasted(text.reveal());
        if (pasted.answer) {
            // A bare code has no state.
            if (!pasted.answer->state.empty() && pasted.answer->state != consent.state) {
                throw Error(ExitCode::auth, "auth.consent_state",
                            "the address belongs to another run",
                            "run bqconn auth google again and paste the address of the page that "
                            "this run leads to");
            }
            return *std::move(pasted.answer);
        }
        problem = std::move(pasted.problem);
        console.say(problem + ". Paste the whole address; it begins with " + redirect_uri +
                    "/?state=");
    }
    throw Error(ExitCode::usage, "usage.invalid_value", "standard input: " + problem,
                "run bqconn auth google again and paste the whole address of the final page");
}

// The browser shows the outcome only after `finish`.
void ask_in_browser(Context& context, const ConsentPlan& plan, const Finish& finish) {
    const auto listener = context.make_listener();
    const auth::Consent consent = auth::new_consent();
    const std::string url =
        auth::consent_url(plan.google.auth_url, plan.client.client_id, listener->url(), consent);
    context.console.say("Grant access in the browser. If it does not open, open this page:");
    context.console.say(url);
    if (const auto& browse = context.console.streams().browse) {
        browse(url);
    }
    const auth::Answer answer = await_answer(*listener, consent, plan.timeout);
    try {
        finish(exchange_of(context, answer, consent, listener->url()));
    } catch (const Error&) {
        listener->answer(consent_page(answer.error.empty() ? Ending::failed : Ending::refused));
        throw;
    }
    listener->answer(consent_page(Ending::done));
}

void ask_for_address(Context& context, const ConsentPlan& plan, const Finish& finish) {
    // Nothing listens there, but the browser shows the address anyway.
    const std::string redirect_uri = http::LoopbackListener().url();
    const auth::Consent consent = auth::new_consent();
    context.console.say("Open this page in a browser, on any machine:");
    context.console.say(
        auth::consent_url(plan.google.auth_url, plan.client.client_id, redirect_uri, consent));
    context.console.say(
        "The browser will say it cannot reach the page; that is expected. Paste the address from "
        "its address bar:");
    const auth::Answer answer = read_address(context.console, consent, redirect_uri);
    finish(exchange_of(context, answer, consent, redirect_uri));
}

auth::GoogleToken checked_token(Context& context, const Task& task, const ConsentPlan& plan,
                                const auth::CodeExchange& exchange) {
    auth::GoogleToken token;
    try {
        token = auth::exchange_code(*make_transport(context, task.settings), plan.google.token_url,
                                    plan.client, exchange);
    } catch (const http::TransportError& error) {
        // A code can be used only once.
        throw Error(error.exit_code(), error.code(), error.message(),
                    "nothing was written; run bqconn auth google again");
    }
    context.console.hide(token.access_token);
    context.console.hide(token.refresh_token);
    // RFC 6749, 5.1: without scopes in the response, those requested were granted.
    const auto missing =
        token.scopes.empty() ? std::vector<std::string>() : auth::missing_scopes(token.scopes);
    if (!missing.empty()) {
        throw Error(ExitCode::auth, "auth.scope_missing",
                    "access was not granted to " + join(missing, " and ") +
                        ": a box on the consent page was not ticked",
                    "run bqconn auth google again and tick every box; Adobe needs both scopes");
    }
    if (token.refresh_token.empty()) {
        throw Error(ExitCode::auth, "auth.no_refresh_token",
                    "Google granted access for an hour but returned no refresh token",
                    "remove the app's access at https://myaccount.google.com/connections, then run "
                    "bqconn auth google again; the OAuth client should be of type \"Desktop app\"");
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
    const auto [problem, hint] = auth::explain_expiry(*token.refresh_lifetime);
    context.console.warning(problem + (hint.empty() ? "" : "; " + hint));
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
    if (task.format == Format::env) {
        context.console.reveal(Secret(std::string(token_variable) + "=" +
                                      shell_quoted(token.refresh_token.reveal()) + "\n"));
        return;
    }
    warn_if_overridden(context, task, plan, token.refresh_token);
    if (task.format == Format::text) {
        context.console.result("Refresh token written to profile " + plan.profile + "\n  " +
                               plan.path + "\n");
        return;
    }
    json::OrderedJson object = {{"profile", plan.profile}, {"path", plan.path}};
    object["scopes"] = token.scopes.empty() ? auth::missing_scopes({}) : token.scopes;
    if (token.refresh_lifetime) {
        object["expiresAt"] = utc_time(context.clock.date() + *token.refresh_lifetime);
    }
    context.console.result(json::to_line(object) + "\n");
}

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
    const auto ask = task.has(Flag::no_browser) ? ask_for_address : ask_in_browser;
    ask(context, plan, finish);
    print(context, task, plan, token);
}

}  // namespace

Verb auth_google_verb() {
    return {
        .name = "auth google",
        .summary = "Get a Google refresh token by giving consent in a browser",
        .usage = "auth google [flags]",
        .description =
            "Opens Google's consent page for your OAuth client (Google Cloud console, type "
            "\"Desktop app\"), checks that both scopes Adobe needs were granted, and writes the "
            "refresh token to a profile. The profile is created if needed; the client's id and "
            "secret are added if the profile lacks them.\n\n"
            "Google redirects the browser to this machine. If the browser runs on another machine, "
            "use --no-browser: it prints the address to open and reads the address of the final "
            "page from standard input.\n\n"
            "It waits five minutes for the browser, or --timeout; with --no-browser it waits "
            "without limit. -o env prints the token for a shell and writes nothing.",
        .examples =
            "  # With the OAuth client file downloaded from Google\n"
            "  bqconn auth google --credentials client.json\n\n"
            "  # Write to another profile\n"
            "  bqconn auth google --credentials client.json --profile warehouse\n\n"
            "  # For this shell only\n"
            "  env=$(bqconn auth google --credentials client.json -o env) && eval \"export $env\"",
        .switches = {{Flag::no_browser, "--no-browser",
                      "Do not open a browser; read the address of the final page, or the code in "
                      "it, from standard input"}},
        .settings = {Setting::client_id, Setting::client_secret, Setting::credentials,
                     Setting::env_file, Setting::profile, Setting::allow_insecure_files,
                     Setting::google_auth_url, Setting::google_token_url, Setting::ca_file,
                     Setting::connect_timeout, Setting::timeout, Setting::output, Setting::log,
                     Setting::log_file},
        .formats = {Format::text, Format::json, Format::env},
        .profiles = config::Profiles::may_be_new,
        .run = auth_google,
    };
}

}  // namespace bqconn::commands
