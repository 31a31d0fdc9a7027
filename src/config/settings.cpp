#include "bqconn/config/settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"

namespace bqconn::config {
namespace {

using namespace connection;

constexpr auto output_words =
    std::to_array<std::string_view>({"auto", "text", "json", "ndjson", "id", "etag", "env", "csv"});
constexpr auto sort_words = std::to_array<std::string_view>(
    {"name", "-name", "created", "-created", "updated", "-updated"});
constexpr auto log_words = std::to_array<std::string_view>({"error", "warn", "debug"});
constexpr auto if_exists_words =
    std::to_array<std::string_view>({"new", "error", "reuse", "update"});
constexpr auto if_dataflow_exists_words =
    std::to_array<std::string_view>({"error", "reuse", "new"});

// A whole number from 1 to `most`, without leading zeros.
template <int most>
std::optional<Finding> check_number(std::string_view value) {
    int number = 0;
    const auto parsed = std::from_chars(value.begin(), value.end(), number);
    const bool valid = parsed.ec == std::errc() && parsed.ptr == value.end() &&
                       value.front() != '0' && number >= 1 && number <= most;
    return valid ? std::nullopt
                 : std::optional(
                       Finding{"must be a whole number from 1 to " + std::to_string(most), ""});
}

// Where a service is.
constexpr SettingSpec url(Setting setting, std::string_view flag, std::string_view variable,
                          std::string_view fallback, std::string_view help) {
    return {.setting = setting,
            .group = Group::network,
            .flag = flag,
            .variable = variable,
            .value_name = "URL",
            .help = help,
            .fallback = fallback,
            .check = check_url};
}

constexpr auto table = std::to_array<SettingSpec>({
    {.setting = Setting::access_token,
     .group = Group::adobe,
     .takes = Takes::secret,
     .flag = "--access-token",
     .variable = "BQCONN_ACCESS_TOKEN",
     .value_name = "TOKEN",
     .help = "Adobe access token. If given, none is fetched and --api-secret is not needed",
     .where =
         "Adobe Developer Console, your project, OAuth Server-to-Server, \"Generate access token\"",
     .check = check_header_value},
    {.setting = Setting::api_key,
     .group = Group::adobe,
     .flag = "--api-key",
     .variable = "BQCONN_API_KEY",
     .value_name = "ID",
     .help =
         "Adobe client id, sent as x-api-key. It must be the client the access token was issued to",
     .where = "Adobe Developer Console, your project, OAuth Server-to-Server, \"Client ID\"",
     .check = check_header_value},
    {.setting = Setting::api_secret,
     .group = Group::adobe,
     .takes = Takes::secret,
     .flag = "--api-secret",
     .variable = "BQCONN_API_SECRET",
     .value_name = "SECRET",
     .help = "Adobe client secret, used to fetch an access token",
     .where = "Adobe Developer Console, your project, OAuth Server-to-Server, \"Retrieve client "
              "secret\""},
    {.setting = Setting::scopes,
     .group = Group::adobe,
     .flag = "--scopes",
     .variable = "BQCONN_SCOPES",
     .value_name = "LIST",
     .help = "Scopes of the access token, comma-separated. Default: those for Adobe Experience "
             "Platform",
     .fallback =
         "openid,session,AdobeID,read_organizations,additional_info.projectedProductContext",
     .check = check_scopes},
    {.setting = Setting::no_cache,
     .group = Group::adobe,
     .takes = Takes::yes_no,
     .flag = "--no-cache",
     .variable = "BQCONN_NO_CACHE",
     .help = "Do not cache access tokens in $XDG_CACHE_HOME/bqconn",
     .fallback = "false"},
    {.setting = Setting::org_id,
     .group = Group::adobe,
     .flag = "--org-id",
     .variable = "BQCONN_ORG_ID",
     .value_name = "ID",
     .help = "Adobe organisation id, such as 0123ABCD@AdobeOrg",
     .where = "Adobe Developer Console, your project, OAuth Server-to-Server, \"Organization ID\"",
     .check = check_org_id},
    {.setting = Setting::sandbox_name,
     .group = Group::adobe,
     .flag = "--sandbox-name",
     .alias = "--sandbox",
     .variable = "BQCONN_SANDBOX_NAME",
     .value_name = "NAME",
     .help = "Sandbox to work in: its name, not its title. No default",
     .where = "Adobe Experience Platform, Sandboxes, column \"Name\" (such as prod)",
     .check = check_sandbox_name,
     .offers = Offers::sandbox_names},

    {.setting = Setting::project,
     .group = Group::google,
     .flag = "--project",
     .variable = "BQCONN_PROJECT",
     .value_name = "ID",
     .help = "BigQuery project id. Defaults to the key file's project",
     .where = "Google Cloud console, project picker, column \"ID\"",
     .check = check_project_id},
    {.setting = Setting::client_id,
     .group = Group::google,
     .flag = "--client-id",
     .variable = "BQCONN_CLIENT_ID",
     .value_name = "ID",
     .help = "Google OAuth client id (Basic Authentication)",
     .where = "Google Cloud console, APIs & Services, Credentials, your OAuth client"},
    {.setting = Setting::client_secret,
     .group = Group::google,
     .takes = Takes::secret,
     .flag = "--client-secret",
     .variable = "BQCONN_CLIENT_SECRET",
     .value_name = "SECRET",
     .help = "Google OAuth client secret (Basic Authentication)",
     .where = "Google Cloud console, APIs & Services, Credentials, your OAuth client"},
    {.setting = Setting::refresh_token,
     .group = Group::google,
     .takes = Takes::secret,
     .flag = "--refresh-token",
     .variable = "BQCONN_REFRESH_TOKEN",
     .value_name = "TOKEN",
     .help =
         "Google refresh token with the scopes bigquery and cloud-platform (Basic Authentication)",
     .where = "Google's OAuth consent with your own client (docs/first-connection.md)"},
    {.setting = Setting::key_file,
     .group = Group::google,
     .flag = "--key-file",
     .variable = "BQCONN_KEY_FILE",
     .value_name = "FILE",
     .help = "Google service-account key, as downloaded (Service Authentication)",
     .where = "Google Cloud console, IAM & Admin, Service accounts, Keys, \"Create new key\", JSON",
     .offers = Offers::files},
    {.setting = Setting::large_results_dataset,
     .group = Group::google,
     .flag = "--large-results-dataset",
     .variable = "BQCONN_LARGE_RESULTS_DATASET",
     .value_name = "ID",
     .help = "Dataset for large results: a bare dataset id. It must be in the region of the "
             "tables, and the identity needs Data Editor on it",
     .check = check_dataset_id},
    {.setting = Setting::dataset,
     .group = Group::google,
     .flag = "--dataset",
     .variable = "BQCONN_DATASET",
     .value_name = "ID",
     .help = "Dataset to read. Required for Service Authentication on AWS; not allowed otherwise",
     .check = check_dataset_id},

    {.setting = Setting::name,
     .group = Group::connection,
     .flag = "--name",
     .value_name = "NAME",
     .help = "Name of the connection. Default for a new one: Google BigQuery <project>",
     .check = check_connection_name,
     .offers = Offers::connection_names},
    {.setting = Setting::description,
     .group = Group::connection,
     .flag = "--description",
     .value_name = "TEXT",
     .help = "Description",
     .check = check_description},
    {.setting = Setting::if_exists,
     .group = Group::connection,
     .flag = "--if-exists",
     .variable = "BQCONN_IF_EXISTS",
     .value_name = "WHAT",
     .help = "If the name exists: new (create another without looking), error (exit 7), reuse "
             "(print the existing connection), update (replace its credentials). Default: new",
     .fallback = "new",
     .offers = Offers::words,
     .words = if_exists_words},
    {.setting = Setting::new_name,
     .group = Group::connection,
     .flag = "--new-name",
     .value_name = "NAME",
     .help = "New name",
     .check = check_connection_name},
    {.setting = Setting::if_match,
     .group = Group::connection,
     .flag = "--if-match",
     .value_name = "ETAG",
     .help =
         "Change it only if this is still its etag, as get -o etag prints it, with or without its "
         "quotes. Default: the etag that bqconn reads first",
     .check = check_header_value},
    {.setting = Setting::state,
     .group = Group::connection,
     .flag = "--state",
     .value_name = "STATE",
     .help = "Only connections in this state, such as enabled or draft"},
    {.setting = Setting::sort,
     .group = Group::connection,
     .flag = "--sort",
     .value_name = "ORDER",
     .help = "Sort by name, created or updated; a leading minus reverses the order "
             "(--sort=-created). Default: created",
     .fallback = "created",
     .offers = Offers::words,
     .words = sort_words},
    {.setting = Setting::limit,
     .group = Group::connection,
     .flag = "--limit",
     .value_name = "NUMBER",
     .help = "Maximum number to list",
     .check = check_number<9'999'999>},

    {.setting = Setting::dataflow_name,
     .group = Group::dataflow,
     .flag = "--name",
     .value_name = "NAME",
     .help = "Name of the dataflow. Default for a new one: <table> to <dataset>",
     .check = check_connection_name,
     .offers = Offers::dataflow_names},
    {.setting = Setting::connection_name,
     .group = Group::dataflow,
     .flag = "--connection-name",
     .value_name = "NAME",
     .help = "Name of the base connection, instead of its ID",
     .check = check_connection_name,
     .offers = Offers::connection_names},
    {.setting = Setting::table,
     .group = Group::dataflow,
     .flag = "--table",
     .value_name = "DATASET.TABLE",
     .help = "Table to read (bqconn explore lists tables)",
     .offers = Offers::tables},
    {.setting = Setting::into,
     .group = Group::dataflow,
     .flag = "--into",
     .value_name = "DATASET",
     .help = "Experience Platform dataset to write to: its ID or exact name (bqconn datasets)",
     .offers = Offers::dataset_names},
    {.setting = Setting::map,
     .group = Group::dataflow,
     .takes = Takes::list,
     .flag = "--map",
     .value_name = "COLUMN=PATH",
     .help = "Write a column, an expression or a \"text\" to a field of the schema (bqconn schemas "
             "ID lists the paths). Repeatable. dataflow create --map auto prints a mapping of "
             "columns to fields of the same name, for --mapping, and creates nothing"},
    {.setting = Setting::mapping,
     .group = Group::dataflow,
     .flag = "--mapping",
     .value_name = "FILE",
     .help = "Read the mapping from a file: JSON in Data Prep's format, or lines of "
             "source,destination",
     .offers = Offers::files},
    {.setting = Setting::columns,
     .group = Group::dataflow,
     .flag = "--columns",
     .value_name = "LIST",
     .help = "Columns to read, comma-separated, including the delta column. Default: all"},
    {.setting = Setting::filter,
     .group = Group::dataflow,
     .flag = "--filter",
     .value_name = "FILE",
     .help = "Read only rows that match the filter in a file: JSON in Flow Service's format (PQL)",
     .offers = Offers::files},
    {.setting = Setting::every,
     .group = Group::dataflow,
     .flag = "--every",
     .value_name = "INTERVAL",
     .help = "How often to run: 15m (the minimum), 1h, 1d, 1w",
     .check = check_every},
    {.setting = Setting::delta,
     .group = Group::dataflow,
     .flag = "--delta",
     .value_name = "COLUMN",
     .help = "Column with the time (UTC) of a row's last change, by which each run finds new rows; "
             "rows without a value in it are never copied"},
    {.setting = Setting::start,
     .group = Group::dataflow,
     .flag = "--start",
     .value_name = "TIME",
     .help = "When to run first: 2026-12-01T06:00:00Z, or +2h from now. Default: in a minute",
     .check = check_time},
    {.setting = Setting::partial,
     .group = Group::dataflow,
     .flag = "--partial",
     .value_name = "PERCENT",
     .help = "Percentage of a run's rows that may be rejected before it fails. Default: none",
     .check = check_percent},
    {.setting = Setting::if_dataflow_exists,
     .group = Group::dataflow,
     .flag = "--if-exists",
     .value_name = "WHAT",
     .help = "If a dataflow already copies this table into this dataset: error (exit 7), reuse "
             "(print it), new (create another, which copies the rows again). Default: error",
     .fallback = "error",
     .offers = Offers::words,
     .words = if_dataflow_exists_words},
    {.setting = Setting::since,
     .group = Group::dataflow,
     .flag = "--since",
     .value_name = "TIME",
     .help = "Start of the period: 7d or 12h ago, or 2026-12-01T06:00:00Z",
     .check = check_since},
    {.setting = Setting::wait_timeout,
     .group = Group::dataflow,
     .flag = "--wait-timeout",
     .value_name = "TIME",
     .help = "How long --wait waits: 90s, 30m, 2h. Default: 150m",
     .fallback = "150m",
     .check = check_duration},

    {.setting = Setting::parallel,
     .group = Group::manifest,
     .flag = "--parallel",
     .variable = "BQCONN_PARALLEL",
     .value_name = "NUMBER",
     .help = "Number of calls to make at the same time, from 1 to 32. Default: 4",
     .fallback = "4",
     .check = check_number<32>},

    {.setting = Setting::env_file,
     .group = Group::files,
     .takes = Takes::files,
     .flag = "--env-file",
     .variable = "BQCONN_ENV_FILE",
     .value_name = "FILE",
     .help = "Read variables from a dotenv file. Repeatable; the last one wins",
     .offers = Offers::files},
    {.setting = Setting::profile,
     .group = Group::files,
     .flag = "--profile",
     .variable = "BQCONN_PROFILE",
     .value_name = "NAME",
     .help = "Read $XDG_CONFIG_HOME/bqconn/NAME.env. Default: default.env, if it exists",
     .fallback = default_profile,
     .offers = Offers::profiles},
    {.setting = Setting::credentials,
     .group = Group::files,
     .takes = Takes::files,
     .flag = "--credentials",
     .variable = "BQCONN_CREDENTIALS",
     .value_name = "FILE",
     .help = "Read a JSON file you already have, recognised by its content: Google service-account "
             "key, authorized_user, OAuth client; Adobe Developer Console download, aepp config, "
             "Postman environment. Repeatable",
     .offers = Offers::files},
    {.setting = Setting::allow_insecure_files,
     .group = Group::files,
     .takes = Takes::yes_no,
     .flag = "--allow-insecure-files",
     .variable = "BQCONN_ALLOW_INSECURE_FILES",
     .help = "Accept secret files even if other users can read them, as in some containers",
     .fallback = "false"},

    url(Setting::platform_url, "--platform-url", "BQCONN_PLATFORM_URL", "https://platform.adobe.io",
        "Adobe Experience Platform. Default: https://platform.adobe.io. http:// is accepted "
        "only for this machine"),
    url(Setting::ims_url, "--ims-url", "BQCONN_IMS_URL", "https://ims-na1.adobelogin.com",
        "Adobe's identity service. Default: https://ims-na1.adobelogin.com"),
    url(Setting::google_auth_url, "--google-auth-url", "BQCONN_GOOGLE_AUTH_URL",
        "https://accounts.google.com",
        "Google's consent page. Default: https://accounts.google.com"),
    url(Setting::google_token_url, "--google-token-url", "BQCONN_GOOGLE_TOKEN_URL",
        "https://oauth2.googleapis.com",
        "Google's token service. Default: https://oauth2.googleapis.com"),
    url(Setting::bigquery_url, "--bigquery-url", "BQCONN_BIGQUERY_URL",
        "https://bigquery.googleapis.com",
        "Google BigQuery. Default: https://bigquery.googleapis.com"),
    {.setting = Setting::ca_file,
     .group = Group::network,
     .flag = "--ca-file",
     .variable = "BQCONN_CA_FILE",
     .value_name = "FILE",
     .help = "PEM file of certificate authorities to trust instead of the system's. Also "
             "SSL_CERT_FILE, CURL_CA_BUNDLE",
     .offers = Offers::files},
    {.setting = Setting::connect_timeout,
     .group = Group::network,
     .flag = "--connect-timeout",
     .variable = "BQCONN_CONNECT_TIMEOUT",
     .value_name = "SECONDS",
     .help = "Connection timeout. Default: 10",
     .fallback = "10"},
    {.setting = Setting::timeout,
     .group = Group::network,
     .flag = "--timeout",
     .variable = "BQCONN_TIMEOUT",
     .value_name = "SECONDS",
     .help = "Timeout for one call including its retries. Default: 75",
     .fallback = "75"},

    {.setting = Setting::output,
     .group = Group::output,
     .flag = "--output",
     .alias = "-o",
     .variable = "BQCONN_OUTPUT",
     .value_name = "FORMAT",
     .help = "Output format. Default: auto (text on a terminal, otherwise json)",
     .fallback = "auto",
     .offers = Offers::words,
     .words = output_words},
    {.setting = Setting::pager,
     .group = Group::output,
     .variable = "BQCONN_PAGER",
     .value_name = "COMMAND",
     .help = "Pager for long text results on a terminal. Default: PAGER; cat disables paging"},
    {.setting = Setting::log,
     .group = Group::output,
     .variable = "BQCONN_LOG",
     .value_name = "LEVEL",
     .help = "Log level: error (same as -q), warn (default) or debug (same as -v)",
     .fallback = "warn",
     .offers = Offers::words,
     .words = log_words},
    {.setting = Setting::log_file,
     .group = Group::output,
     .flag = "--log-file",
     .variable = "BQCONN_LOG_FILE",
     .value_name = "FILE",
     .help = "Append the log to a file (created with mode 0600) instead of stderr",
     .offers = Offers::files},
});

// ---- secrets in the wrong place

struct Place {
    SecretShape shape;
    std::optional<Setting> setting;  // that takes it
    std::string_view hint = {};      // otherwise
};

constexpr std::array places{
    Place{SecretShape::json,
          {},
          "write it to a file and name that file: --key-file takes a service-account key, "
          "--credentials any credential file"},
    Place{SecretShape::pem,
          {},
          "--key-file takes the path of the whole JSON file, as downloaded from Google"},
    Place{SecretShape::encoded_key,
          {},
          "decode it into a file and name that file: printf '%s' \"$KEY\" | base64 -d >key.json"},
    Place{SecretShape::assignment,
          {},
          "set the variable in the environment, or write the line to a file for --env-file"},
    Place{SecretShape::adobe_client_secret, Setting::api_secret},
    Place{SecretShape::google_client_secret, Setting::client_secret},
    Place{SecretShape::google_refresh_token, Setting::refresh_token},
    Place{SecretShape::access_token, Setting::access_token},
};

std::string where_it_belongs(SecretShape shape) {
    const auto* const place = std::find_if(
        places.begin(), places.end(), [shape](const Place& one) { return one.shape == shape; });
    return place == places.end() ? "it is not shown, because it may be a secret or a part of one"
           : place->setting      ? label_of(*place->setting) + " takes it"
                                 : std::string(place->hint);
}

// Whether a secret setting may hold text of this shape. Documents and the secrets of another
// setting are mistakes; other services' tokens may begin like an access token.
bool may_hold(const SettingSpec& spec, SecretShape shape) {
    return shape == SecretShape::access_token ||
           std::none_of(places.begin(), places.end(), [&](const Place& one) {
               return one.shape == shape && one.setting != spec.setting;
           });
}

// JSON or NAME=value in a text of the user's own, without a word for a secret.
bool is_harmless(std::optional<SecretShape> shape, std::string_view text) {
    constexpr auto words =
        std::to_array<std::string_view>({"secret", "token", "private", "password"});
    const std::string lower = to_lower_ascii(text);
    return (shape == SecretShape::json || shape == SecretShape::assignment) &&
           std::none_of(words.begin(), words.end(), [&lower](std::string_view word) {
               return lower.find(word) != std::string::npos;
           });
}

// A path where the secret itself should be, also with the "@" that only flags take.
std::optional<Finding> find_path_as_secret(const SettingSpec& spec, std::string_view value) {
    value.remove_prefix(value.starts_with('@') ? 1 : 0);
    const bool path = value.starts_with('/') || value.starts_with("./") ||
                      value.starts_with("../") || value.starts_with("~/");
    return path ? std::optional(Finding{"is a path, not the secret",
                                        "pass the path as " + std::string(spec.variable) +
                                            std::string(file_twin_suffix) + " or " +
                                            std::string(spec.flag) + " @FILE"})
                : std::nullopt;
}

constexpr std::array<std::string_view, 2> result_variables{"BQCONN_CONNECTION_ID",
                                                           "BQCONN_CONNECTION_ETAG"};

}  // namespace

std::string_view title_of(Group group) {
    constexpr auto titles = std::to_array<std::string_view>(
        {"Adobe", "Google", "Connection", "Dataflow", "Manifest", "Files", "Network", "Output"});
    return titles.at(static_cast<std::size_t>(group));
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

std::optional<Finding> find_misplaced_secret(const SettingSpec* spec, std::string_view value) {
    const auto shape = secret_shape(value);
    if (spec != nullptr && spec->setting == Setting::description && is_harmless(shape, value)) {
        return std::nullopt;
    }
    if (!shape || (spec != nullptr && spec->takes == Takes::secret && may_hold(*spec, *shape))) {
        return std::nullopt;
    }
    return Finding{"contains " + std::string(name_of(*shape)), where_it_belongs(*shape)};
}

std::optional<Finding> find_secret_as_path(const SettingSpec& spec, std::string_view path) {
    const auto shape = secret_shape(path);
    if (!shape) {
        return std::nullopt;
    }
    const bool document = *shape == SecretShape::json || *shape == SecretShape::pem ||
                          *shape == SecretShape::encoded_key;
    const bool is_key = spec.setting == Setting::key_file && document;
    // The right text for the file.
    const bool is_content = (*shape == SecretShape::pem && spec.setting == Setting::ca_file) ||
                            (*shape == SecretShape::json && (spec.setting == Setting::key_file ||
                                                             spec.setting == Setting::credentials));
    return Finding{"holds " + std::string(is_key ? "the key" : name_of(*shape)) +
                       " itself; it must name a file",
                   is_content ? "write it to a file and name that file: (umask 077; printf '%s' "
                                "\"$TEXT\" >FILE)"
                              : where_it_belongs(*shape)};
}

std::optional<Finding> check_value(const SettingSpec& spec, std::string_view value) {
    if (spec.words.empty()) {
        const bool path = spec.offers == Offers::files;
        const bool text = spec.group == Group::connection || spec.group == Group::dataflow ||
                          spec.group == Group::output;
        auto finding = path ? std::nullopt : find_misplaced_secret(&spec, value);
        if (!finding && !path && !text) {
            finding = check_real_value(value);
        }
        if (!finding && spec.takes == Takes::secret) {
            finding = find_path_as_secret(spec, value);
        }
        return finding ? finding : spec.check(value);
    }
    if (std::find(spec.words.begin(), spec.words.end(), value) != spec.words.end()) {
        return std::nullopt;
    }
    return Finding{"must be one of: " + join(spec.words, ", "), ""};
}

std::string label_of(Setting setting) {
    const auto& spec = spec_of(setting);
    if (spec.flag.empty() || spec.variable.empty()) {
        return std::string(spec.flag.empty() ? spec.variable : spec.flag);
    }
    return std::string(spec.flag) + " (" + std::string(spec.variable) + ")";
}

std::optional<Variable> find_variable(std::string_view name) {
    for (const auto& spec : table) {
        if (spec.variable.empty() || !name.starts_with(spec.variable)) {
            continue;
        }
        const auto rest = name.substr(spec.variable.size());
        if (rest.empty() || (spec.takes == Takes::secret && rest == file_twin_suffix)) {
            return Variable{&spec, !rest.empty()};
        }
    }
    return std::nullopt;
}

bool is_result_variable(std::string_view name) {
    return name == result_variables[0] || name == result_variables[1];
}

std::optional<std::string> nearest_variable(std::string_view name) {
    std::vector<std::string_view> names;
    for (const auto& spec : table) {
        if (!spec.variable.empty()) {
            names.push_back(spec.variable.substr(variable_prefix.size()));
        }
    }
    // The common prefix would make all names look similar.
    name.remove_prefix(std::min(name.size(), variable_prefix.size()));
    const auto meant = nearest(name, names);
    return meant ? std::optional(std::string(variable_prefix) + *meant) : std::nullopt;
}

}  // namespace bqconn::config
