// The access tokens of Adobe's IMS: JSON Web Tokens.
#pragma once

#include <cstdint>
#include <string>

namespace bqconn::emulator {

struct AdobeTokenClaims {
    std::string client_id;
    std::string scopes;
    std::int64_t created_at = 0;  // epoch milliseconds
};

// Creates a token in Adobe's format, under 1500 bytes if the claims are short. The signature is
// random: generating a key is slow, and nobody could verify it. The emulator remembers the tokens
// it issues.
std::string adobe_token(const AdobeTokenClaims& claims);

}  // namespace bqconn::emulator
