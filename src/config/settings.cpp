#include "bqconn/config/settings.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace bqconn::config {
namespace {

using namespace connection;

using Words = std::span<const std::string_view>;

constexpr auto output_words =
    std::to_array<std::string_view>({"auto", "text", "json", "ndjson", "id", "etag", "env", "csv"});
constexpr auto sort_words = std::to_array<std::string_view>(
    {"name", "-name", "created", "-created", "updated", "-updated"});
constexpr auto log_words = std::to_array<std::string_view>({"error", "warn", "debug"});
constexpr auto if_exists_words = std::to_array<std::string_view>({"new", "error", "reuse"});

std::optional<Finding> one_of(std::string_view value, Words words) {
    std::string choice;
    for (const auto word : words) {
        if (value == word) {
            return std::nullopt;
        }
        choice += (choice.empty() ? "" : ", ") + std::string(word);
    }
    return Finding{"must be one of: " + choice, ""};
}

std::optional<Finding> check_output(std::string_view value) {
    return one_of(value, output_words);
}

std::optional<Finding> check_sort(std::string_view value) {
    return one_of(value, sort_words);
}

std::optional<Finding> check_limit(std::string_view value) {
    constexpr std::size_t most_digits = 7;
    const bool digits =
        !value.empty() && value.size() <= most_digits && value.front() != '0' &&
        std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits ? std::nullopt
                  : std::optional(Finding{"must be a whole number from 1 to 9999999", ""});
}

std::optional<Finding> check_log_level(std::string_view value) {
    return one_of(value, log_words);
}

std::optional<Finding> check_if_exists(std::string_view value) {
    return one_of(value, if_exists_words);
}

constexpr auto table = std::to_array<SettingSpec>({
    {Setting::access_token, Group::adobe, Takes::secret, "--access-token", "",
     "BQCONN_ACCESS_TOKEN", "TOKEN",
     "Adobe access token. If given, none is fetched and --api-secret is not needed",
     "Adobe Developer Console, your project, OAuth Server-to-Server, \"Generate access token\"",
     check_header_value},
    {Setting::api_key, Group::adobe, Takes::value, "--api-key", "", "BQCONN_API_KEY", "ID",
     "Adobe client id, sent as x-api-key. It must be the client the access token was issued to",
     "Adobe Developer Console, your project, OAuth Server-to-Server, \"Client ID\"",
     check_header_value},
    {Setting::api_secret, Group::adobe, Takes::secret, "--api-secret", "", "BQCONN_API_SECRET",
     "SECRET", "Adobe client secret, used to fetch an access token",
     "Adobe Developer Console, your project, OAuth Server-to-Server, \"Retrieve client secret\"",
     check_plain_value},
    {Setting::scopes, Group::adobe, Takes::value, "--scopes", "", "BQCONN_SCOPES", "LIST",
     "Scopes of the access token, comma-separated. Default: those for Adobe Experience Platform",
     "", check_scopes},
    {Setting::no_cache, Group::adobe, Takes::yes_no, "--no-cache", "", "BQCONN_NO_CACHE", "",
     "Do not cache access tokens in $XDG_CACHE_HOME/bqconn", "", nullptr},
    {Setting::org_id, Group::adobe, Takes::value, "--org-id", "", "BQCONN_ORG_ID", "ID",
     "Adobe organisation id, such as 0123ABCD@AdobeOrg",
     "Adobe Developer Console, your project, OAuth Server-to-Server, \"Organization ID\"",
     check_org_id},
    {Setting::sandbox_name, Group::adobe, Takes::value, "--sandbox-name", "--sandbox",
     "BQCONN_SANDBOX_NAME", "NAME",
     "Sandbox of the connection: its name, not its title. No default",
     "Adobe Experience Platform, Sandboxes, column \"Name\" (such as prod)", check_sandbox_name,
     Offers::sandbox_names},

    {Setting::project, Group::google, Takes::value, "--project", "", "BQCONN_PROJECT", "ID",
     "BigQuery project id. Defaults to the key file's project",
     "Google Cloud console, project picker, column \"ID\"", check_project_id},
    {Setting::client_id, Group::google, Takes::value, "--client-id", "", "BQCONN_CLIENT_ID", "ID",
     "Google OAuth client id (Basic Authentication)",
     "Google Cloud console, APIs & Services, Credentials, your OAuth client", check_plain_value},
    {Setting::client_secret, Group::google, Takes::secret, "--client-secret", "",
     "BQCONN_CLIENT_SECRET", "SECRET", "Google OAuth client secret (Basic Authentication)",
     "Google Cloud console, APIs & Services, Credentials, your OAuth client", check_plain_value},
    {Setting::refresh_token, Group::google, Takes::secret, "--refresh-token", "",
     "BQCONN_REFRESH_TOKEN", "TOKEN",
     "Google refresh token with the scopes bigquery and cloud-platform (Basic Authentication)",
     "Google's OAuth consent with your own client (docs/first-connection.md)", check_plain_value},
    {Setting::key_file, Group::google, Takes::value, "--key-file", "", "BQCONN_KEY_FILE", "FILE",
     "Google service-account key, as downloaded (Service Authentication)",
     "Google Cloud console, IAM & Admin, Service accounts, Keys, \"Create new key\", JSON",
     check_plain_value, Offers::files},
    {Setting::large_results_dataset, Group::google, Takes::value, "--large-results-dataset", "",
     "BQCONN_LARGE_RESULTS_DATASET", "ID",
     "Dataset for large results: a bare dataset id, in the region of the tables. The identity "
     "needs Data Editor on it",
     "", check_dataset_id},
    {Setting::dataset, Group::google, Takes::value, "--dataset", "", "BQCONN_DATASET", "ID",
     "Dataset to read. Required for Service Authentication on AWS; not allowed otherwise", "",
     check_dataset_id},

    {Setting::name, Group::connection, Takes::value, "--name", "", "", "NAME",
     "Name of the connection. Default for a new one: Google BigQuery <project>", "",
     check_connection_name, Offers::connection_names},
    {Setting::description, Group::connection, Takes::value, "--description", "", "", "TEXT",
     "Description of the connection", "", check_description},
    {Setting::if_exists, Group::connection, Takes::value, "--if-exists", "", "BQCONN_IF_EXISTS",
     "WHAT",
     "If the name exists: new (create another without looking), error (exit 7), reuse (print the "
     "existing connection). Default: new",
     "", check_if_exists, Offers::words, if_exists_words},

    {Setting::new_name, Group::connection, Takes::value, "--new-name", "", "", "NAME",
     "New name of the connection", "", check_connection_name},
    {Setting::if_match, Group::connection, Takes::value, "--if-match", "", "", "ETAG",
     "Change the connection only if this is still its etag (bqconn get -o etag). Default: the etag "
     "that bqconn reads first",
     "", check_header_value},
    {Setting::state, Group::connection, Takes::value, "--state", "", "", "STATE",
     "Only connections in this state, such as enabled or draft", "", check_plain_value},
    {Setting::sort, Group::connection, Takes::value, "--sort", "", "", "ORDER",
     "Sort by name, created or updated; a leading minus reverses the order (--sort=-created). "
     "Default: created",
     "", check_sort, Offers::words, sort_words},
    {Setting::limit, Group::connection, Takes::value, "--limit", "", "", "NUMBER",
     "Maximum number of connections", "", check_limit},

    {Setting::env_file, Group::files, Takes::files, "--env-file", "", "BQCONN_ENV_FILE", "FILE",
     "Read variables from a dotenv file. Repeatable; the last one wins", "", check_plain_value,
     Offers::files},
    {Setting::profile, Group::files, Takes::value, "--profile", "", "BQCONN_PROFILE", "NAME",
     "Read $XDG_CONFIG_HOME/bqconn/NAME.env. Default: default.env, if it exists", "",
     check_plain_value, Offers::profiles},
    {Setting::credentials, Group::files, Takes::files, "--credentials", "", "BQCONN_CREDENTIALS",
     "FILE",
     "Read a JSON file you already have, recognised by its content: Google service-account key, "
     "authorized_user, OAuth client; Adobe Developer Console download, aepp config, Postman "
     "environment. Repeatable",
     "", check_plain_value, Offers::files},
    {Setting::allow_insecure_files, Group::files, Takes::yes_no, "--allow-insecure-files", "",
     "BQCONN_ALLOW_INSECURE_FILES", "",
     "Accept files with secrets that other users can read, as in some containers", "", nullptr},

    {Setting::platform_url, Group::network, Takes::value, "--platform-url", "",
     "BQCONN_PLATFORM_URL", "URL",
     "Adobe Experience Platform. Default: https://platform.adobe.io. http:// is for this machine "
     "only",
     "", check_url},
    {Setting::ims_url, Group::network, Takes::value, "--ims-url", "", "BQCONN_IMS_URL", "URL",
     "Adobe's identity service. Default: https://ims-na1.adobelogin.com", "", check_url},
    {Setting::google_auth_url, Group::network, Takes::value, "--google-auth-url", "",
     "BQCONN_GOOGLE_AUTH_URL", "URL", "Google's consent page. Default: https://accounts.google.com",
     "", check_url},
    {Setting::google_token_url, Group::network, Takes::value, "--google-token-url", "",
     "BQCONN_GOOGLE_TOKEN_URL", "URL",
     "Google's token service. Default: https://oauth2.googleapis.com", "", check_url},
    {Setting::bigquery_url, Group::network, Takes::value, "--bigquery-url", "",
     "BQCONN_BIGQUERY_URL", "URL", "Google BigQuery. Default: https://bigquery.googleapis.com", "",
     check_url},
    {Setting::ca_file, Group::network, Takes::value, "--ca-file", "", "BQCONN_CA_FILE", "FILE",
     "PEM file of certificate authorities to trust instead of the system's. Also SSL_CERT_FILE, "
     "CURL_CA_BUNDLE",
     "", check_plain_value, Offers::files},
    {Setting::connect_timeout, Group::network, Takes::value, "--connect-timeout", "",
     "BQCONN_CONNECT_TIMEOUT", "SECONDS", "Connection timeout. Default: 10", "", check_plain_value},
    {Setting::timeout, Group::network, Takes::value, "--timeout", "", "BQCONN_TIMEOUT", "SECONDS",
     "Timeout for one call including its retries. Default: 75", "", check_plain_value},

    {Setting::output, Group::output, Takes::value, "--output", "-o", "BQCONN_OUTPUT", "FORMAT",
     "Output format. Default: auto (text on a terminal, otherwise json)", "", check_output,
     Offers::words, output_words},
    {Setting::pager, Group::output, Takes::value, "", "", "BQCONN_PAGER", "COMMAND",
     "Pager for long text results on a terminal. Default: PAGER; cat disables paging", "",
     check_plain_value},
    {Setting::log, Group::output, Takes::value, "", "", "BQCONN_LOG", "LEVEL",
     "Log level: error (same as -q), warn (default) or debug (same as -v)", "", check_log_level,
     Offers::words, log_words},
    {Setting::log_file, Group::output, Takes::value, "--log-file", "", "BQCONN_LOG_FILE", "FILE",
     "Append the log to a file (created with mode 0600) instead of stderr", "", check_plain_value,
     Offers::files},
});

}  // namespace

std::string_view title_of(Group group) {
    switch (group) {
        case Group::adobe:
            return "Adobe";
        case Group::google:
            return "Google";
        case Group::connection:
            return "Connection";
        case Group::files:
            return "Files";
        case Group::network:
            return "Network";
        case Group::output:
            return "Output";
    }
    return "";
}

std::span<const SettingSpec> all_settings() {
    return table;
}

const SettingSpec& spec_of(Setting setting) {
    for (const auto& spec : table) {
        if (spec.setting == setting) {
            return spec;
        }
    }
    throw std::logic_error("setting missing from the table");
}

}  // namespace bqconn::config
