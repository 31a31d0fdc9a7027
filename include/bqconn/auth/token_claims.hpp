// Reads the claims of an Adobe access token. They are not verified: they are only for display and
// for finding mistakes early.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "bqconn/core/secret.hpp"

namespace bqconn::auth {

struct TokenClaims {
    std::string client_id;                               // empty: unknown
    std::optional<std::chrono::sys_seconds> expires_at;  // none: unknown
};

// Empty for an opaque token. Adobe's tokens have `client_id`, and `created_at` and `expires_in` in
// milliseconds, as strings (inferred from code that reads them).
TokenClaims claims_of(const Secret& token);

}  // namespace bqconn::auth
