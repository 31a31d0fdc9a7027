// Google's browser consent, as in OAuth 2.0 for desktop apps (RFC 8252): builds the consent URL and
// parses the redirect. Opens and sends nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bqconn/core/secret.hpp"

namespace bqconn::auth {

// Ties a redirect to the request.
struct Consent {
    Secret verifier;    // PKCE (RFC 7636); only its hash is in the URL
    std::string state;  // returned in the redirect
};

Consent new_consent();

// The page that asks for both scopes and always for a refresh token. Contains no secret.
std::string consent_url(const std::string& auth_url, const std::string& client_id,
                        const std::string& redirect_uri, const Consent& consent);

// The parameters of the redirect: a code or an error.
struct Answer {
    Secret code;
    std::string error;  // "access_denied", …, as received
    std::string state;  // empty: none received
};

// Parses the redirect URL, or its path and query. None if it has neither code nor error, both, or a
// duplicate parameter.
std::optional<Answer> read_answer(std::string_view address);

// Parses pasted text: the redirect URL or the bare code. None if it is neither.
std::optional<Answer> read_pasted(std::string_view text);

// Throws Error (auth) that explains the refusal.
[[noreturn]] void refuse_consent(const Answer& answer);

}  // namespace bqconn::auth
