// Resolves settings: flag > environment > file > default. The only place that knows the precedence.
#pragma once

#include <cstddef>
#include <istream>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bqconn/config/credential_file.hpp"
#include "bqconn/config/settings.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/secret.hpp"

namespace bqconn::config {

// Where a setting came from, for messages.
struct Source {
    enum class Kind { fallback, profile, credentials, env_file, manifest, environment, flag };
    Kind kind = Kind::fallback;
    std::string name = {};  // the flag, the variable, or the key in the file
    std::string file = {};  // for what came from a file
    std::size_t line = 0;   // from 1; 0 if unknown

    // Set in this run rather than in a file, so a mistake in it is a usage error.
    bool is_typed() const { return kind == Kind::flag || kind == Kind::environment; }
};

// "--project", "BQCONN_PROJECT (environment)", "ci.env:3: BQCONN_PROJECT", "key.json: project_id",
// "bqconn.yaml:12: table", "default".
std::string describe(const Source& source);

Error invalid_value(bool typed, const std::string& message, std::string hint);

// Any value may be a secret, on purpose or by mistake, so the environment and the flags are Secrets
// until resolve() stores each value as its setting requires.
using Environment = std::map<std::string, Secret, std::less<>>;

// The flags as typed: the values of each setting in order. A switch has one entry, "true".
using Typed = std::map<Setting, std::vector<Secret>>;

// A setting as the user may see it; empty without a value.
struct ShownSetting {
    std::string value;  // "[redacted]" for a secret
    std::string source;
};

class Settings {
  public:
    bool has(Setting setting) const { return values_.contains(setting); }

    // Each throws for a setting that is not set or of the other kind.
    const std::string& text(Setting setting) const { return get<std::string>(setting); }
    const Secret& secret(Setting setting) const { return get<Secret>(setting); }

    std::string text_or_default(Setting setting) const;
    std::optional<std::string> text_if_set(Setting setting) const;
    Secret either(Setting setting) const;  // of either kind, for a profile, which is secret itself
    bool is_on(Setting setting) const { return has(setting) && text(setting) == "true"; }

    // For credentials: where the list of files came from. A default if it is not set.
    const Source& source(Setting setting) const;
    ShownSetting shown(Setting setting) const;

    void set(Setting setting, std::string text, Source source);
    // A value as read, which becomes text if the setting is not a secret.
    void set(Setting setting, const Secret& read, Source source);
    void drop(Setting setting) { values_.erase(setting); }

    // The service-account key that key_file names, if set.
    const std::optional<ServiceAccountKey>& key() const { return key_; }
    void set_key(ServiceAccountKey key) { key_ = std::move(key); }

    // The redirect URIs of the OAuth client, if it is of type "Web application".
    const std::optional<std::vector<std::string>>& web_redirects() const { return web_redirects_; }
    void set_web_redirects(std::optional<std::vector<std::string>> addresses) {
        web_redirects_ = std::move(addresses);
    }

    // Suspicious values, to report to the user.
    const std::vector<std::string>& warnings() const { return warnings_; }
    void warn(std::string warning) { warnings_.push_back(std::move(warning)); }

    // Settings whose variable is empty, as CI services pass an undefined secret: it counts as not
    // set.
    const std::map<Setting, Source>& empty_variables() const { return empty_variables_; }
    void note_empty(Setting setting, const Source& source) {
        empty_variables_.emplace(setting, source);
    }

  private:
    struct Value {
        std::variant<std::string, Secret> content;
        Source source;
    };
    template <typename Kind>
    const Kind& get(Setting setting) const {
        return std::get<Kind>(values_.at(setting).content);
    }

    std::map<Setting, Value> values_;
    std::optional<ServiceAccountKey> key_;
    std::optional<std::vector<std::string>> web_redirects_;
    std::vector<std::string> warnings_;
    std::map<Setting, Source> empty_variables_;
};

// How to treat the profile: `read` requires a named one to exist, `may_be_new` does not, `ignored`
// reads none.
enum class Profiles { read, may_be_new, ignored };

// Reads the named files, merges all layers and checks every value; `in` is read only for a secret
// given as "-". Settings not in `wanted` are skipped and their files not read; an empty list means
// all. Throws Error: `usage` for a bad flag or variable, `config` for a bad file.
Settings resolve(const Typed& typed, const Environment& environment, std::istream& in,
                 std::span<const Setting> wanted = {}, Profiles profiles = Profiles::read);

// A credential that a manifest refers to: the value itself, or the path of the file that holds it.
struct Given {
    Setting setting;
    Secret value;
    bool is_path = false;
    Source source;
};

// The error of reading a file that a manifest refers to, with the place of the reference.
Error in_manifest(const Error& error, const std::string& place);

// Reads and checks credentials as resolve() does, and adds them to `settings`.
void add_given(Settings& settings, const std::vector<Given>& given, const Environment& environment,
               bool allow_insecure_files);

// Throws Error (config) if a text read from a file, which would be stored and shown to others,
// contains a secret, as resolve() does for flags. `place` begins the message: "orders.csv:3".
void refuse_secret(const Settings& settings, std::string_view text, const std::string& place);

// The value of a variable, or an empty text.
std::string_view find(const Environment& environment, std::string_view name);

// bqconn's folder in that of `variable`, else in `fallback` below HOME; empty without either. As
// the XDG specification says, relative paths are ignored; so is a HOME that does not exist, because
// nothing may be created there.
std::string xdg_folder(const Environment& environment, std::string_view variable,
                       const char* fallback);

}  // namespace bqconn::config
