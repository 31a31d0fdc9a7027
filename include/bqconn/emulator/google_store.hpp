// The in-memory state of the emulated Google: its OAuth client, service accounts, projects, codes
// and tokens. Every member function is thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/emulator/failures.hpp"
#include "bqconn/emulator/identity.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

inline const std::string google_scope_prefix = "https://www.googleapis.com/auth/";
inline constexpr std::chrono::seconds google_token_lifetime{3599};

using Scopes = std::vector<std::string>;

// What a user has allowed on the consent page.
struct Consent {
    std::string client_id;
    std::string redirect_uri;
    std::string code_challenge;
    Scopes scopes;
    bool offline = false;
};

struct RefreshGrant {
    std::string client_id;
    Scopes scopes;
    bool session_ended = false;  // the user must sign in again
};

class GoogleStore {
  public:
    // `identity` and `failures` must outlive the store. Starts with the refresh token and project
    // of `identity`.
    GoogleStore(Clock clock, const Identity& identity, const GoogleFailures& failures);

    const Identity& identity() const { return identity_; }
    bool fails(GoogleFailure failure) const { return failures_.contains(failure); }
    std::chrono::system_clock::time_point now() const { return clock_(); }

    // "http://127.0.0.1:PORT/token"; empty until it is set.
    void set_token_uri(const std::string& uri);
    std::string token_uri() const;

    // `public_key` is PEM.
    void add_service_account(const std::string& email, const std::string& public_key);
    std::optional<std::string> public_key_of(const std::string& email) const;

    void add_project(const std::string& id);
    bool has_project(const std::string& id) const;

    std::string issue_code(Consent consent);
    // Each code can be used once.
    std::optional<Consent> take_code(const std::string& code);

    std::string issue_refresh_token(RefreshGrant grant);
    std::optional<RefreshGrant> refresh_grant(const std::string& token) const;

    // Expires after google_token_lifetime.
    std::string issue_access_token(Scopes scopes);
    // None if the token is unknown or has expired.
    std::optional<Scopes> scopes_of(const std::string& access_token) const;

  private:
    struct AccessToken {
        Scopes scopes;
        std::chrono::system_clock::time_point expires_at;
    };

    Clock clock_;
    const Identity& identity_;
    const GoogleFailures& failures_;
    mutable std::mutex mutex_;  // guards what follows
    std::string token_uri_;
    std::map<std::string, std::string> service_accounts_;
    std::set<std::string> projects_;
    std::map<std::string, Consent> codes_;
    std::map<std::string, RefreshGrant> refresh_tokens_;
    std::map<std::string, AccessToken> access_tokens_;
};

// Separated by single spaces, as in a form.
std::string scopes_text(const Scopes& scopes);

}  // namespace bqconn::emulator
