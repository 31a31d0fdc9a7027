// Sample values shared by several tests. None looks like a real credential.
#pragma once

#include "bqconn/connection/access.hpp"
#include "bqconn/connection/base_connection.hpp"
#include "bqconn/flow/service.hpp"

namespace bqconn::tests {

inline connection::BasicAuth basic_auth() {
    return {"my-project-123", "client.apps.googleusercontent.com", Secret("made-up client secret"),
            Secret("made-up refresh token"), std::nullopt};
}

inline connection::BaseConnection basic_connection() {
    return {"Warehouse", "From the tests", basic_auth()};
}

inline connection::Access access_with_token() {
    connection::Access access;
    access.platform_url = "https://platform.test";
    access.access_token = Secret("made-up-access-token");
    access.api_key = "made-up-api-key";
    access.org_id = "0123ABCD@AdobeOrg";
    access.sandbox_name = "prod";
    return access;
}

// With the user's own token, so that none is fetched.
inline flow::FlowService service_over(http::Transport& transport) {
    return {transport, access_with_token(), [](bool) { return Secret("made-up-access-token"); },
            false};
}

inline constexpr const char* created_body =
    R"({"id":"6990abad-977d-41b9-a85d-17ea8cf1c0e4","etag":"\"ca00acbf-0000-0200-0000-60149e1e0000\""})";

}  // namespace bqconn::tests
