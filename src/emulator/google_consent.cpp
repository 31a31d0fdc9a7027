#include "bqconn/emulator/google_consent.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "bqconn/emulator/form.hpp"
#include "bqconn/emulator/google_consent_page.hpp"
#include "bqconn/emulator/google_consent_request.hpp"

namespace bqconn::emulator {
namespace {

// Redirects to the program that asked, with its state unchanged.
Answer redirect_back(const ConsentRequest& request, Pairs parameters) {
    if (!request.state.empty()) {
        parameters.emplace(parameters.begin(), "state", request.state);
    }
    std::string location = request.consent.redirect_uri;
    location += location.ends_with('/') ? "" : "/";
    char separator = '?';
    for (const auto& [name, value] : parameters) {
        location += separator + name + "=" + percent_encode(value);
        separator = '&';
    }
    Answer answer;
    answer.status = 302;
    answer.headers = {{"Location", location}, {"Cache-Control", "no-store"}};
    return answer;
}

Answer denied(const ConsentRequest& request) {
    return redirect_back(request, {{"error", "access_denied"}});
}

// Allows the requested scopes that are in `granted`; if there are none, denies.
Answer allowed(GoogleStore& store, const ConsentRequest& request, const Scopes& granted) {
    Consent consent = request.consent;
    std::erase_if(consent.scopes, [&](const std::string& scope) {
        return std::find(granted.begin(), granted.end(), scope) == granted.end();
    });
    if (consent.scopes.empty()) {
        return denied(request);
    }
    const std::string scopes = scopes_text(consent.scopes);
    return redirect_back(request,
                         {{"code", store.issue_code(std::move(consent))}, {"scope", scopes}});
}

Answer ask(GoogleStore& store, const Pairs& parameters) {
    const auto request = read_consent_request(parameters, store.identity().client_id);
    if (store.fails(GoogleFailure::deny)) {
        return denied(request);
    }
    if (store.fails(GoogleFailure::untick)) {
        return allowed(store, request, {google_scope_prefix + "bigquery"});
    }
    if (store.fails(GoogleFailure::allow)) {
        return allowed(store, request, request.consent.scopes);
    }
    return consent_page(request, parameters);
}

Answer decide(GoogleStore& store, const Pairs& form) {
    const auto request = read_consent_request(form, store.identity().client_id);
    const std::string decision = parameter(form, "decision");
    if (decision == "deny") {
        return denied(request);
    }
    if (decision != "allow") {
        throw ConsentRefused(400, "invalid_request", "decision must be allow or deny");
    }
    Scopes granted;
    for (const auto& [name, value] : form) {
        if (name == "grant") {
            granted.push_back(value);
        }
    }
    return allowed(store, request, granted);
}

}  // namespace

void add_google_consent_routes(Router& router, GoogleStore& store) {
    router.add({"GET", consent_path, Access::open, [&store](const Call& call) {
                    try {
                        return ask(store, call.request.query);
                    } catch (const ConsentRefused& refused) {
                        return consent_error_page(refused);
                    }
                }});
    router.add({"POST", consent_path + "/decide", Access::open, [&store](const Call& call) {
                    try {
                        return decide(store, read_form(call.request));
                    } catch (const ConsentRefused& refused) {
                        return consent_error_page(refused);
                    }
                }});
}

}  // namespace bqconn::emulator
