// Sample values shared by several tests. None looks like a real credential.
#pragma once

#include <initializer_list>
#include <utility>

#include "bqconn/config/assemble.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/connection/base_connection.hpp"
#include "bqconn/flow/service.hpp"

namespace bqconn::tests {

// The settings of a project, and these. The content of a key file is made up.
using SettingValues = std::initializer_list<std::pair<config::Setting, const char*>>;
inline config::Settings settings_with(SettingValues values) {
    config::Settings settings;
    settings.set(config::Setting::project, "my-project-123", {});
    for (const auto& [setting, value] : values) {
        settings.set(setting, Secret(value), {});
    }
    if (settings.has(config::Setting::key_file)) {
        config::ServiceAccountKey key;
        key.text = Secret("made-up key file");
        settings.set_key(std::move(key));
    }
    return settings;
}

inline connection::Auth auth_with(SettingValues values) {
    config::Missing missing;
    return config::authentication(settings_with(values), missing);
}

inline connection::BaseConnection basic_connection() {
    return {"Warehouse", "From the tests",
            auth_with({{config::Setting::client_id, "client.apps.googleusercontent.com"},
                       {config::Setting::client_secret, "made-up client secret"},
                       {config::Setting::refresh_token, "made-up refresh token"}})};
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
    static auth::TokenSource tokens(Secret("made-up-access-token"));
    return {transport, access_with_token(), tokens};
}

inline constexpr const char* created_body =
    R"({"id":"6990abad-977d-41b9-a85d-17ea8cf1c0e4","etag":"\"ca00acbf-0000-0200-0000-60149e1e0000\""})";

}  // namespace bqconn::tests
