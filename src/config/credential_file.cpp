#include "bqconn/config/credential_file.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "bqconn/config/dotenv.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/crypto/jwt.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::config {
namespace {

using json::Json;

constexpr const char* known_shapes =
    "supported files: Google service-account key, authorized_user file and OAuth client; Adobe "
    "Developer Console download, aepp config and Postman environment";
constexpr const char* as_downloaded = "use the file exactly as downloaded";
constexpr const char* google_token_uri = "https://oauth2.googleapis.com/token";
constexpr const char* jwt_retired =
    "Adobe retired JWT credentials in 2025: add an OAuth Server-to-Server credential to the "
    "project in the Adobe Developer Console, and download it";

Error credentials_error(std::string_view file, const std::string& problem,
                        const std::string& hint) {
    return {ExitCode::config, "config.credentials", inert_line(file) + ": " + problem, hint};
}

// An unfilled template value: "<client_id>", "{{API_KEY}}", "{API_KEY}".
bool is_placeholder(std::string_view value) {
    const auto text = trim_ascii(value);
    return text.empty() || (text.size() > 1 && ((text.front() == '<' && text.back() == '>') ||
                                                (text.front() == '{' && text.back() == '}')));
}

// An object of a credential file and its path. Messages never show a value.
class Fields {
  public:
    // Throws Error if `object` is not an object. `path` is empty for the whole document.
    Fields(const Json& object, std::string_view file, std::string path = {})
        : object_(object), file_(file), path_(std::move(path)) {
        if (!object_.is_object()) {
            throw credentials_error(file_, path_ + ": must be an object", "");
        }
    }

    bool has(std::string_view key) const { return find(key) != nullptr; }

    // Null pointer if absent or JSON's null.
    const Json* find(std::string_view key) const {
        const auto found = object_.find(std::string(key));
        return found == object_.end() || found->is_null() ? nullptr : &*found;
    }

    Fields object(std::string_view key) const { return {need(key), file_, path_of(key)}; }

    const Json& list(std::string_view key) const {
        const Json& value = need(key);
        if (!value.is_array()) {
            refuse(key, "must be a list");
        }
        return value;
    }

    std::vector<Fields> objects(std::string_view key) const {
        std::vector<Fields> all;
        for (const auto& item : list(key)) {
            all.emplace_back(item, file_, path_of(key) + "[" + std::to_string(all.size()) + "]");
        }
        return all;
    }

    // Empty if it is absent, null, empty or a placeholder; throws Error if it is not a string.
    std::string optional(std::string_view key) const {
        const Json* value = find(key);
        return value == nullptr ? std::string() : string_of(key, *value, "must be a string");
    }

    // Like optional(), but throws Error instead of returning an empty text.
    std::string required(std::string_view key) const {
        std::string value = optional(key);
        if (value.empty()) {
            refuse(key, has(key) ? "is empty or a placeholder" : "is missing", as_downloaded);
        }
        return value;
    }

    // Like optional(), for a list or a string separated by commas or blanks; joined by commas.
    std::string optional_list(std::string_view key) const {
        std::vector<std::string> parts;
        if (const Json* value = find(key); value != nullptr && value->is_array()) {
            for (const auto& part : *value) {
                parts.emplace_back(trim_ascii(string_of(key, part, "must be a list of strings")));
            }
        } else {
            std::string text = optional(key);
            std::replace(text.begin(), text.end(), ' ', ',');
            parts = split(text, ',');
        }
        std::erase(parts, "");
        return join(parts, ",");
    }

    // The first string of a list; empty if there is none or it is a placeholder.
    std::string first_of(std::string_view key) const {
        const Json& all = list(key);
        return all.empty() ? std::string()
                           : string_of(key, all.front(), "must be a list of strings");
    }

    [[noreturn]] void refuse(std::string_view key, const std::string& problem,
                             const std::string& hint = {}) const {
        throw credentials_error(file_, path_of(key) + ": " + problem, hint);
    }

  private:
    std::string path_of(std::string_view key) const {
        return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
    }

    const Json& need(std::string_view key) const {
        const Json* value = find(key);
        if (value == nullptr) {
            refuse(key, "is missing");
        }
        return *value;
    }

    std::string string_of(std::string_view key, const Json& value, const char* problem) const {
        if (!value.is_string()) {
            refuse(key, problem);
        }
        const auto& text = value.get_ref<const std::string&>();
        return is_placeholder(text) ? std::string() : text;
    }

    const Json& object_;
    std::string_view file_;
    std::string path_;
};

// The settings in a file; empty ones are left out.
using Values = std::map<Setting, Secret>;

void add(Values& values, Setting setting, std::string text) {
    if (!text.empty()) {
        values.emplace(setting, Secret(std::move(text)));
    }
}

// ---- Google's files

// Why OpenSSL cannot read `pem` as an RSA private key.
std::string damage_of(std::string_view pem) {
    const auto begin = pem.find("-----BEGIN ");
    if (pem.find("\\n") != std::string_view::npos) {
        return "contains \"\\n\" as two characters instead of line breaks: it was escaped twice";
    }
    if (begin == std::string_view::npos) {
        return "has no BEGIN line: it is not a private key in PEM form";
    }
    if (pem.find("-----END ") == std::string_view::npos) {
        return "has no END line: it was truncated";
    }
    if (pem.find("ENCRYPTED") != std::string_view::npos) {
        return "is encrypted with a passphrase; Google's keys are not";
    }
    if (pem.find("PRIVATE KEY-----") == std::string_view::npos) {
        return "is a certificate or a public key, not a private key";
    }
    if (pem.substr(begin).find('\n') == std::string_view::npos) {
        return "is on one line: its line breaks were lost";
    }
    return "is not a valid RSA key: it was modified or truncated";
}

ServiceAccountKey read_key(const Fields& fields, std::string_view text) {
    ServiceAccountKey key{.text = Secret(std::string(text)),
                          .project_id = fields.optional("project_id"),
                          .client_email = fields.required("client_email"),
                          .token_uri = fields.optional("token_uri"),
                          .private_key = Secret(fields.required("private_key")),
                          .key_id = fields.optional("private_key_id")};
    if (key.token_uri.empty()) {
        key.token_uri = google_token_uri;
    }
    if (!crypto::is_rsa_private_key(key.private_key.reveal())) {
        fields.refuse("private_key", damage_of(key.private_key.reveal()),
                      "download a new key: Google Cloud console, IAM & Admin, Service Accounts, "
                      "Keys, Add key, JSON");
    }
    return key;
}

Values read_client(const Fields& fields) {
    Values values;
    add(values, Setting::client_id, fields.required("client_id"));
    add(values, Setting::client_secret, fields.required("client_secret"));
    return values;
}

Values read_authorized_user(const Fields& fields) {
    Values values = read_client(fields);
    add(values, Setting::refresh_token, fields.required("refresh_token"));
    return values;
}

Values read_oauth_client(const Fields& document) {
    if (document.has("installed") && document.has("web")) {
        document.refuse("web",
                        "is present as well as \"installed\": the file has two OAuth clients",
                        "download the one that the refresh token was issued to");
    }
    return read_client(document.object(document.has("web") ? "web" : "installed"));
}

// ---- Adobe's files

Values read_developer_console(const Fields& document) {
    constexpr std::string_view key = "oauth_server_to_server";
    const Fields project = document.object("project");
    const Fields details = project.object("workspace").object("details");
    const auto all = details.objects("credentials");
    const auto count =
        std::count_if(all.begin(), all.end(), [&](const Fields& one) { return one.has(key); });
    if (count == 0) {
        const bool jwt =
            std::any_of(all.begin(), all.end(), [](const Fields& one) { return one.has("jwt"); });
        details.refuse(
            "credentials",
            jwt ? "has only a JWT credential" : "has no OAuth Server-to-Server credential",
            jwt ? jwt_retired
                : "add one to the project in the Adobe Developer Console, and download it again");
    }
    if (count > 1) {
        details.refuse("credentials",
                       "has " + std::to_string(count) + " OAuth Server-to-Server credentials",
                       "keep only one in the file, or use --api-key and --api-secret instead");
    }
    const Fields credential = std::find_if(all.begin(), all.end(), [&](const Fields& one) {
                                  return one.has(key);
                              })->object(key);
    Values values;
    add(values, Setting::api_key, credential.optional("client_id"));
    // During a rotation there are several valid secrets. Other readers of this file use the first.
    add(values, Setting::api_secret, credential.first_of("client_secrets"));
    add(values, Setting::scopes, credential.optional_list("scopes"));
    if (project.has("org")) {
        add(values, Setting::org_id, project.object("org").optional("ims_org_id"));
    }
    return values;
}

Values read_aepp(const Fields& document) {
    Values values;
    add(values, Setting::scopes, document.optional_list("scopes"));
    if (values.empty() && document.has("pathToKey")) {
        document.refuse("pathToKey", "belongs to a JWT credential", jwt_retired);
    }
    if (values.empty() && document.has("auth_code")) {
        document.refuse("auth_code", "belongs to a credential that only Adobe's own staff can use",
                        "use an OAuth Server-to-Server credential");
    }
    // Older versions of aepp wrote "api_key".
    add(values, Setting::api_key,
        document.optional(document.has("api_key") ? "api_key" : "client_id"));
    add(values, Setting::api_secret, document.optional("secret"));
    add(values, Setting::org_id, document.optional("org_id"));
    add(values, Setting::sandbox_name, document.optional("sandbox-name"));
    return values;
}

// Adobe's variables in Postman; others are ignored. Those without a setting belong to JWT.
struct PostmanVariable {
    std::string_view name;
    std::optional<Setting> setting;
};
constexpr std::array postman_variables{
    PostmanVariable{"API_KEY", Setting::api_key},
    PostmanVariable{"CLIENT_SECRET", Setting::api_secret},
    PostmanVariable{"SCOPES", Setting::scopes},
    PostmanVariable{"ACCESS_TOKEN", Setting::access_token},
    PostmanVariable{"IMS_ORG", Setting::org_id},
    PostmanVariable{"SANDBOX_NAME", Setting::sandbox_name},
    PostmanVariable{"JWT_TOKEN", std::nullopt},
    PostmanVariable{"PRIVATE_KEY", std::nullopt},
};

bool is_enabled(const Fields& variable) {
    const Json* enabled = variable.find("enabled");
    if (enabled != nullptr && !enabled->is_boolean()) {
        variable.refuse("enabled", "must be true or false");
    }
    return enabled == nullptr || enabled->get<bool>();
}

Values read_postman(const Fields& document) {
    Values values;
    std::vector<std::string> seen;
    bool jwt = false;
    for (const Fields& variable : document.objects("values")) {
        const std::string name = variable.optional("key");
        const auto* const known =
            std::find_if(postman_variables.begin(), postman_variables.end(),
                         [&](const PostmanVariable& one) { return one.name == name; });
        if (known == postman_variables.end() || !is_enabled(variable)) {
            continue;
        }
        std::string value = known->setting == Setting::scopes ? variable.optional_list("value")
                                                              : variable.optional("value");
        if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
            variable.refuse("key", name + " is set twice, both enabled",
                            "disable or remove one of them in Postman, then export again");
        }
        seen.push_back(name);
        jwt = jwt || (!known->setting && !value.empty());
        if (known->setting) {
            add(values, *known->setting, std::move(value));
        }
    }
    if (seen.empty()) {
        document.refuse(
            "values", "has none of Adobe's variables",
            "export the environment of Adobe's collection, which has API_KEY, CLIENT_SECRET, "
            "IMS_ORG, SANDBOX_NAME, SCOPES and ACCESS_TOKEN");
    }
    if (jwt && !values.contains(Setting::scopes) && !values.contains(Setting::access_token)) {
        document.refuse("values", "belong to a JWT credential", jwt_retired);
    }
    return values;
}

// ---- the supported files

struct Shape {
    std::string_view description;
    bool (*fits)(const Json& document);
    Values (*read)(const Fields& document);  // null for the key, which is not a list of settings
};

constexpr std::array shapes{
    Shape{
        "a Google service-account key",
        [](const Json& document) { return json::string_at(document, "type") == "service_account"; },
        nullptr},
    Shape{
        "a Google authorized_user file",
        [](const Json& document) { return json::string_at(document, "type") == "authorized_user"; },
        read_authorized_user},
    Shape{"a Google OAuth client",
          [](const Json& document) {
              return document.contains("installed") || document.contains("web");
          },
          read_oauth_client},
    Shape{"an Adobe Developer Console download",
          [](const Json& document) {
              return document.contains("project") && document.at("project").is_object();
          },
          read_developer_console},
    Shape{"a Postman environment", [](const Json& document) { return document.contains("values"); },
          read_postman},
    Shape{"an aepp config",
          [](const Json& document) {
              const bool client = document.contains("client_id") || document.contains("api_key");
              return document.contains("org_id") || (client && document.contains("secret"));
          },
          read_aepp},
};

// An unfilled template would otherwise be ignored silently.
void check_something_given(const Values& values, std::string_view description,
                           std::string_view file) {
    for (const Setting setting : {Setting::api_key, Setting::api_secret, Setting::access_token,
                                  Setting::org_id, Setting::client_id}) {
        if (values.contains(setting)) {
            return;
        }
    }
    const auto name = description.substr(description.find(' ') + 1);
    throw credentials_error(file, "this " + std::string(name) + " contains no credentials",
                            "fill it in: empty values and placeholders do not count");
}

// ---- files that people pass by mistake

struct Instead {
    std::string what;  // continues "is …"
    std::string hint;
};

bool is_base64_of_json(std::string_view text) {
    // Base64 of "{" and a quote, line break or blank. Lines may be wrapped.
    return (text.starts_with("eyJ") || text.starts_with("ewo") || text.starts_with("ew0K") ||
            text.starts_with("eyA")) &&
           text.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
               "+/=-_\r\n") == std::string_view::npos;
}

// What a text that is not JSON looks like, and what to do with it; `what` is empty if unknown.
Instead what_text_is(std::string_view text) {
    const auto content = trim_ascii(text);
    if (content.empty()) {
        return {"empty", "download it again"};
    }
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
        return {"UTF-16 text", "save it as UTF-8, without a byte-order mark"};
    }
    // DER: a SEQUENCE with a long length.
    if (text.size() > 1 && text[0] == '0' && static_cast<unsigned char>(text[1]) >= 0x80) {
        return {"a binary key file (.p12, .pfx or DER)",
                "create a JSON key for the same service account"};
    }
    if (text.starts_with("PK\x03\x04")) {
        return {"a ZIP archive", "unpack it"};
    }
    // sh's echo decodes \n, and an unquoted variable in a script's text loses its quotes.
    if (content.starts_with('{') && text.find("KEY-----\n") != std::string_view::npos) {
        return {"JSON in which \"\\n\" became line breaks, as sh's echo does",
                "write it with: printf '%s' \"$KEY\" >key.json"};
    }
    if (content.starts_with('{') && content.size() > 2 && content.find('"') == content.npos) {
        return {"JSON that lost its quotes in a shell",
                "pass it through a variable: printf '%s' \"$KEY\" >key.json"};
    }
    if (content.starts_with("-----BEGIN ")) {
        return {"a bare PEM, without the JSON around it",
                "use the whole JSON file as downloaded from Google"};
    }
    if (content.starts_with('<')) {
        return {"a web page or XML", "sign in and download it again"};
    }
    if (is_base64_of_json(content)) {
        return {"a JSON file in Base64",
                "use the original JSON file: bqconn does the encoding itself; to recover it: "
                "base64 -d FILE > key.json"};
    }
    if (looks_like_dotenv(content)) {
        return {"a dotenv file", "pass it with --env-file"};
    }
    if (content.find_first_of(" \t\r\n\"{[") == std::string_view::npos) {
        return {"a single word, such as a token or a secret",
                "pass a single secret as @FILE to its flag"};
    }
    return {};
}

// Google credentials without a key or refresh token of their own.
constexpr std::array<std::pair<std::string_view, const char*>, 4> unusable_types{{
    {"external_account", "a workload identity federation file"},
    {"external_account_authorized_user", "a workforce identity federation file"},
    {"impersonated_service_account", "a gcloud service-account impersonation file"},
    {"gdch_service_account", "a Google Distributed Cloud key"},
}};

// The same for JSON of unknown shape.
Instead what_json_is(const Json& document) {
    if (document.is_string()) {
        return {"JSON inside a JSON string: it was encoded twice", "use it exactly as downloaded"};
    }
    if (!document.is_object()) {
        return {"JSON, but not an object", as_downloaded};
    }
    for (const auto& [type, what] : unusable_types) {
        if (json::string_at(document, "type") == type) {
            return {what + (" (" + std::string(type) + ")"),
                    "Adobe cannot use it: use a service-account key, or an OAuth client and a "
                    "refresh token"};
        }
    }
    if (document.contains("info") && document.contains("item")) {
        return {"a Postman collection", "export the environment, not the collection"};
    }
    if (document.contains("access_token")) {
        return {"a token response", "pass the token itself with --access-token"};
    }
    if (document.contains("private_key")) {
        return {"a key file whose \"type\" is not \"service_account\"",
                "use it exactly as downloaded"};
    }
    return {"JSON, but not a supported credential file", known_shapes};
}

// ---- any file

Json parse_document(std::string_view text, std::string_view file) {
    try {
        return json::parse(text, json::DuplicateKeys::refused);
    } catch (const json::ParseError& error) {
        const auto instead = what_text_is(text);
        if (!instead.what.empty()) {
            throw credentials_error(file, "is not a credential file but " + instead.what,
                                    instead.hint);
        }
        std::string place(file);
        if (error.line() > 0) {
            place += ":" + std::to_string(error.line()) + ":" + std::to_string(error.column());
        }
        throw credentials_error(place, error.what(), as_downloaded);
    }
}

const Shape& shape_of(const Json& document, std::string_view file) {
    for (const auto& shape : shapes) {
        if (shape.fits(document)) {
            return shape;
        }
    }
    const auto instead = what_json_is(document);
    throw credentials_error(file, "is " + instead.what, instead.hint);
}

}  // namespace

CredentialFile recognise_credentials(std::string_view text, std::string_view file) {
    text = without_bom(text);
    const Json document = parse_document(text, file);
    const Shape& shape = shape_of(document, file);
    const Fields fields(document, file);
    CredentialFile content{std::string(shape.description), {}, {}};
    if (shape.read == nullptr) {
        content.key = read_key(fields, text);
    } else {
        content.values = shape.read(fields);
        check_something_given(content.values, shape.description, file);
    }
    return content;
}

ServiceAccountKey parse_service_account_key(std::string_view text, std::string_view file) {
    text = without_bom(text);
    const Json document = parse_document(text, file);
    const Shape& shape = shape_of(document, file);
    if (shape.read != nullptr) {
        throw credentials_error(
            file, "is " + std::string(shape.description) + ", not a service-account key",
            "pass it with --credentials instead of --key-file");
    }
    return read_key(Fields(document, file), text);
}

}  // namespace bqconn::config
