// Shared by the readers of each shape. Private to credential_file*.cpp.
#pragma once

#include <string>
#include <string_view>

#include "bqconn/config/credential_file.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::config::credentials {

// An object of a credential file and its path. Messages never show a value.
class Fields {
  public:
    // Throws Error if `object` is not an object. `path` is empty for the whole document.
    Fields(const json::Json& object, std::string_view file, std::string path = {});

    bool has(std::string_view key) const;
    const json::Json* find(std::string_view key) const;  // null pointer if absent or JSON's null

    // Throws Error if `key` has no object.
    Fields object(std::string_view key) const;
    // Throws Error if it is absent, empty, a placeholder or not a string.
    std::string required(std::string_view key) const;
    // Empty if it is absent, null, empty or a placeholder; throws Error if it is not a string.
    std::string optional(std::string_view key) const;
    // Like optional(), for a list or a string separated by commas or blanks; joined by commas.
    std::string optional_list(std::string_view key) const;

    std::string_view file() const { return file_; }
    std::string path_of(std::string_view key) const;  // "project.org.ims_org_id"
    [[noreturn]] void refuse(std::string_view key, const std::string& problem,
                             const std::string& hint = {}) const;

  private:
    const json::Json& object_;
    std::string_view file_;
    std::string path_;
};

// True for an unfilled template value: "<client_id>", "{{API_KEY}}", "{API_KEY}".
bool is_placeholder(std::string_view value);

Error credentials_error(std::string_view file, const std::string& problem, const std::string& hint);

struct Instead {
    std::string what;  // continues "is …"
    std::string hint;
};

// What a text that is not JSON looks like, and what to do with it; `what` is empty if unknown.
Instead what_text_is(std::string_view text);

// The same for JSON of unknown shape.
Instead what_json_is(const json::Json& document);

// The shapes. Each throws Error.
ServiceAccountKey read_service_account(const Fields& fields, std::string_view text);
AuthorizedUser read_authorized_user(const Fields& fields);
OAuthClient read_oauth_client(const Fields& document);
AdobeCredentials read_developer_console(const Fields& document);
AdobeCredentials read_aepp(const Fields& document);
AdobeCredentials read_postman(const Fields& document);

}  // namespace bqconn::config::credentials
