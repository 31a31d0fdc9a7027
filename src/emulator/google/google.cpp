// Google's state and its token service: POST /token.
#include "emulator/google/google.hpp"

#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "bqconn/crypto/jwt.hpp"
#include "emulator/options.hpp"

namespace bqconn::emulator {
namespace {

// The grant of the identity's refresh token, with the requested failures.
RefreshGrant first_grant(const Google& google) {
    RefreshGrant grant{.client_id = google.options.identity.client_id,
                       .session_ended = google.fails(GoogleFailure::rapt)};
    if (google.fails(GoogleFailure::wrong_client)) {
        grant.client_id = "made-up-other-client";
    }
    if (!google.fails(GoogleFailure::no_bigquery_scope)) {
        grant.scopes.push_back(google_scope_prefix + "bigquery");
    }
    if (!google.fails(GoogleFailure::missing_scope)) {
        grant.scopes.push_back(google_scope_prefix + "cloud-platform");
    }
    return grant;
}

// --- POST /token

std::string required(const Pairs& form, const std::string& name) {
    std::string value = parameter(form, name);
    if (value.empty()) {
        throw oauth_problem(400, "invalid_request", "Missing required parameter: " + name);
    }
    return value;
}

void check_client(const Pairs& form, const Google& google) {
    const std::string id = parameter(form, "client_id");
    const std::string secret = parameter(form, "client_secret");
    if (id.empty()) {
        throw oauth_problem(400, "invalid_request", "Could not determine client ID from request.");
    }
    if (id != google.options.identity.client_id) {
        throw oauth_problem(401, "invalid_client", "The OAuth client was not found.");
    }
    if (secret.empty()) {
        throw oauth_problem(400, "invalid_request", "client_secret is missing.");
    }
    if (secret != google.options.identity.client_secret.reveal() ||
        google.fails(GoogleFailure::wrong_secret)) {
        throw oauth_problem(401, "invalid_client", "The provided client secret is invalid.");
    }
}

Json token_document(Google& google, const Scopes& scopes) {
    return {{"access_token", google.issue_access_token(scopes)},
            {"expires_in", google_token_lifetime.count()},
            {"token_type", "Bearer"}};
}

Json token_for_code(const Pairs& form, Google& google) {
    // Refresh tokens of an app in Testing expire after seven days.
    constexpr int testing_lifetime = 604'799;
    const std::string code = required(form, "code");
    const std::string redirect_uri = required(form, "redirect_uri");
    check_client(form, google);
    const std::string verifier = parameter(form, "code_verifier");
    const auto consent = google.codes.take(code);
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
    Json document = token_document(google, consent->scopes);
    document["scope"] = join(consent->scopes, " ");
    if (consent->offline && !google.fails(GoogleFailure::no_refresh_token)) {
        const std::string token = made_up("google-refresh-token");
        google.refresh_tokens.put(token, {consent->client_id, consent->scopes, false});
        document["refresh_token"] = token;
        if (google.fails(GoogleFailure::testing)) {
            document["refresh_token_expires_in"] = testing_lifetime;
        }
    }
    return document;
}

Json token_for_refresh_token(const Pairs& form, Google& google) {
    const std::string token = required(form, "refresh_token");
    check_client(form, google);
    const auto grant = google.refresh_tokens.find(token);
    if (!grant) {
        throw invalid_grant("Token has been expired or revoked.");
    }
    if (grant->client_id != google.options.identity.client_id) {
        throw oauth_problem(401, "unauthorized_client", "Unauthorized");
    }
    if (grant->session_ended) {
        throw Refused(400, {{"error", "invalid_grant"},
                            {"error_description", "reauth related error (invalid_rapt)"},
                            {"error_uri", "https://support.google.com/a/answer/9368756"},
                            {"error_subtype", "invalid_rapt"}});
    }
    Json document = token_document(google, grant->scopes);
    document["scope"] = join(grant->scopes, " ");
    return document;
}

// Epoch seconds; none if missing or not a number.
std::optional<std::int64_t> time_at(const Json& claims, std::string_view name) {
    const Json& time = json::member(claims, name);
    return time.is_number() ? std::optional(time.get<std::int64_t>()) : std::nullopt;
}

void check_times(const Json& claims, const Google& google) {
    constexpr std::int64_t longest_lifetime = 3600;
    constexpr std::int64_t clock_skew = 300;
    const std::int64_t now = std::chrono::system_clock::to_time_t(google.options.clock());
    const auto iat = time_at(claims, "iat");
    const auto exp = time_at(claims, "exp");
    const bool reasonable = iat && exp && *exp > *iat && *exp - *iat <= longest_lifetime &&
                            *exp > now && *iat <= now + clock_skew;
    if (!reasonable || google.fails(GoogleFailure::clock)) {
        throw invalid_grant(
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
            "timeframe. Check your iat and exp values in the JWT claim.");
    }
}

Scopes requested_scopes(const Json& claims) {
    Scopes scopes = split(json::string_at(claims, "scope"), ' ');
    std::erase(scopes, "");
    if (scopes.empty()) {
        throw oauth_problem(400, "invalid_scope", "Empty or missing scope not allowed.");
    }
    for (const auto& scope : scopes) {
        if (!scope.starts_with(google_scope_prefix)) {
            throw oauth_problem(400, "invalid_scope",
                                "Invalid OAuth scope or ID token audience provided.");
        }
    }
    return scopes;
}

// A service account's assertion is a JSON Web Token signed with its key. Checks the account, times,
// signature, audience and scopes, as Google would.
Json token_for_assertion(const Pairs& form, Google& google) {
    const std::string assertion = required(form, "assertion");
    const auto text = crypto::unverified_claims(assertion);
    if (!text) {
        throw invalid_grant("Invalid JWT: Failed to parse the assertion.");
    }
    const Json claims = json::parse(*text);
    const auto public_key = google.service_accounts.find(json::string_at(claims, "iss"));
    if (!public_key || google.fails(GoogleFailure::account_deleted)) {
        throw invalid_grant("Invalid grant: account not found");
    }
    // Before the signature: verifying it also checks the expiry, against the real clock.
    check_times(claims, google);
    if (!crypto::verified_rs256(assertion, *public_key) ||
        google.fails(GoogleFailure::key_deleted)) {
        throw invalid_grant("Invalid JWT Signature.");
    }
    if (json::string_at(claims, "aud") != google.token_uri) {
        throw invalid_grant("Invalid JWT: Failed audience check. The right audience is " +
                            google.token_uri);
    }
    // Acting for a user requires domain-wide delegation, which is not emulated.
    if (claims.contains("sub") && claims.at("sub") != claims.at("iss")) {
        throw oauth_problem(401, "unauthorized_client",
                            "Client is unauthorized to retrieve access tokens using this method, "
                            "or client not authorized for any of the scopes requested.");
    }
    return token_document(google, requested_scopes(claims));
}

Answer issue_google_token(const Call& call) {
    const Pairs form = read_form(call.request);
    const std::string grant_type = required(form, "grant_type");
    Json document;
    if (grant_type == "authorization_code") {
        document = token_for_code(form, call.google);
    } else if (grant_type == "refresh_token") {
        document = token_for_refresh_token(form, call.google);
    } else if (grant_type == "urn:ietf:params:oauth:grant-type:jwt-bearer") {
        document = token_for_assertion(form, call.google);
    } else {
        throw oauth_problem(400, "unsupported_grant_type", "Invalid grant_type");
    }
    return json_answer(200, document, {{"Cache-Control", "no-store"}});
}

}  // namespace

Google::Google(const Options& given)
    : options(given), bigquery_(std::make_shared<const BigQueryProject>(given.bigquery)) {
    projects.insert(options.identity.project);
    if (!fails(GoogleFailure::revoked)) {
        refresh_tokens.put(options.identity.refresh_token.reveal(), first_grant(*this));
    }
}

bool Google::fails(GoogleFailure failure) const {
    return options.google.contains(failure);
}

std::shared_ptr<const BigQueryProject> Google::bigquery() {
    const std::lock_guard lock(mutex_);
    if (options.bigquery_file.empty()) {
        return bigquery_;
    }
    std::ifstream file(options.bigquery_file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text != bigquery_text_) {
        bigquery_text_ = std::move(text);
        try {
            bigquery_ = std::make_shared<const BigQueryProject>(
                read_bigquery_project(bigquery_text_, options.bigquery_file));
        } catch (const Error& error) {
            if (options.warn) {
                options.warn("keeping the previous tables: " + error.message());
            }
        }
    }
    return bigquery_;
}

std::string Google::issue_access_token(const Scopes& scopes) {
    const std::string token = made_up("google-token");
    access_tokens.put(token, scopes, options.clock() + google_token_lifetime);
    return token;
}

std::string code_challenge_of(std::string_view verifier) {
    return crypto::base64url(crypto::sha256(verifier));
}

void add_google_token_routes(Routes& routes) {
    routes.push_back({"POST " + google_token_path, Access::open, issue_google_token});
}

}  // namespace bqconn::emulator
