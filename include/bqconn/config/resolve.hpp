// Decides what is meant: flag > environment > file > default. The only place that knows the
// precedence.
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

// What was typed: per setting, the values in order. A flag without a value has one entry, "true".
using Typed = std::map<Setting, std::vector<Secret>>;

class Settings {
  public:
    struct Value {
        Secret value;
        Source source;
    };

    bool has(Setting setting) const { return values_.contains(setting); }

    // Both throw std::out_of_range for a setting that is not set.
    const std::string& text(Setting setting) const;  // of a setting that is no secret
    const Secret& secret(Setting setting) const;
    // Of credentials: where the list of files stands.
    const Source& source(Setting setting) const;
    bool is_on(Setting setting) const;  // of a yes_no setting

    void set(Setting setting, Value value) { values_.insert_or_assign(setting, std::move(value)); }
    void drop(Setting setting) { values_.erase(setting); }

    // The service-account key that key_file names, where it is set.
    const std::optional<ServiceAccountKey>& key() const { return key_; }
    void set_key(ServiceAccountKey key) { key_ = std::move(key); }

    // Odd but possible things, for the user.
    const std::vector<std::string>& warnings() const { return warnings_; }
    void warn(std::string warning) { warnings_.push_back(std::move(warning)); }

  private:
    std::map<Setting, Value> values_;
    std::optional<ServiceAccountKey> key_;
    std::vector<std::string> warnings_;
};

// Whether the profile is read: it must exist if it is named, it may be new, or it is about to be
// written anew.
enum class Profiles { read, may_be_new, passed_over };

// Reads the files that are named and puts all layers together; `in` is read only for a secret given
// as "-". Every value has passed its check. Settings that are not `wanted` are left out, and their
// files are not read; an empty list: all are wanted. Throws Error: `usage` for what stands in a
// flag or variable, `config` for what stands in a file.
Settings resolve(const Typed& typed, const Environment& environment, std::istream& in,
                 std::span<const Setting> wanted = {}, Profiles profiles = Profiles::read);

// The value of a variable, or an empty text.
std::string_view find(const Environment& environment, std::string_view name);

}  // namespace bqconn::config
