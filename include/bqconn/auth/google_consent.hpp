// Google's consent in a browser, as OAuth 2.0 for desktop apps (RFC 8252) has it: the address that
// asks for it, and what the browser comes back with. Opens nothing and sends nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bqconn/core/secret.hpp"

namespace bqconn::auth {

// What ties an answer to its question.
struct Consent {
    Secret verifier;    // proof of who asked (PKCE, RFC 7636); only its hash is in the address
    std::string state;  // comes back with the answer
};

Consent new_consent();

// The page that asks for both scopes, and for a refresh token every time. Holds no secret.
std::string consent_url(const std::string& auth_url, const std::string& client_id,
                        const std::string& redirect_uri, const Consent& consent);

// What the browser came back with: a code or an error.
struct Answer {
    Secret code;
    std::string error;  // "access_denied", …, as it came
    std::string state;  // empty: none came
};

// Of the address that the browser was sent to, or its path and query. None if it holds neither or
// both, or anything twice.
std::optional<Answer> read_answer(std::string_view address);

// Of what a person pasted: that address, or the bare code. None if it is neither.
std::optional<Answer> read_pasted(std::string_view text);

// Throws Error (auth) that says what the refusal means.
[[noreturn]] void refuse_consent(const Answer& answer);

}  // namespace bqconn::auth
