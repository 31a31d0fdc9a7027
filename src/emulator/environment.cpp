#include "bqconn/emulator/environment.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "bqconn/core/error.hpp"

namespace bqconn::emulator {
namespace {

// Always replaced or removed. BQCONN_CREDENTIALS, BQCONN_ENV_FILE and BQCONN_PROFILE name files
// that may contain Adobe credentials.
constexpr std::array<std::string_view, 20> removed{"BQCONN_PLATFORM_URL",
                                                   "BQCONN_IMS_URL",
                                                   "BQCONN_GOOGLE_AUTH_URL",
                                                   "BQCONN_GOOGLE_TOKEN_URL",
                                                   "BQCONN_BIGQUERY_URL",
                                                   "BQCONN_API_KEY",
                                                   "BQCONN_API_KEY_FILE",
                                                   "BQCONN_API_SECRET",
                                                   "BQCONN_API_SECRET_FILE",
                                                   "BQCONN_ORG_ID",
                                                   "BQCONN_ORG_ID_FILE",
                                                   "BQCONN_SANDBOX_NAME",
                                                   "BQCONN_SCOPES",
                                                   "BQCONN_SANDBOX_NAME_FILE",
                                                   "BQCONN_ACCESS_TOKEN",
                                                   "BQCONN_PROFILE",
                                                   "BQCONN_ACCESS_TOKEN_FILE",
                                                   "BQCONN_ENV_FILE",
                                                   "BQCONN_CREDENTIALS",
                                                   "BQCONN_CA_FILE"};

// If the user has set any of these, no Google credentials are added.
constexpr std::array<std::string_view, 7> google_credentials{
    "BQCONN_CLIENT_ID",     "BQCONN_CLIENT_ID_FILE",     "BQCONN_CLIENT_SECRET",
    "BQCONN_REFRESH_TOKEN", "BQCONN_CLIENT_SECRET_FILE", "BQCONN_REFRESH_TOKEN_FILE",
    "BQCONN_KEY_FILE"};

constexpr std::string_view loopback_hosts = "127.0.0.1,localhost";

std::string_view name_of(std::string_view assignment) {
    return assignment.substr(0, assignment.find('='));
}

template <typename Names>
bool holds(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<std::string> value_of(std::span<const std::string> environment,
                                    std::string_view name) {
    for (const auto& assignment : environment) {
        if (assignment.size() > name.size() && name_of(assignment) == name) {
            return assignment.substr(name.size() + 1);
        }
    }
    return std::nullopt;
}

// A proxy cannot reach this machine's loopback, and must not see the requests. Programs read one
// spelling or the other.
std::string no_proxy(std::span<const std::string> current, std::string_view name,
                     std::string_view other) {
    const auto own = value_of(current, name);
    const std::string set = own ? *own : value_of(current, other).value_or("");
    if (set == "*") {
        return set;
    }
    return set.empty() ? std::string(loopback_hosts) : set + "," + std::string(loopback_hosts);
}

}  // namespace

Pairs settings_of(const Identity& identity, const CommandSettings& settings) {
    Pairs pairs{{"BQCONN_PLATFORM_URL", settings.url},    {"BQCONN_IMS_URL", settings.url},
                {"BQCONN_GOOGLE_AUTH_URL", settings.url}, {"BQCONN_GOOGLE_TOKEN_URL", settings.url},
                {"BQCONN_BIGQUERY_URL", settings.url},    {"BQCONN_API_KEY", identity.api_key}};
    if (settings.access_token.empty()) {
        pairs.emplace_back("BQCONN_API_SECRET", identity.api_secret.reveal());
    } else {
        pairs.emplace_back("BQCONN_ACCESS_TOKEN", settings.access_token.reveal());
    }
    pairs.emplace_back("BQCONN_ORG_ID", identity.org_id);
    pairs.emplace_back("BQCONN_SANDBOX_NAME", settings.sandbox_name);
    if (!settings.ca_file.empty()) {
        pairs.emplace_back("BQCONN_CA_FILE", settings.ca_file);
    }
    pairs.emplace_back("BQCONN_PROJECT", identity.project);
    if (settings.google_credentials) {
        pairs.emplace_back("BQCONN_CLIENT_ID", identity.client_id);
        pairs.emplace_back("BQCONN_CLIENT_SECRET", identity.client_secret.reveal());
        pairs.emplace_back("BQCONN_REFRESH_TOKEN", identity.refresh_token.reveal());
    }
    return pairs;
}

std::string env_file_text(const Pairs& settings) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/@";
    std::string text;
    for (const auto& [name, value] : settings) {
        const bool quoted = value.find_first_not_of(plain) != std::string::npos;
        if (value.find_first_of("'\r\n") != std::string::npos) {
            throw Error(ExitCode::config, "env_file.unquotable",
                        "the value of " + name + " cannot be written to a dotenv file",
                        "use a value without single quotes and line breaks");
        }
        text += name + "=" + (quoted ? "'" + value + "'" : value) + "\n";
    }
    return text;
}

std::vector<std::string> command_environment(std::span<const std::string> current,
                                             const Identity& identity,
                                             const CommandSettings& settings) {
    CommandSettings wanted = settings;
    std::vector<std::string> environment;
    for (const auto& assignment : current) {
        const auto name = name_of(assignment);
        if (holds(google_credentials, name)) {
            wanted.google_credentials = false;
        }
        if (!holds(removed, name) && name != "NO_PROXY" && name != "no_proxy") {
            environment.push_back(assignment);
        }
    }
    const bool has_project = value_of(current, "BQCONN_PROJECT").has_value();
    for (const auto& [name, value] : settings_of(identity, wanted)) {
        if (name != "BQCONN_PROJECT" || !has_project) {
            environment.push_back(name + "=" + value);
        }
    }
    environment.push_back("NO_PROXY=" + no_proxy(current, "NO_PROXY", "no_proxy"));
    environment.push_back("no_proxy=" + no_proxy(current, "no_proxy", "NO_PROXY"));
    return environment;
}

}  // namespace bqconn::emulator
