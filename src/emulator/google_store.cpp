#include "bqconn/emulator/google_store.hpp"

#include <utility>

#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::size_t token_bytes = 24;

template <typename Value>
std::optional<Value> find(const std::map<std::string, Value>& map, const std::string& key) {
    const auto found = map.find(key);
    return found == map.end() ? std::nullopt : std::optional(found->second);
}

// The grant of the identity's refresh token, with the requested failures.
RefreshGrant first_grant(const Identity& identity, const GoogleFailures& failures) {
    RefreshGrant grant;
    grant.client_id = failures.contains(GoogleFailure::wrong_client) ? "made-up-other-client"
                                                                     : identity.client_id;
    grant.session_ended = failures.contains(GoogleFailure::rapt);
    if (!failures.contains(GoogleFailure::no_bigquery_scope)) {
        grant.scopes.push_back(google_scope_prefix + "bigquery");
    }
    if (!failures.contains(GoogleFailure::missing_scope)) {
        grant.scopes.push_back(google_scope_prefix + "cloud-platform");
    }
    return grant;
}

}  // namespace

GoogleStore::GoogleStore(Clock clock, const Identity& identity, const GoogleFailures& failures)
    : clock_(std::move(clock)), identity_(identity), failures_(failures) {
    projects_.insert(identity.project);
    if (!fails(GoogleFailure::revoked)) {
        refresh_tokens_[identity.refresh_token.reveal()] = first_grant(identity, failures);
    }
}

void GoogleStore::set_token_uri(const std::string& uri) {
    const std::lock_guard lock(mutex_);
    token_uri_ = uri;
}

std::string GoogleStore::token_uri() const {
    const std::lock_guard lock(mutex_);
    return token_uri_;
}

void GoogleStore::add_service_account(const std::string& email, const std::string& public_key) {
    const std::lock_guard lock(mutex_);
    service_accounts_[email] = public_key;
}

std::optional<std::string> GoogleStore::public_key_of(const std::string& email) const {
    const std::lock_guard lock(mutex_);
    return find(service_accounts_, email);
}

void GoogleStore::add_project(const std::string& id) {
    const std::lock_guard lock(mutex_);
    projects_.insert(id);
}

bool GoogleStore::has_project(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    return projects_.contains(id);
}

std::string GoogleStore::issue_code(Consent consent) {
    // Contains a slash, like Google's: a client must decode the code.
    std::string code = "4/emulated-code-" + crypto::random_hex(token_bytes);
    const std::lock_guard lock(mutex_);
    codes_[code] = std::move(consent);
    return code;
}

std::optional<Consent> GoogleStore::take_code(const std::string& code) {
    const std::lock_guard lock(mutex_);
    auto consent = find(codes_, code);
    codes_.erase(code);
    return consent;
}

std::string GoogleStore::issue_refresh_token(RefreshGrant grant) {
    std::string token = "emulated-google-refresh-token-" + crypto::random_hex(token_bytes);
    const std::lock_guard lock(mutex_);
    refresh_tokens_[token] = std::move(grant);
    return token;
}

std::optional<RefreshGrant> GoogleStore::refresh_grant(const std::string& token) const {
    const std::lock_guard lock(mutex_);
    return find(refresh_tokens_, token);
}

std::string GoogleStore::issue_access_token(Scopes scopes) {
    std::string token = "emulated-google-token-" + crypto::random_hex(token_bytes);
    const std::lock_guard lock(mutex_);
    access_tokens_[token] = {std::move(scopes), clock_() + google_token_lifetime};
    return token;
}

std::optional<Scopes> GoogleStore::scopes_of(const std::string& access_token) const {
    const std::lock_guard lock(mutex_);
    const auto token = find(access_tokens_, access_token);
    if (!token || token->expires_at <= clock_()) {
        return std::nullopt;
    }
    return token->scopes;
}

std::string scopes_text(const Scopes& scopes) {
    return join(scopes, " ");
}

}  // namespace bqconn::emulator
