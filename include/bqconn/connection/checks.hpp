// What can be known of a value before a byte is sent. A finding says what is wrong and what the
// right form is; it never quotes a secret. Where the value came from is the caller's to add.
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

// Each answers none if the value can be right.
std::optional<Finding> check_project_id(std::string_view value);
std::optional<Finding> check_dataset_id(std::string_view value);
std::optional<Finding> check_sandbox_name(std::string_view value);
std::optional<Finding> check_org_id(std::string_view value);
std::optional<Finding> check_connection_name(std::string_view value);
std::optional<Finding> check_scopes(std::string_view value);

// One line of UTF-8 without control characters: the rule for every other value, secret or not.
std::optional<Finding> check_plain_value(std::string_view value);

// check_plain_value, and no user name or password: a URL is shown.
std::optional<Finding> check_url(std::string_view value);

// UTF-8 of any length and number of lines, without other control characters.
std::optional<Finding> check_description(std::string_view value);

// A value that will go into a header: check_plain_value, and visible ASCII only.
std::optional<Finding> check_header_value(std::string_view value);

// Odd but possible: what to warn of. None if there is nothing to say.
std::optional<std::string> warn_client_id(std::string_view value);
std::optional<std::string> warn_refresh_token(std::string_view value);
std::optional<std::string> warn_access_token(std::string_view value);

}  // namespace bqconn::connection
