#include "bqconn/auth/access_token.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "bqconn/connection/checks.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/crypto/jwt.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::auth {
namespace {

using http::Response;
using std::chrono::milliseconds;

constexpr std::string_view wrong_scopes =
    "omit --scopes, or pass the scopes that the Developer Console shows for the credential";
constexpr std::string_view wrong_client =
    "check --api-key (BQCONN_API_KEY) and --api-secret (BQCONN_API_SECRET) against the OAuth "
    "Server-to-Server credential in Adobe Developer Console";

Error refusal(const Response& response) {
    const json::Json document = json::parse_or_null(response.body);
    const std::string error = http::service_words(json::string_at(document, "error"));
    std::string words = http::service_words(json::string_at(document, "error_description", error));
    if (words.empty()) {
        words = "the response is " + http::summary_of_body(response);
    }
    ExitCode exit_code = http::exit_code_of_status(response.status);
    std::string code = http::error_code_of_status(response.status);
    std::string_view hint =
        "check --ims-url (BQCONN_IMS_URL): the response is not from Adobe's identity service";
    // OAuth 2.0 answers a wrong client with 400 or 401.
    if (exit_code == ExitCode::rejected || exit_code == ExitCode::auth) {
        exit_code = ExitCode::auth;
        code = "auth.client_refused";
        hint = error == "invalid_scope" ? wrong_scopes : wrong_client;
    } else if (exit_code == ExitCode::unavailable) {
        hint = "nothing was changed: run the command again later";
    }
    return http::error_of_response(response, exit_code, code,
                                   "Adobe's identity service did not issue an access token: " +
                                       words + " " + http::status_note(response, error),
                                   std::string(hint));
}

AccessToken read_token(const Response& response) {
    const json::Json document = json::parse_or_null(response.body);
    const Secret token(json::string_at(document, "access_token"));
    if (connection::check_header_value(token.reveal())) {
        throw http::error_of_response(
            response, ExitCode::bad_response, "bad_response.token",
            "Adobe's identity service answered HTTP " + std::to_string(response.status) + ", but " +
                (document.is_null() ? "with " + http::summary_of_body(response)
                                    : "the access_token is missing or invalid"),
            "nothing was changed: check --ims-url (BQCONN_IMS_URL), then run the command again");
    }
    constexpr double longest = 366.0 * 24 * 3600;
    const json::Json& expires = json::member(document, "expires_in");
    const double seconds = expires.is_number() ? expires.get<double>() : 0;
    return {token, std::chrono::seconds(
                       seconds > 0 && seconds < longest ? static_cast<long>(seconds) : 0)};
}

std::optional<milliseconds> milliseconds_at(const json::Json& claims, const char* key) {
    constexpr std::int64_t most = 100'000'000'000'000;  // the year 5138
    std::optional<std::int64_t> number = json::integer_at(claims, key);
    if (!number) {
        const std::string text = json::string_at(claims, key);
        const char* const end = text.data() + text.size();
        const auto parsed = std::from_chars(text.data(), end, number.emplace(-1));
        if (parsed.ec != std::errc() || parsed.ptr != end) {
            return std::nullopt;
        }
    }
    return *number < 0 || *number > most ? std::nullopt : std::optional(milliseconds(*number));
}

}  // namespace

AccessToken fetch_access_token(http::Transport& transport,
                               const connection::ClientCredentials& credentials,
                               const std::string& api_key) {
    // An extra token is harmless.
    const Response response =
        transport.send(http::form_request(credentials.ims_url + "/ims/token/v3",
                                          {{"client_id", api_key},
                                           {"client_secret", credentials.api_secret.reveal()},
                                           {"grant_type", "client_credentials"},
                                           {"scope", credentials.scopes}},
                                          http::Retry::read));
    if (response.status != 200) {
        throw refusal(response);
    }
    return read_token(response);
}

TokenClaims claims_of(const Secret& token) {
    const json::Json claims =
        json::parse_or_null(crypto::unverified_claims(token.reveal()).value_or(""));
    TokenClaims found{json::string_at(claims, "client_id"), std::nullopt};
    const auto created = milliseconds_at(claims, "created_at");
    const auto lifetime = milliseconds_at(claims, "expires_in");
    if (created && lifetime) {
        found.expires_at = std::chrono::sys_seconds(
            std::chrono::floor<std::chrono::seconds>(*created + *lifetime));
    }
    return found;
}

void TokenSource::keep(ObtainedToken token) {
    if (fetching_->hide) {
        fetching_->hide(token.token);
    }
    current_ = std::move(token);
}

// False if the cache has no token, or only the refused one.
bool TokenSource::read_cache(const Secret& refused) {
    auto cached = fetching_->cache.read(fetching_->clock.date());
    if (!cached || cached->token.reveal() == refused.reveal()) {
        return false;
    }
    keep({std::move(cached->token), cached->expires_at, true});
    return true;
}

void TokenSource::fetch() {
    const AccessToken fetched =
        fetch_access_token(fetching_->transport, fetching_->credentials, fetching_->api_key);
    const auto now = fetching_->clock.date();
    ObtainedToken obtained{fetched.token, std::nullopt, false};
    if (fetched.lifetime.count() > 0) {
        obtained.expires_at = now + fetched.lifetime;
    }
    if (fetched.lifetime > renewed_before) {
        fetching_->cache.write({fetched.token, now + fetched.lifetime}, now);
    } else {
        fetching_->cache.remove();
    }
    keep(std::move(obtained));
}

// Several processes may need a token at once: one fetches it, the others wait for the cache.
void TokenSource::fetch_or_wait(const Secret& refused) {
    constexpr milliseconds first_pause{10};
    constexpr milliseconds longest_pause{200};
    milliseconds waited{0};
    for (auto pause = first_pause; !read_cache(refused);
         pause = std::min(pause * 2, longest_pause)) {
        const auto lock = fetching_->cache.try_lock();
        // A holder that takes too long is stuck: stop waiting for it.
        if (lock || waited >= fetching_->longest_wait || !fetching_->clock.pause(pause)) {
            // Another process may have fetched it in the meantime.
            if (!lock || !read_cache(refused)) {
                fetch();
            }
            return;
        }
        waited += pause;
    }
}

bool TokenSource::is_ready() {
    const std::lock_guard guard(mutex_);
    return current_ || read_cache({});
}

ObtainedToken TokenSource::obtain() {
    const std::lock_guard guard(mutex_);
    if (!current_) {
        fetch_or_wait({});
    }
    return *current_;
}

std::optional<Secret> TokenSource::replace(const Secret& refused) {
    const std::lock_guard guard(mutex_);
    if (!fetching_ || !fetching_->replaces) {
        return std::nullopt;
    }
    // Otherwise another thread has replaced it.
    if (!current_ || current_->token.reveal() == refused.reveal()) {
        if (fetching_->warn) {
            fetching_->warn(
                "Adobe refused the access token (HTTP 401), retrying with a new one (attempt 2 of "
                "2)");
        }
        fetch_or_wait(refused);
    }
    return current_->token;
}

Secret TokenSource::fetch_anew() {
    const std::lock_guard guard(mutex_);
    const auto lock = fetching_->cache.try_lock();
    fetch();
    return current_->token;
}

}  // namespace bqconn::auth
