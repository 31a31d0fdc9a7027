// Builds the domain objects from settings. All missing settings are reported in one message.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/config/resolve.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/connection/base_connection.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::config {

// A member of auth.params and the setting that it comes from. It is secret if the setting is, or if
// it is the content of the file that the setting names.
struct AuthParameter {
    std::string_view name;
    Setting setting;
    bool required = true;
};

// A kind of authentication. Source: Adobe's BigQuery tutorial and Flow Service API.
struct AuthKind {
    std::string_view title;  // for messages
    std::string_view spec_name;
    std::string_view type = {};    // empty: not sent
    std::string_view unsupported;  // what to do if the source does not support the auth spec
    std::span<const AuthParameter> parameters;
};

std::span<const AuthKind> auth_kinds();

// The setting that a parameter of any kind comes from. Throws std::out_of_range for an unknown one.
Setting setting_of(std::string_view parameter);

// Collects missing settings, so that one message names them all.
class Missing {
  public:
    // `settings` tells which variables are empty.
    void add(Setting setting, const Settings& settings);
    // No setting of any kind of authentication.
    void add_google_credentials(const Settings& settings);
    // Neither a token nor a secret to fetch one.
    void add_adobe_token(const Settings& settings);

    bool empty() const { return settings_.empty() && !google_ && !token_; }
    std::vector<std::string> flags() const;  // "--org-id", …, for the output of a dry run

    // Throws Error (usage, "usage.missing_settings") that names each flag and variable and where to
    // find the value.
    void report() const;

  private:
    bool any_is_empty() const;  // of the variables that the report names
    std::string line_of(Setting setting, const std::string& indent) const;
    std::string alternatives(const std::string& what, const std::vector<Setting>& first,
                             const std::vector<Setting>& second) const;

    std::vector<Setting> settings_;
    std::map<Setting, Source> empty_;  // empty variables
    bool google_ = false;
    bool token_ = false;
};

// The connection that the settings describe. The kind of authentication is derived from the
// settings given; a mixture is an Error (usage, "usage.mixed_auth") that names both groups and
// their sources.
connection::BaseConnection base_connection(const Settings& settings, Missing& missing);

// Only its authentication.
connection::Auth authentication(const Settings& settings, Missing& missing);

// How to reach Adobe. Fields that are missing stay empty. Each kind needs what those before it
// need; to fetch a token, only the API key and `fetching`.
enum class AccessTo { token, organisation, sandbox };
connection::Access access(const Settings& settings, Missing& missing,
                          AccessTo needed = AccessTo::sandbox);

connection::GoogleServices google_services(const Settings& settings);

// Timeouts and trusted roots.
http::TransportOptions transport_options(const Settings& settings);

}  // namespace bqconn::config
