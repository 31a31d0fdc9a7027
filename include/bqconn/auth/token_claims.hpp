// What an access token of Adobe tells of itself. Nothing of it is verified: it is for what is shown
// and for finding mistakes early; the platform decides.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "bqconn/core/secret.hpp"

namespace bqconn::auth {

struct TokenClaims {
    std::string client_id;                               // empty: it does not tell
    std::optional<std::chrono::sys_seconds> expires_at;  // none: it does not tell
};

// Of an opaque token: nothing. Adobe's tokens have `client_id`, and `created_at` and `expires_in`
// in milliseconds, as strings (inferred from what reads them).
TokenClaims claims_of(const Secret& token);

}  // namespace bqconn::auth
