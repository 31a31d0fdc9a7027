// The table of settings, the source of flags, variables, dotenv names, defaults, help and messages.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bqconn/connection/checks.hpp"

namespace bqconn::config {

enum class Setting {
    access_token,
    api_key,
    api_secret,
    scopes,
    no_cache,
    org_id,
    sandbox_name,
    name,
    description,
    if_exists,
    new_name,
    if_match,
    state,
    sort,
    limit,
    connection_name,
    table,
    into,
    map,
    mapping,
    columns,
    filter,
    every,
    delta,
    start,
    partial,
    dataflow_name,
    if_dataflow_exists,
    since,
    wait_timeout,
    parallel,
    project,
    client_id,
    client_secret,
    refresh_token,
    key_file,
    large_results_dataset,
    dataset,
    env_file,
    profile,
    credentials,
    allow_insecure_files,
    platform_url,
    ims_url,
    google_auth_url,
    google_token_url,
    bigquery_url,
    ca_file,
    connect_timeout,
    timeout,
    output,
    pager,
    log,
    log_file,
};

enum class Group { adobe, google, connection, dataflow, manifest, files, network, output };

std::string_view title_of(Group group);  // the heading in --help

enum class Takes {
    value,
    secret,  // a flag also takes @FILE and - ; the variable has a _FILE twin
    files,   // repeatable; the variable holds a list, separated by ':'
    list,    // repeatable; stored as lines
    yes_no,  // a flag without a value; the variable holds true or false
};

// What shell completion offers for a value.
enum class Offers {
    nothing,
    words,  // from the table
    files,
    profiles,
    sandbox_names,  // from here on: from the service
    connection_names,
    connection_ids,
    tables,  // of the connection already named
    dataflow_names,
    dataflow_ids,
    dataset_names,
};

// A text is empty if the setting has no such thing.
struct SettingSpec {
    Setting setting;
    Group group;
    Takes takes = Takes::value;
    std::string_view flag = {};        // "--project"
    std::string_view alias = {};       // a second spelling of the flag
    std::string_view variable = {};    // "BQCONN_PROJECT"
    std::string_view value_name = {};  // "ID", for help
    std::string_view help = {};
    // Where to find the value. Shown if it is missing; a new profile has a line for each such
    // setting.
    std::string_view where = {};
    std::string_view fallback = {};  // the default, if it depends on no other setting
    connection::Check check = connection::check_plain_value;  // unless there are words
    Offers offers = Offers::nothing;
    std::span<const std::string_view> words = {};  // the allowed values, if few
};

std::span<const SettingSpec> all_settings();
const SettingSpec& spec_of(Setting setting);

inline constexpr std::string_view default_profile = "default";

// None if the value may be valid. A path is checked when its file is looked up, not here.
std::optional<connection::Finding> check_value(const SettingSpec& spec, std::string_view value);

// Finds a secret given in the wrong place: "contains a Google refresh token", with the setting that
// takes it as the hint. None if the value contains no secret, or one that `spec` takes. A null
// `spec` takes none.
std::optional<connection::Finding> find_misplaced_secret(const SettingSpec* spec,
                                                         std::string_view value);

// The same for a value that must be the path of a file; `spec` is its setting.
std::optional<connection::Finding> find_secret_as_path(const SettingSpec& spec,
                                                       std::string_view path);

// "--api-key (BQCONN_API_KEY)"
std::string label_of(Setting setting);

inline constexpr std::string_view variable_prefix = "BQCONN_";
inline constexpr std::string_view file_twin_suffix = "_FILE";

// What a variable's name means.
struct Variable {
    const SettingSpec* spec = nullptr;
    bool is_file_twin = false;  // its value is the path of a file that holds the secret
};

// None for an unknown name.
std::optional<Variable> find_variable(std::string_view name);

// True for the names that `-o env` prints: they are ignored in the environment and in dotenv files.
bool is_result_variable(std::string_view name);

// The variable that an unknown BQCONN_ name was probably meant to be.
std::optional<std::string> nearest_variable(std::string_view name);

}  // namespace bqconn::config
