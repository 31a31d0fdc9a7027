#include "bqconn/auth/google_token.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "bqconn/auth/google_error.hpp"
#include "bqconn/connection/checks.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/crypto/jwt.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/http/url.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::auth {
namespace {

using http::Response;
using Pairs = std::vector<std::pair<std::string, std::string>>;

http::Request form_request(const std::string& url, const Pairs& form, http::Retry retry) {
    http::Request request;
    request.method = http::Method::post;
    request.retry = retry;
    request.url = url;
    request.headers.push_back({"Content-Type", Secret("application/x-www-form-urlencoded")});
    request.headers.push_back({"Accept", Secret("application/json")});
    request.body = Secret(http::encode_pairs(form));
    return request;
}

Error unreadable_google_token(const Response& response, const std::string& what) {
    Error error(
        ExitCode::bad_response, "bad_response.google_token",
        "Google's token service answered HTTP " + std::to_string(response.status) + ", but " + what,
        "check --google-token-url (BQCONN_GOOGLE_TOKEN_URL), then run it again");
    error.set_answer(response.status, http::request_id_of(response));
    return error;
}

std::optional<std::chrono::seconds> seconds_at(const json::Json& document, const char* key) {
    constexpr double longest = 100.0 * 366 * 24 * 3600;
    const auto found = document.find(key);
    if (found == document.end() || !found->is_number()) {
        return std::nullopt;
    }
    const auto seconds = found->get<double>();
    if (!(seconds >= 0) || seconds > longest) {
        return std::nullopt;
    }
    return std::chrono::seconds(static_cast<long>(seconds));
}

GoogleToken read_google_token(const Response& response) {
    json::Json document;
    try {
        document = json::parse(response.body);
    } catch (const json::ParseError&) {
        throw unreadable_google_token(response, "with " + http::summary_of_body(response));
    }
    GoogleToken token;
    token.access_token = Secret(json::string_at(document, "access_token"));
    if (!document.is_object() || connection::check_header_value(token.access_token.reveal())) {
        throw unreadable_google_token(response, "the access_token is missing or invalid");
    }
    token.lifetime = seconds_at(document, "expires_in").value_or(std::chrono::seconds(0));
    token.refresh_token = Secret(json::string_at(document, "refresh_token"));
    token.refresh_lifetime = seconds_at(document, "refresh_token_expires_in");
    for (auto& scope : split(json::string_at(document, "scope"), ' ')) {
        if (!scope.empty()) {
            token.scopes.push_back(std::move(scope));
        }
    }
    return token;
}

GoogleToken exchange(http::Transport& transport, const http::Request& request, Grant grant) {
    const Response response = transport.send(request);
    if (response.status != 200) {
        throw token_refusal(response, grant);
    }
    return read_google_token(response);
}

// A key file may name any host: a signed request is valid for an hour and for that URL only, but
// must not be sent in the clear.
std::string checked_token_uri(const config::ServiceAccountKey& key) {
    try {
        http::parse_url(key.token_uri);
        return key.token_uri;
    } catch (const std::invalid_argument& error) {
        throw Error(ExitCode::config, "config.credentials",
                    "the key file's token_uri " + std::string(error.what()),
                    "download the key again: Google writes https://oauth2.googleapis.com/token");
    }
}

}  // namespace

std::vector<std::string> missing_scopes(const std::vector<std::string>& granted) {
    std::vector<std::string> missing;
    for (const auto scope : {bigquery_scope, platform_scope}) {
        if (std::find(granted.begin(), granted.end(), scope) == granted.end()) {
            missing.emplace_back(scope);
        }
    }
    return missing;
}

GoogleToken exchange_refresh_token(http::Transport& transport, const std::string& token_url,
                                   const OAuthClient& client, const Secret& refresh_token) {
    const Pairs form{{"grant_type", "refresh_token"},
                     {"client_id", client.client_id},
                     {"client_secret", client.client_secret.reveal()},
                     {"refresh_token", refresh_token.reveal()}};
    return exchange(transport, form_request(token_url + "/token", form, http::Retry::read),
                    Grant::refresh_token);
}

Secret sign_request(const config::ServiceAccountKey& key, std::chrono::sys_seconds now) {
    constexpr std::chrono::seconds longest{3600};
    const json::Json claims{
        {"iss", key.client_email},
        {"scope", std::string(bigquery_scope) + " " + std::string(platform_scope)},
        {"aud", checked_token_uri(key)},
        {"iat", now.time_since_epoch().count()},
        {"exp", (now + longest).time_since_epoch().count()}};
    return crypto::sign_rs256(claims.dump(), key.private_key, key.key_id);
}

GoogleToken exchange_key(http::Transport& transport, const config::ServiceAccountKey& key,
                         const Secret& assertion) {
    const Pairs form{{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                     {"assertion", assertion.reveal()}};
    return exchange(transport, form_request(checked_token_uri(key), form, http::Retry::read),
                    Grant::service_account);
}

GoogleToken exchange_code(http::Transport& transport, const std::string& token_url,
                          const OAuthClient& client, const CodeExchange& code) {
    const Pairs form{{"grant_type", "authorization_code"},
                     {"client_id", client.client_id},
                     {"client_secret", client.client_secret.reveal()},
                     {"code", code.code.reveal()},
                     {"code_verifier", code.verifier.reveal()},
                     {"redirect_uri", code.redirect_uri}};
    return exchange(transport, form_request(token_url + "/token", form, http::Retry::none),
                    Grant::code);
}

}  // namespace bqconn::auth
