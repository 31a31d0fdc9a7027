// The domain: a base connection to Google BigQuery, as Flow Service knows it. Plain values, no I/O.
// Source of the field names: Adobe's BigQuery tutorial and Flow Service API.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "bqconn/core/secret.hpp"

namespace bqconn::connection {

// The connection spec of Google BigQuery, the same for every cloud and auth kind.
inline constexpr std::string_view bigquery_spec_id = "3c9b37f8-13a6-43d8-bad3-b863b941fedd";
inline constexpr std::string_view bigquery_spec_version = "1.0";

// "Basic Authentication": an OAuth client of Google and a refresh token. Azure organisations only.
struct BasicAuth {
    std::string project;
    std::string client_id;
    Secret client_secret;
    Secret refresh_token;
    std::optional<std::string> large_results_dataset;
};

// "Service Authentication" on Azure: a service-account key.
struct ServiceAuth {
    std::string project;
    Secret key_file_content;  // the Base64 of the key file's bytes
    std::optional<std::string> large_results_dataset;
};

// "Service Authentication" on AWS: requires a dataset and has none for large results.
struct ServiceAuthOnAws {
    std::string project;
    Secret key_file_content;  // the Base64 of the key file's bytes
    std::string dataset;
};

using Auth = std::variant<BasicAuth, ServiceAuth, ServiceAuthOnAws>;

std::string_view auth_spec_name(
    const Auth& auth);  // "Basic Authentication" or "Service Authentication"

struct BaseConnection {
    std::string name;
    std::optional<std::string> description;
    Auth auth;
};

}  // namespace bqconn::connection
