// Resolves settings: flag > environment > file > default. The only place that knows the precedence.
#pragma once

#include <istream>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/config/credential_file.hpp"
#include "bqconn/config/settings.hpp"
#include "bqconn/config/source.hpp"
#include "bqconn/core/secret.hpp"

namespace bqconn::config {

// The environment of the process, as names and values.
using Environment = std::map<std::string, Secret, std::less<>>;

// The flags as typed: the values of each setting in order. A switch has one entry, "true".
using Typed = std::map<Setting, std::vector<Secret>>;

class Settings {
  public:
    struct Value {
        Secret value;
        Source source;
    };

    bool has(Setting setting) const { return values_.contains(setting); }

    // Both throw std::out_of_range for a setting that is not set.
    const std::string& text(Setting setting) const;  // of a setting that is not a secret
    const Secret& secret(Setting setting) const;
    // For credentials: where the list of files came from.
    const Source& source(Setting setting) const;
    bool is_on(Setting setting) const;  // of a yes_no setting

    void set(Setting setting, Value value) { values_.insert_or_assign(setting, std::move(value)); }
    void drop(Setting setting) { values_.erase(setting); }

    // The service-account key that key_file names, if set.
    const std::optional<ServiceAccountKey>& key() const { return key_; }
    void set_key(ServiceAccountKey key) { key_ = std::move(key); }

    // Suspicious values, to report to the user.
    const std::vector<std::string>& warnings() const { return warnings_; }
    void warn(std::string warning) { warnings_.push_back(std::move(warning)); }

  private:
    std::map<Setting, Value> values_;
    std::optional<ServiceAccountKey> key_;
    std::vector<std::string> warnings_;
};

// How to treat the profile: `read` requires a named one to exist, `may_be_new` does not, `ignored`
// reads none.
enum class Profiles { read, may_be_new, ignored };

// Reads the named files, merges all layers and checks every value; `in` is read only for a secret
// given as "-". Settings not in `wanted` are skipped and their files not read; an empty list means
// all. Throws Error: `usage` for a bad flag or variable, `config` for a bad file.
Settings resolve(const Typed& typed, const Environment& environment, std::istream& in,
                 std::span<const Setting> wanted = {}, Profiles profiles = Profiles::read);

// The value of a variable, or an empty text.
std::string_view find(const Environment& environment, std::string_view name);

}  // namespace bqconn::config
