#include "bqconn/emulator/google_assertion.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bqconn/core/text.hpp"
#include "bqconn/crypto/jwt.hpp"
#include "bqconn/emulator/problem.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::int64_t longest_lifetime = 3600;
constexpr std::int64_t clock_skew = 300;

// Epoch seconds; none if missing or not a number.
std::optional<std::int64_t> time_at(const Json& claims, std::string_view name) {
    const auto found = claims.find(name);
    return found == claims.end() || !found->is_number() ? std::nullopt
                                                        : std::optional(found->get<std::int64_t>());
}

void check_times(const Json& claims, const GoogleStore& store) {
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(store.now().time_since_epoch()).count();
    const auto iat = time_at(claims, "iat");
    const auto exp = time_at(claims, "exp");
    const bool reasonable = iat && exp && *exp > *iat && *exp - *iat <= longest_lifetime &&
                            *exp > now && *iat <= now + clock_skew;
    if (!reasonable || store.fails(GoogleFailure::clock)) {
        throw invalid_grant(
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
            "timeframe. Check your iat and exp values in the JWT claim.");
    }
}

Scopes read_scopes(const Json& claims) {
    Scopes scopes;
    for (const auto& scope : split(json::string_at(claims, "scope"), ' ')) {
        if (!scope.empty()) {
            scopes.push_back(scope);
        }
    }
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

}  // namespace

Scopes scopes_of_assertion(const std::string& assertion, const GoogleStore& store) {
    const auto text = crypto::unverified_claims(assertion);
    if (!text) {
        throw invalid_grant("Invalid JWT: Failed to parse the assertion.");
    }
    const Json claims = json::parse(*text);
    const auto public_key = store.public_key_of(json::string_at(claims, "iss"));
    if (!public_key || store.fails(GoogleFailure::account_deleted)) {
        throw invalid_grant("Invalid grant: account not found");
    }
    // Before the signature: verifying it also checks the expiry, against the real clock.
    check_times(claims, store);
    if (!crypto::verified_rs256(assertion, *public_key) ||
        store.fails(GoogleFailure::key_deleted)) {
        throw invalid_grant("Invalid JWT Signature.");
    }
    if (json::string_at(claims, "aud") != store.token_uri()) {
        throw invalid_grant("Invalid JWT: Failed audience check. The right audience is " +
                            store.token_uri());
    }
    // Acting for a user requires domain-wide delegation, which is not emulated.
    if (claims.contains("sub") && claims.at("sub") != claims.at("iss")) {
        throw oauth_problem(401, "unauthorized_client",
                            "Client is unauthorized to retrieve access tokens using this method, "
                            "or client not authorized for any of the scopes requested.");
    }
    return read_scopes(claims);
}

}  // namespace bqconn::emulator
