#include "commands/token_refusal.hpp"

#include "bqconn/output/table.hpp"

namespace bqconn::commands {

std::optional<Error> refusal_of(const auth::TokenClaims& claims, const std::string& api_key,
                                std::chrono::sys_seconds now) {
    if (!claims.client_id.empty() && !api_key.empty() && claims.client_id != api_key) {
        return Error(ExitCode::auth, "auth.other_client",
                     "the access token was issued to client " + claims.client_id +
                         ", but the API key is " + api_key,
                     "give the API key of that client, or replace the token with --api-secret "
                     "(BQCONN_API_SECRET) so that one is fetched");
    }
    if (claims.expires_at && *claims.expires_at <= now) {
        return Error(ExitCode::auth, "auth.token_invalid",
                     "the access token expired on " + output::utc_time(*claims.expires_at),
                     "generate a new one in Adobe Developer Console, or replace it with "
                     "--api-secret (BQCONN_API_SECRET) so that one is fetched");
    }
    return std::nullopt;
}

}  // namespace bqconn::commands
