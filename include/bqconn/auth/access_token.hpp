// Adobe access tokens: OAuth server-to-server of Adobe's identity service (IMS).
#pragma once

#include <chrono>
#include <string>

#include "bqconn/connection/access.hpp"
#include "bqconn/core/secret.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::auth {

struct AccessToken {
    Secret token;
    std::chrono::seconds lifetime{0};  // as reported by IMS; 0 if not
};

// POST /ims/token/v3; everything is in the form body, nothing in the query.
http::Request token_request(const connection::ClientCredentials& credentials,
                            const std::string& api_key);

// Throws Error: `auth` if IMS refuses the client, `unavailable` for 429 and 5xx, `bad_response` for
// a response without a token, or what the transport throws.
AccessToken fetch_access_token(http::Transport& transport,
                               const connection::ClientCredentials& credentials,
                               const std::string& api_key);

}  // namespace bqconn::auth
