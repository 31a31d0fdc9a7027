// The emulated Google: its in-memory state (OAuth client, service accounts, projects, codes and
// tokens), and the routes of its services, each in a file of its own.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/google/bigquery_project.hpp"
#include "emulator/identity/identity.hpp"
#include "emulator/server/problem.hpp"
#include "emulator/server/route.hpp"
#include "emulator/store/store.hpp"

namespace bqconn::emulator {

enum class GoogleFailure;

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
    Scopes scopes = {};
    bool session_ended = false;  // the user must sign in again
};

// Thread-safe, once token_uri is set.
struct Google {
    // `options` must outlive it. Starts with the refresh token and project of the identity there.
    explicit Google(const Options& options);

    bool fails(GoogleFailure failure) const;

    // Expires after google_token_lifetime.
    std::string issue_access_token(const Scopes& scopes);

    // The project that every connection reads. Reads the --bigquery file again if it has changed;
    // while its content is invalid, the last valid project stays.
    std::shared_ptr<const BigQueryProject> bigquery();

    const Options& options;
    std::string token_uri;                // "http://127.0.0.1:PORT/token"
    Table<std::string> service_accounts;  // email → public key (PEM)
    std::set<std::string> projects;       // does not change once the server has started
    Table<Consent> codes;
    Table<RefreshGrant> refresh_tokens;
    Table<Scopes> access_tokens;

  private:
    std::mutex mutex_;  // guards what follows
    std::shared_ptr<const BigQueryProject> bigquery_;
    std::string bigquery_text_;
};

// --- The services.

inline const std::string consent_path = "/o/oauth2/v2/auth";
inline const std::string google_token_path = "/token";
inline const std::string bigquery_api_path = "/bigquery/v2";

// The consent page, and the form it submits.
void add_consent_routes(Routes& routes);

// POST /token, for a code, a refresh token, or a service account's assertion. In google.cpp.
void add_google_token_routes(Routes& routes);

// The code challenge for this code verifier (RFC 7636, S256).
std::string code_challenge_of(std::string_view verifier);

// The part of BigQuery's own API that lists a project's datasets:
// GET /bigquery/v2/projects/{project}/datasets[/{dataset}]. Every project has the same datasets.
void add_bigquery_routes(Routes& routes);

// BigQuery's error document for a fault, of which only the status is known.
Refused bigquery_fault(int code, const std::string& message);

}  // namespace bqconn::emulator
