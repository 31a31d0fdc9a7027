#include "bqconn/emulator/failures.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::emulator {
namespace {

template <typename Failure>
using Word = std::pair<std::string_view, Failure>;

constexpr auto google_words = std::to_array<Word<GoogleFailure>>({
    {"revoked", GoogleFailure::revoked},
    {"rapt", GoogleFailure::rapt},
    {"wrong-client", GoogleFailure::wrong_client},
    {"missing-scope", GoogleFailure::missing_scope},
    {"no-bigquery-scope", GoogleFailure::no_bigquery_scope},
    {"wrong-secret", GoogleFailure::wrong_secret},
    {"allow", GoogleFailure::allow},
    {"deny", GoogleFailure::deny},
    {"untick", GoogleFailure::untick},
    {"testing", GoogleFailure::testing},
    {"no-refresh-token", GoogleFailure::no_refresh_token},
    {"key-deleted", GoogleFailure::key_deleted},
    {"account-deleted", GoogleFailure::account_deleted},
    {"clock", GoogleFailure::clock},
    {"api-disabled", GoogleFailure::api_disabled},
    {"no-project", GoogleFailure::no_project},
    {"no-role", GoogleFailure::no_role},
    {"no-dataset-role", GoogleFailure::no_dataset_role},
});

constexpr auto adobe_words = std::to_array<Word<AdobeFailure>>({
    {"wrong-key", AdobeFailure::wrong_key},
    {"no-profile", AdobeFailure::no_profile},
    {"no-org", AdobeFailure::no_org},
    {"no-permission", AdobeFailure::no_permission},
    {"no-basic", AdobeFailure::no_basic},
});

template <typename Failure>
std::vector<std::string_view> words_of(std::span<const Word<Failure>> table) {
    std::vector<std::string_view> words;
    words.reserve(table.size());
    for (const auto& entry : table) {
        words.push_back(entry.first);
    }
    return words;
}

template <typename Failure>
Failure parse(const std::string& option, std::string_view word,
              std::span<const Word<Failure>> table) {
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const auto& entry) { return entry.first == word; });
    if (found != table.end()) {
        return found->second;
    }
    const auto words = words_of(table);
    const std::vector<std::string> texts(words.begin(), words.end());
    const auto near = nearest(word, words);
    throw Error(ExitCode::usage, "usage", option + " must be one of: " + join(texts, ", "),
                near ? "did you mean " + *near + "?" : "see docs/emulator.md");
}

}  // namespace

GoogleFailure parse_google_failure(std::string_view word) {
    return parse<GoogleFailure>("--google", word, google_words);
}

AdobeFailure parse_adobe_failure(std::string_view word) {
    return parse<AdobeFailure>("--adobe", word, adobe_words);
}

std::vector<std::string_view> google_failure_words() {
    return words_of<GoogleFailure>(google_words);
}

std::vector<std::string_view> adobe_failure_words() {
    return words_of<AdobeFailure>(adobe_words);
}

}  // namespace bqconn::emulator
