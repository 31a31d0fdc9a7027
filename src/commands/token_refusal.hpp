// Reasons, found in an access token's claims, why every call with it would fail.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "bqconn/auth/access_token.hpp"
#include "bqconn/core/error.hpp"

namespace bqconn::commands {

// Why the platform would refuse the token with this API key (`auth.other_client`,
// `auth.token_invalid`); nullopt if no reason is known.
std::optional<Error> refusal_of(const auth::TokenClaims& claims, const std::string& api_key,
                                std::chrono::sys_seconds now);

}  // namespace bqconn::commands
