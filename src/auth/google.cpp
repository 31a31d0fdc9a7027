#include "bqconn/auth/google.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "auth/google_error.hpp"
#include "bqconn/connection/checks.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "bqconn/crypto/jwt.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/http/url.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::auth {
namespace {

using http::Response;

std::string both_scopes() {
    return std::string(bigquery_scope) + " " + std::string(platform_scope);
}

bool is_code(std::string_view text) {
    constexpr std::size_t longest = 1024;
    return !text.empty() && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      std::string_view("-._~/").find(c) != std::string_view::npos;
           });
}

std::optional<std::chrono::seconds> seconds_at(const json::Json& document, const char* key) {
    constexpr double longest = 100.0 * 366 * 24 * 3600;
    const json::Json& found = json::member(document, key);
    const double seconds = found.is_number() ? found.get<double>() : -1;
    return seconds >= 0 && seconds <= longest
               ? std::optional(std::chrono::seconds(static_cast<long>(seconds)))
               : std::nullopt;
}

GoogleToken read_google_token(const Response& response) {
    const json::Json document = json::parse_or_null(response.body);
    GoogleToken token;
    token.access_token = Secret(json::string_at(document, "access_token"));
    if (connection::check_header_value(token.access_token.reveal())) {
        throw http::error_of_response(
            response, ExitCode::bad_response, "bad_response.google_token",
            "Google's token service answered HTTP " + std::to_string(response.status) + ", but " +
                (document.is_null() ? "with " + http::summary_of_body(response)
                                    : "the access_token is missing or invalid"),
            "check --google-token-url (BQCONN_GOOGLE_TOKEN_URL), then run it again");
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

json::Json read_bigquery(http::Transport& transport, const BigQuery& bigquery,
                         const std::string& path, Asked asked, const std::string& name) {
    http::Request request;
    request.retry = http::Retry::read;
    request.url = bigquery.url + "/bigquery/v2/projects/" + http::percent_encode(bigquery.project) +
                  "/datasets" + path;
    request.authorization = http::bearer(bigquery.access_token);
    request.headers = {{"Accept", "application/json"}};
    const Response response = transport.send(request);
    if (response.status != 200) {
        throw bigquery_refusal(response, asked, name, bigquery.identity);
    }
    json::Json document = json::parse_or_null(response.body);
    if (!document.is_object()) {
        throw http::error_of_response(
            response, ExitCode::bad_response, "bad_response.bigquery",
            "Google BigQuery responded with " + http::summary_of_body(response),
            "check --bigquery-url (BQCONN_BIGQUERY_URL), then run it again");
    }
    return document;
}

}  // namespace

Consent new_consent() {
    constexpr std::size_t bytes = 32;
    return {Secret(crypto::base64url(crypto::random_bytes(bytes))), crypto::random_hex(bytes / 2)};
}

std::string consent_url(const std::string& auth_url, const std::string& client_id,
                        const std::string& redirect_uri, const Consent& consent) {
    return auth_url + "/o/oauth2/v2/auth?" +
           http::encode_pairs(
               {{"client_id", client_id},
                {"redirect_uri", redirect_uri},
                {"response_type", "code"},
                {"scope", both_scopes()},
                {"code_challenge", crypto::base64url(crypto::sha256(consent.verifier.reveal()))},
                {"code_challenge_method", "S256"},
                {"state", consent.state},
                {"access_type", "offline"},
                {"prompt", "consent"}});
}

std::optional<Answer> read_answer(std::string_view address) {
    address = address.substr(0, address.find('#'));
    const auto query = address.find('?');
    if (query == std::string_view::npos) {
        return std::nullopt;
    }
    Answer answer;
    std::string code;
    for (const auto& pair : split(address.substr(query + 1), '&')) {
        const auto equals = std::min(pair.find('='), pair.size());
        const std::string name = pair.substr(0, equals);
        const std::string value = pair.substr(std::min(equals + 1, pair.size()));
        std::string* const place = name == "code"    ? &code
                                   : name == "error" ? &answer.error
                                   : name == "state" ? &answer.state
                                                     : nullptr;
        if (place != nullptr && !place->empty()) {
            return std::nullopt;
        }
        if (place != nullptr) {
            *place = http::percent_decode(value);
        }
    }
    if (code.empty() == answer.error.empty() || (!code.empty() && !is_code(code))) {
        return std::nullopt;
    }
    answer.code = Secret(std::move(code));
    return answer;
}

std::optional<Answer> read_pasted(std::string_view text) {
    text = trim_ascii(text);
    if (text.find('?') != std::string_view::npos) {
        return read_answer(text);
    }
    std::string code = http::percent_decode(text);
    if (!is_code(code)) {
        return std::nullopt;
    }
    return Answer{Secret(std::move(code)), "", ""};
}

void refuse_consent(const Answer& answer) {
    if (answer.error == "access_denied") {
        throw Error(ExitCode::auth, "auth.consent_refused",
                    "access was denied on Google's consent page",
                    "run it again and choose Allow; if Google blocked you, add your account "
                    "under Google Cloud console, Google Auth Platform, Audience, Test users");
    }
    throw Error(ExitCode::auth, "auth.consent_refused",
                "Google did not grant access: " + http::service_words(answer.error),
                "check the OAuth client (--client-id) in the Google Cloud console, APIs & "
                "Services, Credentials");
}

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
    const http::Pairs form{{"grant_type", "refresh_token"},
                           {"client_id", client.client_id},
                           {"client_secret", client.client_secret.reveal()},
                           {"refresh_token", refresh_token.reveal()}};
    return exchange(transport, http::form_request(token_url + "/token", form, http::Retry::read),
                    Grant::refresh_token);
}

Secret sign_request(const config::ServiceAccountKey& key, std::chrono::sys_seconds now) {
    constexpr std::chrono::seconds longest{3600};
    const json::Json claims{{"iss", key.client_email},
                            {"scope", both_scopes()},
                            {"aud", checked_token_uri(key)},
                            {"iat", now.time_since_epoch().count()},
                            {"exp", (now + longest).time_since_epoch().count()}};
    return crypto::sign_rs256(claims.dump(), key.private_key, key.key_id);
}

GoogleToken exchange_key(http::Transport& transport, const config::ServiceAccountKey& key,
                         const Secret& assertion) {
    const http::Pairs form{{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                           {"assertion", assertion.reveal()}};
    return exchange(transport, http::form_request(checked_token_uri(key), form, http::Retry::read),
                    Grant::service_account);
}

GoogleToken exchange_code(http::Transport& transport, const std::string& token_url,
                          const OAuthClient& client, const CodeExchange& code) {
    const http::Pairs form{{"grant_type", "authorization_code"},
                           {"client_id", client.client_id},
                           {"client_secret", client.client_secret.reveal()},
                           {"code", code.code.reveal()},
                           {"code_verifier", code.verifier.reveal()},
                           {"redirect_uri", code.redirect_uri}};
    return exchange(transport, http::form_request(token_url + "/token", form, http::Retry::none),
                    Grant::code);
}

std::vector<Dataset> read_datasets(http::Transport& transport, const BigQuery& bigquery) {
    const json::Json document =
        read_bigquery(transport, bigquery, "?maxResults=1000", Asked::project, bigquery.project);
    std::vector<Dataset> datasets;
    for (const auto& item : json::array_at(document, "datasets")) {
        const json::Json& reference = json::member(item, "datasetReference");
        if (reference.is_object()) {
            datasets.push_back({http::service_words(json::string_at(reference, "datasetId")),
                                http::service_words(json::string_at(item, "location"))});
        }
    }
    return datasets;
}

std::string location_of_dataset(http::Transport& transport, const BigQuery& bigquery,
                                const std::string& dataset) {
    const json::Json document =
        read_bigquery(transport, bigquery, "/" + http::percent_encode(dataset), Asked::dataset,
                      bigquery.project + "." + dataset);
    return http::service_words(json::string_at(document, "location"));
}

}  // namespace bqconn::auth
