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
    std::chrono::seconds lifetime{0};  // as IMS says; 0 if it does not
};

// POST /ims/token/v3 with everything in the form body, nothing in the query.
http::Request token_request(const connection::ClientCredentials& credentials,
                            const std::string& api_key);

// Throws Error: `auth` if IMS refuses the client, `unavailable` for 429 and 5xx, `bad_response` for
// an answer that holds no token, or what the transport throws.
AccessToken fetch_access_token(http::Transport& transport,
                               const connection::ClientCredentials& credentials,
                               const std::string& api_key);

}  // namespace bqconn::auth
