// JSON Web Tokens (RFC 7519) signed with RS256 (RFC 7518), and the RSA keys for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bqconn/core/secret.hpp"

namespace bqconn::crypto {

// `claims` is a serialised JSON object, `private_key` an unencrypted RSA key as PEM. Otherwise
// throws std::runtime_error, which quotes neither.
Secret sign_rs256(std::string_view claims, const Secret& private_key, std::string_view key_id);

// The claims, as a serialised JSON object, of an unexpired token signed with RS256 by the owner of
// `public_key` (PEM); none for any other token or algorithm.
std::optional<std::string> verified_rs256(std::string_view token, std::string_view public_key);

// The unverified claims of a token that declares RS256, only for display. None for anything else.
std::optional<std::string> unverified_claims(std::string_view token);

// Whether `pem` is an unencrypted RSA private key that OpenSSL can read, as Google issues.
bool is_rsa_private_key(std::string_view pem);

// As PEM. Throws std::runtime_error if `private_key` is not an RSA key.
std::string public_key_of(const Secret& private_key);

// A new RSA key of 2048 bits, as PEM (PKCS #8).
Secret make_rsa_key();

}  // namespace bqconn::crypto
