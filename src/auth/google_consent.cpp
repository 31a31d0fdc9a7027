#include "bqconn/auth/google_consent.hpp"

#include <algorithm>
#include <utility>

#include "bqconn/auth/google_token.hpp"
#include "bqconn/connection/checks.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/http/url.hpp"

namespace bqconn::auth {
namespace {

// False if `place` already has a value.
bool take(std::string& place, const std::string& value) {
    if (!place.empty()) {
        return false;
    }
    place = http::percent_decode(value);
    return true;
}

bool is_code(std::string_view text) {
    constexpr std::size_t longest = 1024;
    return !text.empty() && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      std::string_view("-._~/").find(c) != std::string_view::npos;
           });
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
                {"scope", std::string(bigquery_scope) + " " + std::string(platform_scope)},
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
        const bool once = name == "code"    ? take(code, value)
                          : name == "error" ? take(answer.error, value)
                          : name == "state" ? take(answer.state, value)
                                            : true;
        if (!once) {
            return std::nullopt;
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

}  // namespace bqconn::auth
