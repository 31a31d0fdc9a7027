// What is to go wrong at Google and at Adobe, by the words of --google and --adobe.
// docs/emulator.md says what each of them does.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace bqconn::emulator {

enum class GoogleFailure {
    // The refresh token that the emulator gives.
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

// Both throw Error (usage) that lists the words; the unknown one is not quoted.
GoogleFailure parse_google_failure(std::string_view word);
AdobeFailure parse_adobe_failure(std::string_view word);

// Every word, in the order of the enumerators.
std::vector<std::string_view> google_failure_words();
std::vector<std::string_view> adobe_failure_words();

}  // namespace bqconn::emulator
