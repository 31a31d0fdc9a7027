// The failures at Google and Adobe that --google and --adobe request. docs/emulator.md describes
// each.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace bqconn::emulator {

enum class GoogleFailure {
    // The refresh token that the emulator issues.
    revoked,
    rapt,
    wrong_client,
    missing_scope,
    no_bigquery_scope,
    // Its OAuth client.
    wrong_secret,
    // Consent.
    allow,
    deny,
    untick,
    testing,
    no_refresh_token,
    // The service account.
    key_deleted,
    account_deleted,
    clock,
    // BigQuery.
    api_disabled,
    no_project,
    no_role,
    no_dataset_role,
};

using GoogleFailures = std::set<GoogleFailure>;

enum class AdobeFailure {
    // The gateway.
    wrong_key,
    no_profile,
    no_org,
    // Flow Service.
    no_permission,
    no_basic,
};

using AdobeFailures = std::set<AdobeFailure>;

// Both throw Error (usage) that lists the valid words and does not quote the invalid one.
GoogleFailure parse_google_failure(std::string_view word);
AdobeFailure parse_adobe_failure(std::string_view word);

// Every word, in enumerator order.
std::vector<std::string_view> google_failure_words();
std::vector<std::string_view> adobe_failure_words();

}  // namespace bqconn::emulator
