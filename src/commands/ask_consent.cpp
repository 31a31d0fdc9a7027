#include "commands/ask_consent.hpp"

#include <istream>
#include <optional>
#include <string_view>
#include <utility>

#include "bqconn/auth/google.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/secret.hpp"
#include "bqconn/http/loopback_listener.hpp"
#include "bqconn/output/consent_page.hpp"

namespace bqconn::commands {
namespace {

auth::Answer await_answer(http::LoopbackListener& listener, const auth::Consent& consent,
                          std::chrono::milliseconds timeout) {
    const auto until = std::chrono::steady_clock::now() + timeout;
    while (const auto target = listener.next(until)) {
        auto answer = auth::read_answer(target->reveal());
        if (answer && answer->state == consent.state && target->reveal().starts_with("/?")) {
            return *std::move(answer);
        }
        listener.answer(output::consent_page(output::Consent::unexpected));
    }
    throw Error(ExitCode::auth, "auth.consent_timeout",
                "no response from the browser within " +
                    std::to_string(std::chrono::ceil<std::chrono::seconds>(timeout).count()) +
                    " seconds",
                "run it again; if the browser is on another machine, use --no-browser; "
                "--timeout SECONDS waits longer");
}

// Also registers the secrets of the exchange for redaction.
auth::CodeExchange exchange_of(Context& context, const auth::Answer& answer,
                               const auth::Consent& consent, std::string redirect_uri) {
    context.console.hide(answer.code);
    context.console.hide(consent.verifier);
    return {answer.code, consent.verifier, std::move(redirect_uri)};
}

auth::Answer read_address(std::istream& in, const auth::Consent& consent,
                          const std::string& redirect_uri) {
    std::string line;
    std::getline(in, line);
    const Secret pasted(std::move(line));
    auto answer = auth::read_pasted(pasted.reveal());
    if (!answer) {
        throw Error(ExitCode::usage, "usage.invalid_value",
                    "standard input contains neither the address of the final page nor a code",
                    "run it again and paste the whole address; it begins with " + redirect_uri);
    }
    if (answer->state != consent.state && pasted.reveal().find('?') != std::string::npos) {
        throw Error(ExitCode::auth, "auth.consent_state", "the address belongs to another run",
                    "run it again and paste the address of the page that this run leads to");
    }
    return *std::move(answer);
}

}  // namespace

void ask_in_browser(Context& context, const ConsentRequest& request, const Finish& finish) {
    const auto listener = context.make_listener();
    const auth::Consent consent = auth::new_consent();
    const std::string url =
        auth::consent_url(request.auth_url, request.client_id, listener->url(), consent);
    context.console.say("Grant access in the browser. If it does not open, open this page:");
    context.console.say(url);
    if (const auto& browse = context.console.streams().browse) {
        browse(url);
    }
    const auth::Answer answer = await_answer(*listener, consent, request.timeout);
    if (!answer.error.empty()) {
        listener->answer(output::consent_page(output::Consent::refused));
        auth::refuse_consent(answer);
    }
    try {
        finish(exchange_of(context, answer, consent, listener->url()));
    } catch (const Error&) {
        listener->answer(output::consent_page(output::Consent::failed));
        throw;
    }
    listener->answer(output::consent_page(output::Consent::done));
}

void ask_for_address(Context& context, const ConsentRequest& request, const Finish& finish) {
    // Nothing listens there, but the browser shows the address anyway.
    const std::string redirect_uri = http::LoopbackListener().url();
    const auth::Consent consent = auth::new_consent();
    context.console.say("Open this page in a browser, on any machine:");
    context.console.say(
        auth::consent_url(request.auth_url, request.client_id, redirect_uri, consent));
    context.console.say(
        "The browser will say it cannot reach the page; that is expected. Paste the address from "
        "its address bar:");
    const auth::Answer answer = read_address(context.console.streams().in, consent, redirect_uri);
    if (!answer.error.empty()) {
        auth::refuse_consent(answer);
    }
    finish(exchange_of(context, answer, consent, redirect_uri));
}

}  // namespace bqconn::commands
