// What an access token tells that makes every call fail.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "bqconn/auth/token_claims.hpp"
#include "bqconn/core/error.hpp"

namespace bqconn::commands {

// Why the platform would refuse the token together with this api key (`auth.other_client`,
// `auth.token_invalid`); none if nothing speaks against it.
std::optional<Error> refusal_of(const auth::TokenClaims& claims, const std::string& api_key,
                                std::chrono::sys_seconds now);

}  // namespace bqconn::commands
