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

// A new one, of the form that Adobe's have and less than 1500 bytes long where the claims are
// short. What should be its signature is random: a key of our own would take long to make, and
// nobody could verify it. The emulator remembers the tokens it gave.
std::string adobe_token(const AdobeTokenClaims& claims);

}  // namespace bqconn::emulator
