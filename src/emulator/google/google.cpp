#include "emulator/google/google.hpp"

#include "bqconn/crypto/encoding.hpp"
#include "emulator/options.hpp"

namespace bqconn::emulator {
namespace {

// The grant of the identity's refresh token, with the requested failures.
RefreshGrant first_grant(const Google& google) {
    RefreshGrant grant;
    grant.client_id = google.fails(GoogleFailure::wrong_client) ? "made-up-other-client"
                                                                : google.identity().client_id;
    grant.session_ended = google.fails(GoogleFailure::rapt);
    if (!google.fails(GoogleFailure::no_bigquery_scope)) {
        grant.scopes.push_back(google_scope_prefix + "bigquery");
    }
    if (!google.fails(GoogleFailure::missing_scope)) {
        grant.scopes.push_back(google_scope_prefix + "cloud-platform");
    }
    return grant;
}

}  // namespace

Google::Google(const Options& given) : options(given) {
    projects.put(identity().project, identity().project);
    if (!fails(GoogleFailure::revoked)) {
        refresh_tokens.put(identity().refresh_token.reveal(), first_grant(*this));
    }
}

const Identity& Google::identity() const {
    return options.identity;
}

bool Google::fails(GoogleFailure failure) const {
    return options.google.contains(failure);
}

std::chrono::system_clock::time_point Google::now() const {
    return options.clock();
}

std::string Google::issue_access_token(const Scopes& scopes) {
    const std::string token = random_token("google-token");
    access_tokens.put(token, scopes, now() + google_token_lifetime);
    return token;
}

std::string random_token(const std::string& what) {
    constexpr std::size_t token_bytes = 24;
    return "emulated-" + what + "-" + crypto::random_hex(token_bytes);
}

}  // namespace bqconn::emulator
