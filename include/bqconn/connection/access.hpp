// What a call to Adobe needs besides its content, and where Google's services are.
#pragma once

#include <optional>
#include <string>

#include "bqconn/core/secret.hpp"

namespace bqconn::connection {

// Fetches an access token (OAuth server-to-server).
struct ClientCredentials {
    std::string ims_url;  // checked, without a trailing slash
    Secret api_secret;
    std::string scopes;  // comma-separated
};

struct Access {
    std::string platform_url;                   // checked, without a trailing slash
    std::optional<Secret> access_token;         // given by the user; otherwise fetched
    std::optional<ClientCredentials> fetching;  // absent if the token is given
    std::string api_key;
    std::string org_id;
    std::string sandbox_name;
};

// Google's URLs; each checked, without a trailing slash.
struct GoogleServices {
    std::string auth_url;   // the consent page
    std::string token_url;  // the token service, without /token
    std::string bigquery_url;
};

}  // namespace bqconn::connection
