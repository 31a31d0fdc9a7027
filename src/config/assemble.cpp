#include "bqconn/config/assemble.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "bqconn/http/url.hpp"

namespace bqconn::config {
namespace {

// ---- the kinds of authentication

// An OAuth client of Google and a refresh token.
constexpr std::array basic_parameters{
    AuthParameter{"project", Setting::project},
    AuthParameter{"clientId", Setting::client_id},
    AuthParameter{"clientSecret", Setting::client_secret},
    AuthParameter{"refreshToken", Setting::refresh_token},
    AuthParameter{"largeResultsDataSetId", Setting::large_results_dataset, false},
};
// A service-account key, of an organisation on Azure.
constexpr std::array service_parameters{
    AuthParameter{"projectId", Setting::project},
    AuthParameter{"keyFileContent", Setting::key_file},
    AuthParameter{"largeResultsDataSetId", Setting::large_results_dataset, false},
};
constexpr std::array service_on_aws_parameters{
    AuthParameter{"projectId", Setting::project},
    AuthParameter{"keyFileContent", Setting::key_file},
    AuthParameter{"datasetId", Setting::dataset},
};

constexpr std::string_view use_oauth_client =
    "use an OAuth client and a refresh token instead of a key file";

constexpr AuthKind basic{
    .title = "Basic Authentication",
    .spec_name = "Basic Authentication",
    .type = "OAuth2.0",
    .unsupported = "use a key file (--key-file) instead of an OAuth client",
    .parameters = basic_parameters,
};
constexpr AuthKind service{
    .title = "Service Authentication",
    .spec_name = "Service Authentication",
    .unsupported = use_oauth_client,
    .parameters = service_parameters,
};
constexpr AuthKind service_on_aws{
    .title = "Service Authentication on AWS",
    .spec_name = "Service Authentication",
    .unsupported = use_oauth_client,
    .parameters = service_on_aws_parameters,
};
constexpr std::array kinds{service, basic, service_on_aws};

// Two kinds whose settings exclude each other, in the order in which a mixture is looked for.
struct Mixture {
    const AuthKind& one;
    const AuthKind& other;
    const char* hint;
};
constexpr std::array mixtures{
    Mixture{basic, service,
            "use either an OAuth client with a refresh token, or a key file, not both"},
    Mixture{service_on_aws, service,
            "use --dataset for an organisation on AWS, --large-results-dataset on Azure"},
    Mixture{basic, service_on_aws, "remove --dataset: Basic Authentication does not use it"},
};

bool has_parameter(const AuthKind& kind, Setting setting) {
    return std::any_of(kind.parameters.begin(), kind.parameters.end(),
                       [&](const AuthParameter& one) { return one.setting == setting; });
}

// The settings that identify a kind: its credentials, and the dataset of AWS.
std::vector<Setting> identifying(const AuthKind& kind) {
    std::vector<Setting> settings;
    for (const auto& one : kind.parameters) {
        if (one.required && one.setting != Setting::project) {
            settings.push_back(one.setting);
        }
    }
    return settings;
}

bool fits(const AuthKind& kind, const Settings& settings) {
    for (const auto& other : kinds) {
        for (const auto& one : other.parameters) {
            if (settings.has(one.setting) && !has_parameter(kind, one.setting)) {
                return false;
            }
        }
    }
    return true;
}

// Where the settings that only `kind` has of the two come from: "--refresh-token, ci.env:3:
// BQCONN_CLIENT_ID".
std::string sources_of(const Settings& settings, const AuthKind& kind, const AuthKind& other) {
    std::vector<std::string> found;
    for (const auto& one : kind.parameters) {
        if (settings.has(one.setting) && !has_parameter(other, one.setting)) {
            found.push_back(describe(settings.source(one.setting)));
        }
    }
    return join(found, ", ");
}

[[noreturn]] void refuse_mixture(const Settings& settings) {
    for (const auto& [one, other, hint] : mixtures) {
        const std::string first = sources_of(settings, one, other);
        const std::string second = sources_of(settings, other, one);
        if (!first.empty() && !second.empty()) {
            throw Error(ExitCode::usage, "usage.mixed_auth",
                        "settings for two kinds of authentication are set:\n  " +
                            std::string(one.title) + ": " + first + "\n  " +
                            std::string(other.title) + ": " + second,
                        hint);
        }
    }
    throw std::logic_error("the settings match no kind of authentication");
}

// ---- values

// An empty value if the setting is missing.
std::string need_text(const Settings& settings, Setting setting, Missing& missing) {
    if (!settings.has(setting)) {
        missing.add(setting, settings);
        return {};
    }
    return settings.text(setting);
}

connection::Auth auth_of(const AuthKind& kind, const Settings& settings, Missing& missing) {
    connection::Auth auth{.spec_name = kind.spec_name,
                          .type = kind.type,
                          .unsupported = kind.unsupported,
                          .params = {}};
    for (const auto& [name, setting, required] : kind.parameters) {
        const bool given = settings.has(setting);
        if (!given && !required) {
            continue;
        }
        if (!given) {
            missing.add(setting, settings);
        }
        if (setting == Setting::key_file) {
            auth.params.push_back(
                {name, given ? Secret(crypto::base64(settings.key()->text.reveal())) : Secret()});
        } else if (spec_of(setting).takes == Takes::secret) {
            auth.params.push_back({name, given ? settings.secret(setting) : Secret()});
        } else {
            auth.params.push_back({name, given ? settings.text(setting) : std::string()});
        }
    }
    return auth;
}

[[noreturn]] void refuse(const Settings& settings, Setting setting, const std::string& problem,
                         std::string hint) {
    const auto& source = settings.source(setting);
    throw invalid_value(source.is_typed(), describe(source) + " " + problem, std::move(hint));
}

std::string url_of(const Settings& settings, Setting setting) {
    const std::string fallback(spec_of(setting).fallback);
    try {
        return settings.has(setting) ? http::parse_base_url(settings.text(setting)) : fallback;
    } catch (const std::invalid_argument& error) {
        refuse(settings, setting, error.what(), "for example: \"" + fallback + "\"");
    }
}

std::chrono::milliseconds seconds_of(const Settings& settings, Setting setting) {
    constexpr double longest = 3600;
    const std::string text = settings.text_or_default(setting);
    double seconds = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
    if (error != std::errc() || end != text.data() + text.size() || !(seconds >= 0.001) ||
        seconds > longest) {
        refuse(settings, setting, "is not a number of seconds",
               "specify a number from 0.001 to 3600, such as 30");
    }
    return std::chrono::milliseconds(static_cast<long>(seconds * 1000));
}

}  // namespace

std::span<const AuthKind> auth_kinds() {
    return kinds;
}

Setting setting_of(std::string_view parameter) {
    for (const auto& kind : kinds) {
        for (const auto& one : kind.parameters) {
            if (one.name == parameter) {
                return one.setting;
            }
        }
    }
    throw std::out_of_range("no kind of authentication has the parameter");
}

void Missing::add(Setting setting, const Settings& settings) {
    settings_.push_back(setting);
    empty_ = settings.empty_variables();
}

void Missing::add_google_credentials(const Settings& settings) {
    google_ = true;
    empty_ = settings.empty_variables();
}

void Missing::add_adobe_token(const Settings& settings) {
    token_ = true;
    empty_ = settings.empty_variables();
}

std::vector<std::string> Missing::flags() const {
    std::vector<Setting> settings = settings_;
    if (token_) {
        settings.push_back(Setting::access_token);
    }
    if (google_) {
        settings.push_back(Setting::refresh_token);
    }
    std::vector<std::string> flags;
    flags.reserve(settings.size());
    for (const Setting setting : settings) {
        flags.emplace_back(spec_of(setting).flag);
    }
    return flags;
}

std::string Missing::line_of(Setting setting, const std::string& indent) const {
    std::string line = "\n" + indent + label_of(setting);
    if (const auto empty = empty_.find(setting); empty != empty_.end()) {
        const Source& source = empty->second;
        line += source.is_typed() ? ": the variable is empty" : ": empty in " + describe(source);
    }
    if (const auto where = spec_of(setting).where; !where.empty()) {
        line += "\n      " + std::string(where);
    }
    return line;
}

std::string Missing::alternatives(const std::string& what, const std::vector<Setting>& first,
                                  const std::vector<Setting>& second) const {
    std::string lines = "\n  " + what + ", either";
    for (const Setting setting : first) {
        lines += line_of(setting, "    ");
    }
    lines += "\n  or";
    for (const Setting setting : second) {
        lines += line_of(setting, "    ");
    }
    return lines;
}

bool Missing::any_is_empty() const {
    std::vector<Setting> named = settings_;
    if (token_) {
        named.insert(named.end(), {Setting::api_secret, Setting::access_token});
    }
    if (google_) {
        const auto keys = identifying(service);
        const auto clients = identifying(basic);
        named.insert(named.end(), keys.begin(), keys.end());
        named.insert(named.end(), clients.begin(), clients.end());
    }
    return std::any_of(named.begin(), named.end(),
                       [this](Setting one) { return empty_.contains(one); });
}

void Missing::report() const {
    if (empty()) {
        return;
    }
    std::string message = "missing settings:";
    for (const Setting setting : settings_) {
        message += line_of(setting, "  ");
    }
    if (token_) {
        message +=
            alternatives("an Adobe access token", {Setting::api_secret}, {Setting::access_token});
    }
    if (google_) {
        message += alternatives("Google credentials", identifying(service), identifying(basic));
    }
    throw Error(
        ExitCode::usage, "usage.missing_settings", message,
        std::string(any_is_empty() ? "an undefined CI secret arrives as an empty variable: check "
                                     "its name, and that this job may read it; "
                                   : "") +
            "bqconn init asks for what is missing and writes a profile; or set them with flags, "
            "variables or in a file (--env-file, --credentials); docs/first-connection.md shows "
            "where to find each");
}

connection::Auth authentication(const Settings& settings, Missing& missing) {
    const auto* const kind = std::find_if(kinds.begin(), kinds.end(),
                                          [&](const AuthKind& one) { return fits(one, settings); });
    if (kind == kinds.end()) {
        refuse_mixture(settings);
    }
    const auto given = identifying(*kind);
    if (std::any_of(given.begin(), given.end(), [&](Setting one) { return settings.has(one); })) {
        return auth_of(*kind, settings, missing);
    }
    // Nothing says which kind, so only what all need is asked for.
    need_text(settings, Setting::project, missing);
    missing.add_google_credentials(settings);
    Missing known;
    return auth_of(basic, Settings(), known);
}

connection::BaseConnection base_connection(const Settings& settings, Missing& missing) {
    connection::Auth auth = authentication(settings, missing);
    return {settings.text_if_set(Setting::name)
                .value_or("Google BigQuery " + settings.text_or_default(Setting::project)),
            settings.text_if_set(Setting::description), std::move(auth)};
}

connection::Access access(const Settings& settings, Missing& missing, AccessTo needed) {
    connection::Access access;
    access.platform_url = url_of(settings, Setting::platform_url);
    const std::string ims_url = url_of(settings, Setting::ims_url);  // checked even if unused
    access.api_key = need_text(settings, Setting::api_key, missing);
    if (settings.has(Setting::access_token)) {
        access.access_token = settings.secret(Setting::access_token);
    } else if (settings.has(Setting::api_secret)) {
        access.fetching = {ims_url, settings.secret(Setting::api_secret),
                           settings.text_or_default(Setting::scopes)};
    } else if (needed == AccessTo::token) {
        missing.add(Setting::api_secret, settings);
    } else {
        missing.add_adobe_token(settings);
    }
    if (needed >= AccessTo::organisation) {
        access.org_id = need_text(settings, Setting::org_id, missing);
    }
    if (needed == AccessTo::sandbox) {
        access.sandbox_name = need_text(settings, Setting::sandbox_name, missing);
    }
    return access;
}

connection::GoogleServices google_services(const Settings& settings) {
    return {url_of(settings, Setting::google_auth_url), url_of(settings, Setting::google_token_url),
            url_of(settings, Setting::bigquery_url)};
}

http::TransportOptions transport_options(const Settings& settings) {
    return {.connect_timeout = seconds_of(settings, Setting::connect_timeout),
            .timeout = seconds_of(settings, Setting::timeout),
            .ca_file = settings.text_or_default(Setting::ca_file)};
}

}  // namespace bqconn::config
