// Credential files of each kind, as their tools write them, and how a bad one is refused.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "bqconn/config/credential_file.hpp"
#include "support/expect_error.hpp"

namespace bqconn::config::samples {

using nlohmann::json;

// Used as every secret in the samples.
inline const std::string canary = "qvxzjkwpyq";

inline const std::string authorized_user_text = R"({
  "type": "authorized_user",
  "client_id": "client.apps.googleusercontent.com",
  "client_secret": "s-qvxzjkwpyq",
  "refresh_token": "r-qvxzjkwpyq",
  "quota_project_id": "demo-project"
}
)";

inline const std::string oauth_client_text =
    R"({"installed":{"client_id":"client.apps.googleusercontent.com","project_id":"demo-project",)"
    R"("client_secret":"s-qvxzjkwpyq","redirect_uris":["http://localhost"]}})";

inline const std::string aepp_text = R"({
    "org_id": "ABCDEF@AdobeOrg",
    "client_id": "made-up-api-key",
    "secret": "s-qvxzjkwpyq",
    "sandbox-name": "dev",
    "environment": "prod",
    "scopes": "openid, session,AdobeID"
})";

inline const std::string postman_text = R"({
    "name": "OAuth Server-to-Server",
    "values": [
        {"key": "CLIENT_SECRET", "value": "s-qvxzjkwpyq", "enabled": true, "type": "secret"},
        {"key": "API_KEY", "value": "made-up-api-key", "enabled": true},
        {"key": "SCOPES", "value": "openid,session"},
        {"key": "ACCESS_TOKEN", "value": "t-qvxzjkwpyq"},
        {"key": "IMS", "value": "ims-na1.adobelogin.com", "enabled": true},
        {"key": "IMS_ORG", "value": "ABCDEF@AdobeOrg", "enabled": true},
        {"key": "SANDBOX_NAME", "value": "dev", "enabled": true}
    ]
})";

inline const std::string console_text = R"({"project": {
    "id": "1", "name": "Demo", "org": {"id": "2", "ims_org_id": "ABCDEF@AdobeOrg"},
    "workspace": {"id": "3", "details": {"credentials": [{
        "id": "4", "name": "Credential in Demo", "integration_type": "oauth_server_to_server",
        "oauth_server_to_server": {
            "client_id": "made-up-api-key",
            "client_secrets": ["s-qvxzjkwpyq", "second-qvxzjkwpyq"],
            "scopes": ["openid", "AdobeID", "session"]
        }}], "services": []}}}})";

// `text` with the member at `pointer` replaced.
inline std::string with(const std::string& text, const std::string& pointer, const json& value) {
    json document = json::parse(text);
    document[json::json_pointer(pointer)] = value;
    return document.dump(1);
}

inline std::string without(const std::string& text, const std::string& parent,
                           const std::string& key) {
    json document = json::parse(text);
    document[json::json_pointer(parent)].erase(key);
    return document.dump(1);
}

inline Error refusal_of(const std::string& text) {
    const Error error = tests::error_of([&] { recognise_credentials(text, "c.json"); });
    EXPECT_EQ(error.exit_code(), ExitCode::config);
    EXPECT_EQ(error.code(), "config.credentials");
    EXPECT_TRUE(error.message().starts_with("c.json:")) << error.message();
    EXPECT_FALSE(tests::leaks(tests::all_of(error), canary)) << tests::all_of(error);
    return error;
}

inline void expect_refusal(const std::string& text, const std::string& message,
                           const std::string& hint = "") {
    const Error error = refusal_of(text);
    EXPECT_EQ(error.message(), "c.json: " + message);
    EXPECT_NE(error.hint().find(hint), std::string::npos) << error.hint();
}

inline AdobeCredentials adobe(const std::string& text) {
    return std::get<AdobeCredentials>(recognise_credentials(text, "c.json"));
}

}  // namespace bqconn::config::samples
