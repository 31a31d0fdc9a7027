// JSON Web Tokens (RFC 7519) signed RS256 (RFC 7518), behind plain strings.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bqconn/core/secret.hpp"

namespace bqconn::crypto {

// `claims` is the text of a JSON object, `private_key` an unencrypted RSA key as PEM. Throws
// std::runtime_error, without a word of either, where they are not.
Secret sign_rs256(std::string_view claims, const Secret& private_key, std::string_view key_id);

// The claims, as the text of a JSON object, of a token that was signed RS256 by the owner of
// `public_key` (PEM) and that has not expired; none for any other, one of another algorithm
// included.
std::optional<std::string> verified_rs256(std::string_view token, std::string_view public_key);

// The claims of a token that says it is signed RS256, not verified: for what is only shown. None
// for anything else.
std::optional<std::string> unverified_claims(std::string_view token);

// As PEM. Throws std::runtime_error where `private_key` is no RSA key.
std::string public_key_of(const Secret& private_key);

// A new RSA key of 2048 bits, as PEM (PKCS #8).
Secret make_rsa_key();

}  // namespace bqconn::crypto
