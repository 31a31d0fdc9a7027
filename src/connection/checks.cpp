#include "bqconn/connection/checks.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <regex>
#include <span>
#include <string>
#include <utility>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/secret_shape.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/core/time_text.hpp"

namespace bqconn::connection {
namespace {

// std::regex recurses over its input, so its length is limited.
constexpr std::size_t longest_pattern_input = 2048;

bool matches(std::string_view value, const char* pattern) {
    return value.size() <= longest_pattern_input &&
           std::regex_match(value.begin(), value.end(), std::regex(pattern));
}

constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters_and_digits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

bool has_only(std::string_view value, std::string_view characters) {
    return value.find_first_not_of(characters) == std::string_view::npos;
}

// The finding of check_plain_value, else `finding` unless the value is valid.
std::optional<Finding> plain_and(std::string_view value, bool valid, Finding finding) {
    auto plain = check_plain_value(value);
    return (plain || valid) ? plain : std::move(finding);
}

// ---- values that cannot be real

bool starts_with_any(std::string_view value, std::span<const std::string_view> starts) {
    return std::any_of(starts.begin(), starts.end(),
                       [value](auto start) { return value.starts_with(start); });
}

bool ends_with_any(std::string_view value, std::span<const std::string_view> ends) {
    return std::any_of(ends.begin(), ends.end(),
                       [value](auto end) { return value.ends_with(end); });
}

bool is_quoted(std::string_view value) {
    constexpr auto marks = std::to_array<std::string_view>(
        {"\"", "'", "`", "\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\x9c", "\xe2\x80\x9d"});
    return starts_with_any(value, marks) || ends_with_any(value, marks);
}

// Also those outside ASCII that are copied from web pages.
bool has_outer_blank(std::string_view value) {
    constexpr auto blanks = std::to_array<std::string_view>(
        {" ", "\xc2\xa0", "\xe2\x80\x8b", "\xe3\x80\x80", "\xef\xbb\xbf"});
    return starts_with_any(value, blanks) || ends_with_any(value, blanks);
}

bool is_word_for_nothing(std::string_view value) {
    constexpr auto words = std::to_array<std::string_view>(
        {"null", "NULL", "(null)", "undefined", "None", "nil", "NaN", "<nil>", "<no value>",
         "%!s(<nil>)", "[object Object]", "N/A", "n/a"});
    return std::find(words.begin(), words.end(), value) != words.end();
}

bool is_expression_of_ci(std::string_view value) {
    return value.find("${{") != std::string_view::npos;
}

bool is_variable(std::string_view value) {
    const bool percent =
        value.size() > 2 && value.starts_with('%') && value.ends_with('%') &&
        has_only(value.substr(1, value.size() - 2), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return percent || (value.size() > 1 && value.starts_with('$') &&
                       (value[1] == '{' || value[1] == '(' || value[1] == '_' ||
                        has_only(value.substr(1, 1), letters_and_digits.substr(digits.size()))));
}

bool is_of_1password(std::string_view value) {
    return value.starts_with("op://");
}

bool is_of_sops(std::string_view value) {
    return value.starts_with("ENC[");
}

bool is_of_a_store(std::string_view value) {
    constexpr auto starts = std::to_array<std::string_view>(
        {"vault:", "keyvault:", "ssm:", "gcp:", "!vault", "((", "ref+",
         "arn:", "secretref:", "@Microsoft.KeyVault(", "$ANSIBLE_VAULT"});
    constexpr auto of_the_web =
        std::to_array<std::string_view>({"http://", "https://", "ftp://", "ws://", "wss://"});
    const auto scheme = value.substr(0, value.find("://"));
    const bool reference = scheme.size() < value.size() && !starts_with_any(value, of_the_web) &&
                           matches(scheme, "[a-z][a-z0-9+.-]*");
    return starts_with_any(value, starts) || reference ||
           (value.starts_with("projects/") && value.find("/secrets/") != std::string_view::npos);
}

bool is_placeholder(std::string_view value) {
    constexpr auto words = std::to_array<std::string_view>(
        {"changeme", "change-me", "change_me", "replaceme", "replace-me", "replace_me"});
    // A company may well name its project "your-company-prod".
    constexpr auto parts = std::to_array<std::string_view>(
        {"project", "client", "org", "ims", "sandbox", "api", "secret", "token", "key", "dataset",
         "auth", "path", "account", "-id", "_id"});
    constexpr std::string_view masks = "*.#xX";
    constexpr std::size_t shortest_mask = 3;
    constexpr std::size_t shortest_mask_of_letters = 8;
    const auto enclosed = [value](std::string_view open, std::string_view close) {
        return value.size() > open.size() + close.size() && value.starts_with(open) &&
               value.ends_with(close);
    };
    const bool mask =
        has_only(value, value.substr(0, 1)) && masks.find(value.front()) != masks.npos &&
        value.size() >= (has_only(value, "xX") ? shortest_mask_of_letters : shortest_mask);
    const std::string lower = to_lower_ascii(value);
    const bool yours = lower.starts_with("your") && lower.size() > 4 &&
                       has_only(lower.substr(4, 1), "-_ ") &&
                       std::any_of(parts.begin(), parts.end(), [&lower](std::string_view part) {
                           return lower.find(part) != std::string::npos;
                       });
    return mask || yours || std::find(words.begin(), words.end(), lower) != words.end() ||
           enclosed("<", ">") || enclosed("{", "}") || enclosed("[", "]") || enclosed("#{", "}#") ||
           enclosed("__", "__");
}

bool is_percent_encoded(std::string_view value) {
    return to_lower_ascii(value).starts_with("1%2f%2f");
}

bool ends_in_escape(std::string_view value) {
    return value.ends_with("\\n") || value.ends_with("\\r");
}

struct Leftover {
    bool (*fits)(std::string_view value);
    const char* problem;
    const char* hint;
};

constexpr std::array leftovers{
    Leftover{is_quoted, "begins or ends with a quotation mark",
             "remove the quotes: docker --env-file, among others, keeps them as part of the value"},
    Leftover{has_outer_blank, "begins or ends with a blank",
             "remove it: text copied from a web page or a table often has one"},
    Leftover{is_word_for_nothing, "is a word that programs print for a missing value",
             "the program that wrote it did not find the value: jq -r prints null for a missing "
             "key (jq -er fails instead)"},
    Leftover{is_expression_of_ci, "is an expression that the CI service did not replace",
             "it replaces them only in the workflow file: pass the secret with env: there"},
    Leftover{is_of_1password, "is a 1Password reference that was not resolved",
             "let it resolve the reference: op run -- bqconn ..."},
    Leftover{is_of_sops, "is encrypted by sops",
             "let it decrypt the file: sops exec-env FILE 'bqconn ...'"},
    Leftover{is_of_a_store, "is a reference to a secret store that was not resolved",
             "read the secret with the store's own tool and pass its value"},
    Leftover{is_variable, "is a variable that was not expanded",
             "single quotes, dotenv files and docker --env-file expand nothing: use double quotes "
             "in a shell, or pass the value itself"},
    Leftover{is_placeholder, "is a placeholder", "replace it with the real value"},
    Leftover{is_percent_encoded, "is percent-encoded, as in an address",
             "decode it: %2F is a slash"},
    Leftover{ends_in_escape, "ends in a line break written as two characters (\\n or \\r)",
             "remove them"},
};

}  // namespace

std::optional<Finding> check_every(std::string_view value) {
    constexpr std::chrono::minutes least(15);
    const auto interval = parse_duration(value);
    if (!interval || value.ends_with('s')) {
        return Finding{"must be an interval such as 15m, 1h, 1d or 1w", ""};
    }
    return *interval >= least ? std::nullopt
                              : std::optional(Finding{"must be at least 15m",
                                                      "Experience Platform runs a dataflow at most "
                                                      "once every 15 minutes"});
}

std::optional<Finding> check_duration(std::string_view value) {
    return parse_duration(value)
               ? std::nullopt
               : std::optional(Finding{"must be a duration such as 90s, 30m or 2h", ""});
}

std::optional<Finding> check_time(std::string_view value) {
    const bool is_later = value.starts_with('+') && parse_duration(value.substr(1));
    return is_later || parse_time(value)
               ? std::nullopt
               : std::optional(
                     Finding{"must be a time in UTC such as 2026-12-01T06:00:00Z, or a time "
                             "from now such as +2h",
                             ""});
}

std::optional<Finding> check_since(std::string_view value) {
    return parse_duration(value) || parse_time(value)
               ? std::nullopt
               : std::optional(
                     Finding{"must be a duration such as 7d or 12h, or a time in UTC such "
                             "as 2026-12-01T06:00:00Z",
                             ""});
}

std::optional<Finding> check_percent(std::string_view value) {
    double percent = 0;
    const auto* const end = value.data() + value.size();
    const bool is_number = std::from_chars(value.data(), end, percent).ptr == end;
    return is_number && percent > 0 && percent <= 100
               ? std::nullopt
               : std::optional(Finding{"must be a number above 0 and up to 100", ""});
}

std::optional<Finding> check_real_value(std::string_view value) {
    for (const auto& [fits, problem, hint] : leftovers) {
        if (!value.empty() && fits(value)) {
            return Finding{problem, hint};
        }
    }
    return std::nullopt;
}

std::optional<Finding> check_plain_value(std::string_view value) {
    if (value.empty()) {
        return Finding{"is empty", "set a value, or omit it"};
    }
    if (!is_utf8(value)) {
        return Finding{"is not valid UTF-8", "save it again as UTF-8"};
    }
    if (has_control_character(value)) {
        return Finding{
            "contains a control character or a line break",
            "remove stray newlines, tabs and carriage returns; only one trailing newline "
            "is dropped"};
    }
    return std::nullopt;
}

std::optional<Finding> check_description(std::string_view value) {
    std::string without_lines(value);
    std::replace(without_lines.begin(), without_lines.end(), '\n', ' ');
    return check_plain_value(without_lines);
}

std::optional<Finding> check_url(std::string_view value) {
    const auto scheme = value.find("://");
    const auto host = scheme == std::string_view::npos ? value : value.substr(scheme + 3);
    return plain_and(value,
                     host.substr(0, host.find_first_of("/?#")).find('@') == std::string_view::npos,
                     {"must not contain a user name or password",
                      "remove them: none of these services accepts them in its URL"});
}

std::optional<Finding> check_header_value(std::string_view value) {
    const bool visible =
        std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c <= '~'; });
    return plain_and(
        value, visible,
        {"contains a space or a non-ASCII character", "copy it again, without quotes or spaces"});
}

std::optional<Finding> check_project_id(std::string_view value) {
    if (auto finding = check_plain_value(value)) {
        return finding;
    }
    // Old projects of a Google Workspace domain have the domain as a prefix.
    if (matches(value, "([a-z0-9][a-z0-9.-]*:)?[a-z][a-z0-9-]{4,28}[a-z0-9]")) {
        return std::nullopt;
    }
    if (has_only(value, digits)) {
        return Finding{"is a project number",
                       "use the project id (\"my-project-123\"), not the number"};
    }
    return Finding{"is not a Google Cloud project id",
                   "a project id has 6 to 30 lower-case letters, digits and hyphens and begins "
                   "with a letter; it is not the project's name or number"};
}

std::optional<Finding> check_dataset_id(std::string_view value) {
    if (auto finding = check_plain_value(value)) {
        return finding;
    }
    if (matches(value, "[A-Za-z0-9_]{1,1024}")) {
        return std::nullopt;
    }
    const auto last = value.substr(value.find_last_of(".:") + 1);  // of npos: the whole value
    if (matches(last, "[A-Za-z0-9_]{1,1024}")) {
        return Finding{"must be a bare dataset id, without its project",
                       is_plainly_a_name(value) ? "use \"" + std::string(last) +
                                                      "\" instead of \"" + inert_line(value) + "\""
                                                : "remove the project and the character after it"};
    }
    return Finding{"is not a BigQuery dataset id",
                   "a dataset id has only letters, digits and underscores"};
}

std::optional<Finding> check_sandbox_name(std::string_view value) {
    if (auto finding = check_header_value(value)) {
        return Finding{finding->problem,
                       "use the sandbox's name, not its title: lower case, such as \"prod\""};
    }
    if (matches(value, "[a-z0-9][a-z0-9-]{0,255}")) {
        return std::nullopt;
    }
    const std::string lower = to_lower_ascii(value);
    if (matches(lower, "[a-z0-9][a-z0-9-]{0,255}")) {
        return Finding{"must be lower case",
                       is_plainly_a_name(value)
                           ? "did you mean \"" + lower + "\"? Use the sandbox's name, not its title"
                           : "use the sandbox's name, not its title"};
    }
    return Finding{"is not a sandbox name",
                   "use the sandbox's name, not its title: lower-case letters, digits and hyphens"};
}

std::optional<Finding> check_org_id(std::string_view value) {
    if (auto finding = check_header_value(value)) {
        return finding;
    }
    constexpr std::string_view suffix = "@AdobeOrg";
    const auto identifier = value.substr(0, value.find('@'));
    if (identifier.empty() || !has_only(identifier, letters_and_digits)) {
        return Finding{"is not an Adobe organisation id",
                       "for example: \"0123456789ABCDEF@AdobeOrg\""};
    }
    if (value.substr(identifier.size()) != suffix) {
        return Finding{"must end in \"@AdobeOrg\"",
                       is_plainly_a_name(identifier) ? "did you mean \"" + std::string(identifier) +
                                                           std::string(suffix) + "\"?"
                                                     : "append \"@AdobeOrg\""};
    }
    return std::nullopt;
}

std::optional<Finding> check_connection_name(std::string_view value) {
    return plain_and(value, trim_ascii(value).size() == value.size(),
                     {"begins or ends with a space", "remove the space"});
}

std::optional<Finding> check_scopes(std::string_view value) {
    return plain_and(
        value, matches(value, "[A-Za-z0-9_.:/-]+(,[A-Za-z0-9_.:/-]+)*"),
        {"is not a list of scopes", "separate the scopes with commas, without spaces"});
}

std::optional<std::string> warn_client_id(std::string_view value) {
    if (value.starts_with("764086051850-")) {
        return "this Google client id is gcloud's own: Google may refuse it for BigQuery in "
               "another product. Create your own OAuth client in the Google Cloud console";
    }
    if (!value.ends_with(".apps.googleusercontent.com")) {
        return "this Google client id does not end in \".apps.googleusercontent.com\", as Google's "
               "do";
    }
    return std::nullopt;
}

std::optional<std::string> warn_refresh_token(std::string_view value) {
    if (value.starts_with("ya29.")) {
        return "this refresh token begins like a Google access token (\"ya29.\"), which lasts only "
               "an hour";
    }
    if (value.starts_with("4/")) {
        return "this refresh token begins like an authorisation code (\"4/\"), which must be "
               "exchanged first";
    }
    return std::nullopt;
}

std::optional<std::string> warn_access_token(std::string_view value) {
    if (value.starts_with("Bearer") || value.starts_with("bearer")) {
        return "this access token begins with \"Bearer\": remove that word; bqconn adds it";
    }
    return std::nullopt;
}

}  // namespace bqconn::connection
