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
#include "bqconn/json/parse.hpp"
#include "bqconn/output/table.hpp"
#include "commands/checks.hpp"
#include "commands/session.hpp"

namespace bqconn::commands {
namespace {

using json::OrderedJson;

struct Token {
    enum class From { nowhere, setting, cache };
    From from = From::nowhere;
    std::string client_id;
    std::optional<std::chrono::sys_seconds> expires_at;
};

struct Status {
    const config::Settings& settings;
    std::string api_key;
    bool can_fetch = false;
    Token token;
    std::chrono::sys_seconds now;

    bool is_expired() const { return token.expires_at && *token.expires_at <= now; }
    bool is_of_another() const {
        return !token.client_id.empty() && !api_key.empty() && token.client_id != api_key;
    }
};

Token token_of(Context& context, const config::Settings& settings,
               const connection::Access& access) {
    if (access.access_token) {
        const auto claims = auth::claims_of(*access.access_token);
        return {Token::From::setting, claims.client_id, claims.expires_at};
    }
    if (!access.fetching) {
        return {};
    }
    const auto cached = token_cache(context, settings, access).read(context.clock.date());
    if (!cached) {
        return {};
    }
    context.console.hide(cached->token);
    return {Token::From::cache, auth::claims_of(cached->token).client_id, cached->expires_at};
}

std::string next_of(const Status& status) {
    switch (status.token.from) {
        case Token::From::setting:
            return "the next call uses the given token";
        case Token::From::cache:
            return "the next call uses the cached token";
        case Token::From::nowhere:
            break;
    }
    return status.can_fetch ? "the next call fetches a token"
                            : "no call can be made: no token, and no credentials to fetch one";
}

std::string value_of(const Status& status, Setting setting) {
    const bool secret = config::spec_of(setting).takes == config::Takes::secret;
    return secret && status.settings.has(setting) ? std::string(redacted_text)
                                                  : status.settings.text_or_default(setting);
}

std::string source_of(const Status& status, Setting setting) {
    if (status.settings.has(setting)) {
        return describe(status.settings.source(setting));
    }
    return config::default_of(setting).empty() ? "" : describe(config::Source{});
}

std::string token_line(const Status& status) {
    const Token& token = status.token;
    if (token.from == Token::From::nowhere) {
        return "none cached";
    }
    std::string line = token.from == Token::From::setting ? "given" : "cached";
    if (!token.expires_at) {
        return line + ", expiry unknown";
    }
    return line + (status.is_expired() ? ", expired " : ", expires ") +
           output::utc_time(*token.expires_at) + " (" +
           output::distance(status.now, *token.expires_at) + ")";
}

std::string issued_line(const Status& status) {
    if (status.token.client_id.empty()) {
        return "unknown";
    }
    const std::string relation = status.api_key.empty()   ? ""
                                 : status.is_of_another() ? ", which is not the API key"
                                                          : ", the API key";
    return status.token.client_id + relation;
}

std::string as_text(const Status& status) {
    std::vector<std::pair<std::string_view, std::string>> lines;
    for (const auto& [title, setting] :
         {std::pair{"API key", Setting::api_key}, std::pair{"organisation", Setting::org_id},
          std::pair{"sandbox", Setting::sandbox_name},
          std::pair{"identity service", Setting::ims_url},
          std::pair{"API secret", Setting::api_secret},
          std::pair{"access token", Setting::access_token}}) {
        const std::string value = value_of(status, setting);
        lines.emplace_back(
            title, value.empty() ? "not set" : value + ", from " + source_of(status, setting));
    }
    lines.emplace_back("token", token_line(status));
    if (status.token.from != Token::From::nowhere) {
        lines.emplace_back("issued to", issued_line(status));
    }
    lines.emplace_back("next", next_of(status));
    return output::details(lines);
}

OrderedJson text_or_null(const std::string& text) {
    return text.empty() ? OrderedJson() : OrderedJson(text);
}

OrderedJson token_json(const Status& status) {
    const Token& token = status.token;
    if (token.from == Token::From::nowhere) {
        return nullptr;
    }
    OrderedJson object = {
        {"from", token.from == Token::From::setting ? "setting" : "cache"},
        {"clientId", text_or_null(token.client_id)},
        {"clientIsApiKey", nullptr},
        {"expiresAt", nullptr},
        {"expired", nullptr},
    };
    if (!token.client_id.empty() && !status.api_key.empty()) {
        object["clientIsApiKey"] = !status.is_of_another();
    }
    if (token.expires_at) {
        object["expiresAt"] = output::utc_time(*token.expires_at);
        object["expired"] = status.is_expired();
    }
    return object;
}

std::string as_json(const Status& status) {
    OrderedJson object;
    OrderedJson sources;
    for (const auto& [key, setting] :
         {std::pair{"apiKey", Setting::api_key}, std::pair{"orgId", Setting::org_id},
          std::pair{"sandboxName", Setting::sandbox_name}, std::pair{"imsUrl", Setting::ims_url}}) {
        object[key] = text_or_null(value_of(status, setting));
        sources[key] = text_or_null(source_of(status, setting));
    }
    sources["apiSecret"] = text_or_null(source_of(status, Setting::api_secret));
    sources["accessToken"] = text_or_null(source_of(status, Setting::access_token));
    object["sources"] = sources;
    object["token"] = token_json(status);
    object["next"] = next_of(status);
    return json::to_line(object) + "\n";
}

void auth_status(Context& context, const Task& task) {
    config::Missing missing;
    const connection::Access access =
        config::access(task.settings, missing, config::NeedsSandbox::no);
    const Status status{task.settings, access.api_key, access.fetching.has_value(),
                        token_of(context, task.settings, access), context.clock.date()};
    context.console.result(task.format == Format::json ? as_json(status) : as_text(status));
    if (const auto refusal = refusal_of({status.token.client_id, status.token.expires_at},
                                        status.api_key, status.now)) {
        throw Error(*refusal);
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
