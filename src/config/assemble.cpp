#include "bqconn/config/assemble.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <stdexcept>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "bqconn/http/url.hpp"

namespace bqconn::config {
namespace {

using connection::BasicAuth;
using connection::ServiceAuth;
using connection::ServiceAuthOnAws;

std::string text_or_default(const Settings& settings, Setting setting) {
    return settings.has(setting) ? settings.text(setting) : std::string(default_of(setting));
}

std::string need_text(const Settings& settings, Setting setting, Missing& missing) {
    if (!settings.has(setting)) {
        missing.add(setting);
        return {};
    }
    return settings.text(setting);
}

Secret need_secret(const Settings& settings, Setting setting, Missing& missing) {
    if (!settings.has(setting)) {
        missing.add(setting);
        return {};
    }
    return settings.secret(setting);
}

std::optional<std::string> optional_text(const Settings& settings, Setting setting) {
    return settings.has(setting) ? std::optional(settings.text(setting)) : std::nullopt;
}

// "--refresh-token, ci.env:3: BQCONN_CLIENT_ID"
std::string sources_of(const Settings& settings, std::initializer_list<Setting> choice) {
    std::vector<std::string> found;
    for (const Setting setting : choice) {
        if (settings.has(setting)) {
            found.push_back(describe(settings.source(setting)));
        }
    }
    return join(found, ", ");
}

void check_exclusive(const std::string& one, const std::string& one_source,
                     const std::string& other, const std::string& other_source, std::string hint) {
    if (!one_source.empty() && !other_source.empty()) {
        throw Error(ExitCode::usage, "usage.mixed_auth",
                    "settings for two kinds of authentication are set:\n  " + one + ": " +
                        one_source + "\n  " + other + ": " + other_source,
                    std::move(hint));
    }
}

void check_auth_kinds(const Settings& settings) {
    const std::string basic =
        sources_of(settings, {Setting::client_id, Setting::client_secret, Setting::refresh_token});
    check_exclusive("Basic Authentication", basic, "Service Authentication",
                    sources_of(settings, {Setting::key_file}),
                    "give either an OAuth client with a refresh token, or a key file, not both");
    check_exclusive("Basic Authentication", basic, "Service Authentication on AWS",
                    sources_of(settings, {Setting::dataset}),
                    "remove --dataset: Basic Authentication does not use it");
    check_exclusive("Service Authentication on AWS", sources_of(settings, {Setting::dataset}),
                    "Service Authentication on Azure",
                    sources_of(settings, {Setting::large_results_dataset}),
                    "use --dataset for an organisation on AWS, --large-results-dataset on Azure");
}

connection::Auth auth_of(const Settings& settings, Missing& missing) {
    const std::string project = need_text(settings, Setting::project, missing);
    if (settings.has(Setting::key_file)) {
        const Secret content(crypto::base64(settings.key()->text.reveal()));
        if (settings.has(Setting::dataset)) {
            return ServiceAuthOnAws{project, content, settings.text(Setting::dataset)};
        }
        return ServiceAuth{project, content,
                           optional_text(settings, Setting::large_results_dataset)};
    }
    if (settings.has(Setting::dataset)) {
        missing.add(Setting::key_file);
        return ServiceAuthOnAws{project, Secret(), settings.text(Setting::dataset)};
    }
    if (!settings.has(Setting::client_id) && !settings.has(Setting::client_secret) &&
        !settings.has(Setting::refresh_token)) {
        missing.add_google_credentials();
        return BasicAuth{};
    }
    return BasicAuth{project, need_text(settings, Setting::client_id, missing),
                     need_secret(settings, Setting::client_secret, missing),
                     need_secret(settings, Setting::refresh_token, missing),
                     optional_text(settings, Setting::large_results_dataset)};
}

[[noreturn]] void refuse(const Settings& settings, Setting setting, const std::string& problem,
                         std::string hint) {
    const auto& source = settings.source(setting);
    const bool typed =
        source.kind == Source::Kind::flag || source.kind == Source::Kind::environment;
    throw Error(typed ? ExitCode::usage : ExitCode::config,
                typed ? "usage.invalid_value" : "config.invalid_value",
                describe(source) + " " + problem, std::move(hint));
}

std::string url_of(const Settings& settings, Setting setting) {
    const std::string fallback(default_of(setting));
    if (!settings.has(setting)) {
        return fallback;
    }
    try {
        return http::BaseUrl::parse(settings.text(setting)).text();
    } catch (const std::invalid_argument& error) {
        refuse(settings, setting, error.what(), "for example: \"" + fallback + "\"");
    }
}

std::chrono::milliseconds seconds_of(const Settings& settings, Setting setting) {
    constexpr double longest = 3600;
    const std::string text = text_or_default(settings, setting);
    double seconds = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
    if (error != std::errc() || end != text.data() + text.size() || !(seconds >= 0.001) ||
        seconds > longest) {
        refuse(settings, setting, "is not a number of seconds",
               "give a number from 0.001 to 3600, such as 30");
    }
    return std::chrono::milliseconds(static_cast<long>(seconds * 1000));
}

connection::ClientCredentials client_credentials(const Settings& settings) {
    return {url_of(settings, Setting::ims_url), settings.secret(Setting::api_secret),
            text_or_default(settings, Setting::scopes)};
}

}  // namespace

connection::Auth authentication(const Settings& settings, Missing& missing) {
    check_auth_kinds(settings);
    return auth_of(settings, missing);
}

connection::BaseConnection base_connection(const Settings& settings, Missing& missing) {
    connection::Auth auth = authentication(settings, missing);
    const std::string project = text_or_default(settings, Setting::project);
    return {optional_text(settings, Setting::name).value_or("Google BigQuery " + project),
            optional_text(settings, Setting::description), std::move(auth)};
}

connection::Access access(const Settings& settings, Missing& missing, NeedsSandbox needs_sandbox) {
    connection::Access access;
    access.platform_url = url_of(settings, Setting::platform_url);
    url_of(settings, Setting::ims_url);  // checked even if unused
    access.api_key = need_text(settings, Setting::api_key, missing);
    if (settings.has(Setting::access_token)) {
        access.access_token = settings.secret(Setting::access_token);
    } else if (settings.has(Setting::api_secret)) {
        access.fetching = client_credentials(settings);
    } else {
        missing.add_adobe_token();
    }
    access.org_id = need_text(settings, Setting::org_id, missing);
    if (needs_sandbox == NeedsSandbox::yes) {
        access.sandbox_name = need_text(settings, Setting::sandbox_name, missing);
    }
    return access;
}

connection::GoogleServices google_services(const Settings& settings) {
    return {url_of(settings, Setting::google_auth_url), url_of(settings, Setting::google_token_url),
            url_of(settings, Setting::bigquery_url)};
}

connection::Access token_access(const Settings& settings, Missing& missing) {
    connection::Access access;
    access.api_key = need_text(settings, Setting::api_key, missing);
    if (settings.has(Setting::api_secret)) {
        access.fetching = client_credentials(settings);
    } else {
        missing.add(Setting::api_secret);
    }
    return access;
}

http::TransportOptions transport_options(const Settings& settings) {
    http::TransportOptions options;
    options.connect_timeout = seconds_of(settings, Setting::connect_timeout);
    options.timeout = seconds_of(settings, Setting::timeout);
    options.ca_file = text_or_default(settings, Setting::ca_file);
    return options;
}

}  // namespace bqconn::config
