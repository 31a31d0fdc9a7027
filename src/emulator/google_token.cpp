#include "bqconn/emulator/google_token.hpp"

#include <string>
#include <string_view>

#include "bqconn/emulator/base64url.hpp"
#include "bqconn/emulator/form.hpp"
#include "bqconn/emulator/google_assertion.hpp"
#include "bqconn/emulator/problem.hpp"

namespace bqconn::emulator {
namespace {

// Refresh tokens of an app in Testing expire after seven days.
constexpr int testing_lifetime = 604'799;

std::string required(const Pairs& form, const std::string& name) {
    std::string value = parameter(form, name);
    if (value.empty()) {
        throw oauth_problem(400, "invalid_request", "Missing required parameter: " + name);
    }
    return value;
}

void check_client(const Pairs& form, const GoogleStore& store) {
    const std::string id = parameter(form, "client_id");
    const std::string secret = parameter(form, "client_secret");
    if (id.empty()) {
        throw oauth_problem(400, "invalid_request", "Could not determine client ID from request.");
    }
    if (id != store.identity().client_id) {
        throw oauth_problem(401, "invalid_client", "The OAuth client was not found.");
    }
    if (secret.empty()) {
        throw oauth_problem(400, "invalid_request", "client_secret is missing.");
    }
    if (secret != store.identity().client_secret.reveal() ||
        store.fails(GoogleFailure::wrong_secret)) {
        throw oauth_problem(401, "invalid_client", "The provided client secret is invalid.");
    }
}

Json token_document(GoogleStore& store, const Scopes& scopes) {
    return {{"access_token", store.issue_access_token(scopes)},
            {"expires_in", google_token_lifetime.count()},
            {"token_type", "Bearer"}};
}

Json for_code(const Pairs& form, GoogleStore& store) {
    const std::string code = required(form, "code");
    const std::string redirect_uri = required(form, "redirect_uri");
    check_client(form, store);
    const std::string verifier = parameter(form, "code_verifier");
    const auto consent = store.take_code(code);
    if (!consent) {
        throw invalid_grant("Bad Request");
    }
    if (consent->redirect_uri != redirect_uri) {
        throw oauth_problem(400, "redirect_uri_mismatch", "Bad Request");
    }
    if (verifier.empty()) {
        throw invalid_grant("Missing code verifier.");
    }
    if (code_challenge_of(verifier) != consent->code_challenge) {
        throw invalid_grant("Invalid code verifier.");
    }
    Json document = token_document(store, consent->scopes);
    document["scope"] = scopes_text(consent->scopes);
    if (consent->offline && !store.fails(GoogleFailure::no_refresh_token)) {
        document["refresh_token"] =
            store.issue_refresh_token({consent->client_id, consent->scopes, false});
        if (store.fails(GoogleFailure::testing)) {
            document["refresh_token_expires_in"] = testing_lifetime;
        }
    }
    return document;
}

Json for_refresh_token(const Pairs& form, GoogleStore& store) {
    const std::string token = required(form, "refresh_token");
    check_client(form, store);
    const auto grant = store.refresh_grant(token);
    if (!grant) {
        throw invalid_grant("Token has been expired or revoked.");
    }
    if (grant->client_id != store.identity().client_id) {
        throw oauth_problem(401, "unauthorized_client", "Unauthorized");
    }
    if (grant->session_ended) {
        throw Refused(400, {{"error", "invalid_grant"},
                            {"error_description", "reauth related error (invalid_rapt)"},
                            {"error_uri", "https://support.google.com/a/answer/9368756"},
                            {"error_subtype", "invalid_rapt"}});
    }
    Json document = token_document(store, grant->scopes);
    document["scope"] = scopes_text(grant->scopes);
    return document;
}

Json for_assertion(const Pairs& form, GoogleStore& store) {
    return token_document(store, scopes_of_assertion(required(form, "assertion"), store));
}

Answer issue(const Request& request, GoogleStore& store) {
    const Pairs form = read_form(request);
    const std::string grant_type = required(form, "grant_type");
    Json document;
    if (grant_type == "authorization_code") {
        document = for_code(form, store);
    } else if (grant_type == "refresh_token") {
        document = for_refresh_token(form, store);
    } else if (grant_type == "urn:ietf:params:oauth:grant-type:jwt-bearer") {
        document = for_assertion(form, store);
    } else {
        throw oauth_problem(400, "unsupported_grant_type", "Invalid grant_type");
    }
    Answer answer = json_answer(200, document);
    answer.headers.emplace_back("Cache-Control", "no-store");
    return answer;
}

}  // namespace

void add_google_token_routes(Router& router, GoogleStore& store) {
    router.add({"POST", google_token_path, Access::open,
                [&store](const Call& call) { return issue(call.request, store); }});
}

}  // namespace bqconn::emulator
