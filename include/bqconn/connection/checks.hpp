// Validates values locally before anything is sent. A finding says what is wrong and what the right
// form is; it never quotes a secret. The caller adds where the value came from.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bqconn::connection {

struct Finding {
    std::string problem;  // continues "<the setting> …": "must be a bare dataset id", …
    std::string hint;     // may be empty
};

using Check = std::optional<Finding> (*)(std::string_view value);

// Each returns none if the value may be valid.
std::optional<Finding> check_project_id(std::string_view value);
std::optional<Finding> check_dataset_id(std::string_view value);
std::optional<Finding> check_sandbox_name(std::string_view value);
std::optional<Finding> check_org_id(std::string_view value);
std::optional<Finding> check_connection_name(std::string_view value);
std::optional<Finding> check_scopes(std::string_view value);

// One line of UTF-8 without control characters: the rule for every other value, secret or not.
std::optional<Finding> check_plain_value(std::string_view value);

// check_plain_value, and no user name or password, because URLs are shown.
std::optional<Finding> check_url(std::string_view value);

// UTF-8 of any length and number of lines, without other control characters.
std::optional<Finding> check_description(std::string_view value);

// For a header value: check_plain_value, and visible ASCII only.
std::optional<Finding> check_header_value(std::string_view value);

// For the flags of dataflows: an interval of at least 15 minutes, a duration, a time, a percentage.
std::optional<Finding> check_every(std::string_view value);
std::optional<Finding> check_duration(std::string_view value);
std::optional<Finding> check_time(std::string_view value);
std::optional<Finding> check_since(std::string_view value);
std::optional<Finding> check_percent(std::string_view value);

// Finds a value that cannot be real: it still has quotes or blanks around it, or it is a word for a
// missing value, an unresolved reference or a placeholder. Not for free text.
std::optional<Finding> check_real_value(std::string_view value);

// Warnings for suspicious values; none if there is nothing to report.
std::optional<std::string> warn_client_id(std::string_view value);
std::optional<std::string> warn_refresh_token(std::string_view value);
std::optional<std::string> warn_access_token(std::string_view value);

}  // namespace bqconn::connection
