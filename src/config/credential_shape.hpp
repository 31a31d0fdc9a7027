// A kind of credential file: how to recognise and read it. Messages name keys, never values.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bqconn/config/credential_file.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::config {

inline constexpr const char* as_downloaded = "use the file exactly as downloaded";
inline constexpr const char* jwt_retired =
    "Adobe retired JWT credentials in 2025: add an OAuth Server-to-Server credential to the "
    "project in the Adobe Developer Console, and download it";

Error credentials_error(std::string_view file, const std::string& problem, const std::string& hint);

// An unfilled template value: "<client_id>", "<something>@techacct.adobe.com", "{{API_KEY}}",
// "{API_KEY}"; or nothing.
bool is_placeholder(std::string_view value);

// An object of a credential file and its path.
class Fields {
  public:
    // Throws Error if `object` is not an object. `path` is empty for the whole document.
    Fields(const json::Json& object, std::string_view file, std::string path = {});

    bool has(std::string_view key) const { return find(key) != nullptr; }
    // Null pointer if absent or JSON's null.
    const json::Json* find(std::string_view key) const;
    Fields object(std::string_view key) const { return {need(key), file_, path_of(key)}; }
    const json::Json& list(std::string_view key) const;
    std::vector<Fields> objects(std::string_view key) const;
    std::vector<std::string> keys() const;

    // Empty if it is absent, null, empty or a placeholder; throws Error if it is not a string.
    std::string optional(std::string_view key) const;
    // Like optional(), but throws Error instead of returning an empty text.
    std::string required(std::string_view key) const;
    // Like optional(), for a list or a string separated by commas or blanks; joined by commas.
    std::string optional_list(std::string_view key) const;
    // Like optional(), for a string or the first of a list.
    std::string optional_first(std::string_view key) const;

    [[noreturn]] void refuse(std::string_view key, const std::string& problem,
                             const std::string& hint = {}) const;
    std::string_view file() const { return file_; }

  private:
    std::string path_of(std::string_view key) const;
    // Also accepts a list in a string of JSON, as aio writes it to .env files.
    json::Json list_or_null(std::string_view key) const;
    const json::Json& need(std::string_view key) const;
    std::string string_of(std::string_view key, const json::Json& value, const char* problem) const;

    const json::Json& object_;
    std::string_view file_;
    std::string path_;
};

struct CredentialShape {
    std::string_view description;
    bool (*fits)(const json::Json& document);  // must not depend on a single key
    // Null for a service-account key, which is not a list of settings.
    void (*read)(const Fields& document, CredentialFile& content);
};

// Adobe's files, in the order in which they are tried.
std::span<const CredentialShape> adobe_shapes();

}  // namespace bqconn::config
