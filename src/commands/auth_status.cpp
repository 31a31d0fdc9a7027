// bqconn auth status: the Adobe identity in use, as far as it is known without a call.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bqconn/auth/access_token.hpp"
#include "bqconn/commands/verb.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/config/settings.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/time_text.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/output/table.hpp"
#include "commands/checks.hpp"
#include "commands/session.hpp"

namespace bqconn::commands {
namespace {

using json::OrderedJson;

struct Status {
    const config::Settings& settings;
    connection::Access access;
    std::optional<auth::TokenClaims> token;  // none: neither given nor cached
    std::chrono::sys_seconds now;
};

std::optional<auth::TokenClaims> token_of(Context& context, const config::Settings& settings,
                                          const connection::Access& access) {
    if (access.access_token) {
        return auth::claims_of(*access.access_token);
    }
    const auto cached = access.fetching
                            ? token_cache(context, settings, access).read(context.clock.date())
                            : std::nullopt;
    if (!cached) {
        return std::nullopt;
    }
    context.console.hide(cached->token);
    return auth::TokenClaims{auth::claims_of(cached->token).client_id, cached->expires_at};
}

std::string next_of(const Status& status) {
    return status.access.access_token ? "the next call uses the given token"
           : status.token             ? "the next call uses the cached token"
           : status.access.fetching
               ? "the next call fetches a token"
               : "no call can be made: no token, and no credentials to fetch one";
}

std::string token_line(const Status& status) {
    if (!status.token) {
        return "none cached";
    }
    const std::string line = status.access.access_token ? "given, " : "cached, ";
    const auto& expires_at = status.token->expires_at;
    return expires_at
               ? line + (status.token->is_expired(status.now) ? "expired " : "expires ") +
                     utc_time(*expires_at) + " (" + output::distance(status.now, *expires_at) + ")"
               : line + "expiry unknown";
}

std::string issued_line(const Status& status) {
    const std::string& api_key = status.access.api_key;
    const std::string& client = status.token->client_id;
    if (client.empty() || api_key.empty()) {
        return client.empty() ? "unknown" : client;
    }
    return client +
           (status.token->is_of_another(api_key) ? " (not the API key)" : " (the API key)");
}

std::string as_text(const Status& status) {
    std::vector<std::pair<std::string_view, std::string>> lines;
    for (const auto& [title, setting] :
         {std::pair{"API key", Setting::api_key}, std::pair{"organisation", Setting::org_id},
          std::pair{"sandbox", Setting::sandbox_name},
          std::pair{"identity service", Setting::ims_url},
          std::pair{"API secret", Setting::api_secret},
          std::pair{"access token", Setting::access_token}}) {
        const auto [value, source] = status.settings.shown(setting);
        lines.emplace_back(title, value.empty() ? "not set" : value + ", from " + source);
    }
    lines.emplace_back("token", token_line(status));
    if (status.token) {
        lines.emplace_back("issued to", issued_line(status));
    }
    lines.emplace_back("next", next_of(status));
    return output::details(lines);
}

OrderedJson token_json(const Status& status) {
    if (!status.token) {
        return nullptr;
    }
    const auto& [client_id, expires_at] = *status.token;
    OrderedJson object = {
        {"from", status.access.access_token ? "setting" : "cache"},
        {"clientId", json::text_or_null(client_id)},
        {"clientIsApiKey", nullptr},
        {"expiresAt", nullptr},
        {"expired", nullptr},
    };
    if (!client_id.empty() && !status.access.api_key.empty()) {
        object["clientIsApiKey"] = !status.token->is_of_another(status.access.api_key);
    }
    if (expires_at) {
        object["expiresAt"] = utc_time(*expires_at);
        object["expired"] = status.token->is_expired(status.now);
    }
    return object;
}

std::string as_json(const Status& status) {
    OrderedJson object;
    OrderedJson sources;
    for (const auto& [key, setting] :
         {std::pair{"apiKey", Setting::api_key}, std::pair{"orgId", Setting::org_id},
          std::pair{"sandboxName", Setting::sandbox_name}, std::pair{"imsUrl", Setting::ims_url}}) {
        const auto [value, source] = status.settings.shown(setting);
        object[key] = json::text_or_null(value);
        sources[key] = json::text_or_null(source);
    }
    for (const auto& [key, setting] : {std::pair{"apiSecret", Setting::api_secret},
                                       std::pair{"accessToken", Setting::access_token}}) {
        sources[key] = json::text_or_null(status.settings.shown(setting).source);
    }
    object["sources"] = sources;
    object["token"] = token_json(status);
    object["next"] = next_of(status);
    return json::to_line(object) + "\n";
}

void auth_status(Context& context, const Task& task) {
    config::Missing missing;
    const connection::Access access =
        config::access(task.settings, missing, config::AccessTo::organisation);
    const Status status{.settings = task.settings,
                        .access = access,
                        .token = token_of(context, task.settings, access),
                        .now = context.clock.date()};
    context.console.result(task.format == Format::json ? as_json(status) : as_text(status));
    if (status.token) {
        refuse_token(*status.token, access.api_key, status.now);
    }
    missing.report();
}

}  // namespace

Verb auth_status_verb() {
    return {
        .name = "auth status",
        .summary = "Show the Adobe identity in use",
        .usage = "auth status [flags]",
        .description =
            "Shows the API key, organisation, sandbox and identity service, where each setting "
            "comes from, and which access token the next call will use. It makes no call: it reads "
            "the token's own claims, so a revoked token still looks valid here.\n\n"
            "The exit code is 0 if a call can be made; 2 if settings are missing; 4 if the token "
            "has expired or was issued to a client other than the API key. The status is printed "
            "in every case.",
        .examples =
            "  # Who am I?\n"
            "  bqconn auth status\n\n"
            "  # In a script: is everything set?\n"
            "  if bqconn auth status -q >/dev/null; then bqconn list; fi",
        .settings = with_common({}, {Setting::ca_file, Setting::connect_timeout, Setting::timeout,
                                     Setting::pager, Setting::log_file}),
        .formats = {Format::text, Format::json},
        .run = auth_status,
    };
}

}  // namespace bqconn::commands
