#include "bqconn/emulator/credential_check.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"

namespace bqconn::emulator {
namespace {

void add_texts(const Json& object, std::set<std::string>& texts) {
    if (!object.is_object()) {
        return;
    }
    for (const Json& value : object) {
        if (value.is_string()) {
            texts.insert(value.get<std::string>());
        }
    }
}

// The values in auth.params and in the key file there.
std::set<std::string> credential_values(const Resource& connection) {
    std::set<std::string> texts;
    const Json& params = connection.members.at("auth").at("params");
    add_texts(params, texts);
    if (const auto key_file = crypto::from_base64(json::string_at(params, "keyFileContent"))) {
        add_texts(Json::parse(*key_file, nullptr, false), texts);
    }
    return texts;
}

}  // namespace

CredentialCheck::CredentialCheck(std::vector<bool> results,
                                 std::function<std::string()> bad_credentials)
    : results_(std::move(results)), bad_credentials_(std::move(bad_credentials)) {
    if (results_.empty()) {
        results_.push_back(true);
    }
}

bool CredentialCheck::test(const Resource& connection) {
    const bool bad = is_bad(connection);
    const std::lock_guard lock(mutex_);
    const bool result = results_[next_];
    next_ = std::min(next_ + 1, results_.size() - 1);
    return result && !bad;
}

bool CredentialCheck::good(const Resource& connection) const {
    const bool bad = is_bad(connection);
    const std::lock_guard lock(mutex_);
    return results_[next_] && !bad;
}

bool CredentialCheck::is_bad(const Resource& connection) const {
    if (!bad_credentials_) {
        return false;
    }
    const auto lines = split(bad_credentials_(), '\n');
    const auto texts = credential_values(connection);
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
        const auto word = trim_ascii(line);
        return !word.empty() && texts.count(std::string(word)) > 0;
    });
}

}  // namespace bqconn::emulator
