#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "config/credential_file_shapes.hpp"

namespace bqconn::config::credentials {
namespace {

using json::Json;

constexpr const char* jwt_retired =
    "Adobe retired JWT credentials in 2025: add an OAuth Server-to-Server credential to the "
    "project in the Adobe Developer Console, and download it";

// An unfilled template would otherwise be ignored silently.
void check_something_given(const AdobeCredentials& given, std::string_view file) {
    if (given.api_key.empty() && given.api_secret.empty() && given.access_token.empty() &&
        given.org_id.empty()) {
        throw credentials_error(file, "this " + given.kind + " contains no credentials",
                                "fill it in: empty values and placeholders do not count");
    }
}

const Json& list_at(const Fields& fields, std::string_view key) {
    const Json* list = fields.find(key);
    if (list == nullptr || !list->is_array()) {
        fields.refuse(key, list == nullptr ? "is missing" : "must be a list");
    }
    return *list;
}

// During a rotation there are several valid secrets. Other readers of this file use the first.
Secret first_secret(const Fields& credential) {
    constexpr std::string_view key = "client_secrets";
    const Json& secrets = list_at(credential, key);
    if (secrets.empty()) {
        return {};
    }
    if (!secrets.front().is_string()) {
        credential.refuse(key, "must be a list of strings");
    }
    const auto& first = secrets.front().get_ref<const std::string&>();
    return is_placeholder(first) ? Secret{} : Secret(first);
}

struct ConsoleCredential {
    const Json* object = nullptr;
    std::string path;
};

ConsoleCredential only_server_to_server(const Fields& details) {
    constexpr std::string_view key = "oauth_server_to_server";
    const Json& all = list_at(details, "credentials");
    ConsoleCredential found;
    std::size_t count = 0;
    bool jwt = false;
    for (std::size_t index = 0; index < all.size(); ++index) {
        const std::string path = details.path_of("credentials") + "[" + std::to_string(index) + "]";
        const Fields credential(all[index], details.file(), path);
        jwt = jwt || credential.has("jwt");
        if (const Json* object = credential.find(key)) {
            found = {object, credential.path_of(key)};
            ++count;
        }
    }
    if (count == 0) {
        details.refuse(
            "credentials",
            jwt ? "has only a JWT credential" : "has no OAuth Server-to-Server credential",
            jwt ? jwt_retired
                : "add one to the project in the Adobe Developer Console, and download "
                  "it again");
    }
    if (count > 1) {
        details.refuse("credentials",
                       "has " + std::to_string(count) + " OAuth Server-to-Server credentials",
                       "keep only one in the file, or use --api-key and --api-secret instead");
    }
    return found;
}

constexpr std::array postman_keys{"API_KEY", "CLIENT_SECRET", "SCOPES",    "ACCESS_TOKEN",
                                  "IMS_ORG", "SANDBOX_NAME",  "JWT_TOKEN", "PRIVATE_KEY"};

// The values of postman_keys; other variables are ignored.
using PostmanValues = std::map<std::string, std::string, std::less<>>;

bool is_enabled(const Fields& variable) {
    const Json* enabled = variable.find("enabled");
    if (enabled != nullptr && !enabled->is_boolean()) {
        variable.refuse("enabled", "must be true or false");
    }
    return enabled == nullptr || enabled->get<bool>();
}

PostmanValues known_values(const Fields& document) {
    const Json& all = list_at(document, "values");
    PostmanValues values;
    for (std::size_t index = 0; index < all.size(); ++index) {
        const Fields variable(all[index], document.file(), "values[" + std::to_string(index) + "]");
        const std::string name = variable.optional("key");
        const bool known =
            std::find(postman_keys.begin(), postman_keys.end(), name) != postman_keys.end();
        if (!known || !is_enabled(variable)) {
            continue;
        }
        const bool is_new = values
                                .emplace(name, name == "SCOPES" ? variable.optional_list("value")
                                                                : variable.optional("value"))
                                .second;
        if (!is_new) {
            variable.refuse("key", name + " is set twice, both enabled",
                            "disable or remove one of them in Postman, then export again");
        }
    }
    if (values.empty()) {
        document.refuse(
            "values", "has none of Adobe's variables",
            "export the environment of Adobe's collection, which has API_KEY, CLIENT_SECRET, "
            "IMS_ORG, SANDBOX_NAME, SCOPES and ACCESS_TOKEN");
    }
    return values;
}

}  // namespace

AdobeCredentials read_developer_console(const Fields& document) {
    const Fields project = document.object("project");
    const auto found = only_server_to_server(project.object("workspace").object("details"));
    const Fields credential(*found.object, document.file(), found.path);
    AdobeCredentials given;
    given.kind = "Adobe Developer Console download";
    given.api_key = credential.optional("client_id");
    given.api_secret = first_secret(credential);
    given.scopes = credential.optional_list("scopes");
    if (project.has("org")) {
        given.org_id = project.object("org").optional("ims_org_id");
    }
    check_something_given(given, document.file());
    return given;
}

AdobeCredentials read_aepp(const Fields& document) {
    AdobeCredentials given;
    given.kind = "aepp config";
    given.scopes = document.optional_list("scopes");
    if (given.scopes.empty() && document.has("pathToKey")) {
        document.refuse("pathToKey", "belongs to a JWT credential", jwt_retired);
    }
    if (given.scopes.empty() && document.has("auth_code")) {
        document.refuse("auth_code", "belongs to a credential that only Adobe's own staff can use",
                        "use an OAuth Server-to-Server credential");
    }
    // Older versions of aepp wrote "api_key".
    given.api_key = document.optional(document.has("api_key") ? "api_key" : "client_id");
    given.api_secret = Secret(document.optional("secret"));
    given.org_id = document.optional("org_id");
    given.sandbox_name = document.optional("sandbox-name");
    given.environment = document.optional("environment");
    check_something_given(given, document.file());
    return given;
}

AdobeCredentials read_postman(const Fields& document) {
    PostmanValues values = known_values(document);
    AdobeCredentials given;
    given.kind = "Postman environment";
    given.api_key = values["API_KEY"];
    given.api_secret = Secret(std::move(values["CLIENT_SECRET"]));
    given.access_token = Secret(std::move(values["ACCESS_TOKEN"]));
    given.scopes = values["SCOPES"];
    given.org_id = values["IMS_ORG"];
    given.sandbox_name = values["SANDBOX_NAME"];
    const bool jwt = !values["JWT_TOKEN"].empty() || !values["PRIVATE_KEY"].empty();
    if (jwt && given.scopes.empty() && given.access_token.empty()) {
        document.refuse("values", "belong to a JWT credential", jwt_retired);
    }
    check_something_given(given, document.file());
    return given;
}

}  // namespace bqconn::config::credentials
