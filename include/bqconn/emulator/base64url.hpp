// RFC 4648 section 5 without padding, as in PKCE and JSON Web Tokens.
#pragma once

#include <string>
#include <string_view>

namespace bqconn::emulator {

std::string base64url(std::string_view bytes);

// `hex` must be pairs of lower-case hexadecimal digits.
std::string bytes_of_hex(std::string_view hex);

// The code challenge for this code verifier (RFC 7636, S256).
std::string code_challenge_of(std::string_view verifier);

}  // namespace bqconn::emulator
