// Adobe's credential files. Its tools spell a name in many ways (client_id, CLIENT_ID, API_KEY), so
// names are compared without case, hyphens and underscores, and one table says what each means.
#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "bqconn/connection/checks.hpp"
#include "bqconn/core/text.hpp"
#include "config/credential_shape.hpp"

namespace bqconn::config {
namespace {

using json::Json;

// ---- names

enum class Means {
    value,              // of a setting
    technical_account,  // of any credential, and unused
    jwt,                // part of a JWT credential
    meta_scopes,        // the same, if it is a list
    auth_code,
    environment,
    identity_host,
    platform_host,
};

struct KnownName {
    std::string_view plain;  // lower case, without hyphens and underscores
    Means means;
    Setting setting = Setting::api_key;  // of a value
    bool only_adobe = false;             // Google's files do not have it
};

constexpr auto known_names = std::to_array<KnownName>({
    {"apikey", Means::value, Setting::api_key},
    {"clientid", Means::value, Setting::api_key},
    {"secret", Means::value, Setting::api_secret, true},
    {"clientsecret", Means::value, Setting::api_secret},
    {"clientsecrets", Means::value, Setting::api_secret, true},
    {"scopes", Means::value, Setting::scopes},
    {"accesstoken", Means::value, Setting::access_token},
    {"orgid", Means::value, Setting::org_id, true},
    {"imsorg", Means::value, Setting::org_id, true},
    {"imsorgid", Means::value, Setting::org_id, true},
    {"organizationid", Means::value, Setting::org_id, true},
    {"sandbox", Means::value, Setting::sandbox_name, true},
    {"sandboxname", Means::value, Setting::sandbox_name, true},
    {"techid", Means::technical_account},
    {"technicalaccount", Means::technical_account},
    {"technicalaccountid", Means::technical_account},
    {"technicalaccountemail", Means::technical_account},
    {"privatekey", Means::jwt},
    {"pathtokey", Means::jwt},
    {"jwttoken", Means::jwt},
    {"publickeyswithexpiry", Means::jwt},
    {"metascope", Means::meta_scopes},
    {"metascopes", Means::meta_scopes},
    {"authcode", Means::auth_code},
    {"environment", Means::environment},
    {"env", Means::environment},
    {"ims", Means::identity_host},
    {"imsurl", Means::identity_host},
    {"imshost", Means::identity_host},
    {"imsendpoint", Means::identity_host},
    {"platformurl", Means::platform_host},
    {"platformhost", Means::platform_host},
});

std::string plain_name(std::string_view name) {
    std::string plain = to_lower_ascii(name);
    std::erase_if(plain, [](char c) { return c == '-' || c == '_'; });
    return plain;
}

const KnownName* find_known(std::string_view name) {
    const auto* const found = std::find_if(
        known_names.begin(), known_names.end(),
        [plain = plain_name(name)](const KnownName& one) { return one.plain == plain; });
    return found == known_names.end() ? nullptr : found;
}

// A name that may be meant for a credential, unlike CONTAINER_ID or TENANT_ID. Anything that does
// not look like a name is not shown, in case a secret is in the wrong column.
bool may_be_meant(std::string_view name) {
    constexpr std::size_t longest = 40;
    constexpr auto parts = std::to_array<std::string_view>(
        {"client", "secret", "apikey", "org", "sandbox", "token", "scope"});
    const std::string plain = plain_name(name);
    return name.size() <= longest &&
           plain.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos &&
           std::any_of(parts.begin(), parts.end(), [&plain](std::string_view part) {
               return plain.find(part) != std::string::npos;
           });
}

// At least two settings of a credential, one of them under a name that only Adobe uses.
bool has_credential(const Json& object) {
    std::vector<Setting> settings;
    bool only_adobe = false;
    for (const auto& [name, value] : object.items()) {
        const KnownName* const known = find_known(name);
        if (known == nullptr || known->means != Means::value || value.is_null()) {
            continue;
        }
        only_adobe = only_adobe || known->only_adobe;
        if (std::find(settings.begin(), settings.end(), known->setting) == settings.end()) {
            settings.push_back(known->setting);
        }
    }
    return only_adobe && settings.size() > 1;
}

// ---- reading

bool is_filled(const Json* value) {
    if (value == nullptr || !value->is_string()) {
        return value != nullptr && (!value->is_array() || !value->empty());
    }
    const auto text = trim_ascii(value->get_ref<const std::string&>());
    return !is_placeholder(text) && !connection::check_real_value(text);
}

// "https://ims-na1.adobelogin.com/" and "ims-na1.adobelogin.com" are the same host.
std::string host_of(std::string_view url) {
    const auto scheme = url.find("://");
    url = url.substr(scheme == std::string_view::npos ? 0 : scheme + 3);
    return to_lower_ascii(url.substr(0, url.find_first_of("/:")));
}

// Collects the settings of one file. Nothing that may be a credential is left out silently.
class Reader {
  public:
    Reader(std::string_view file, CredentialFile& content) : file_(file), content_(content) {}

    // The value is at `key` of `holder`; `name` says what it is.
    void take(const std::string& name, const Fields& holder, std::string_view key) {
        const KnownName* const known = find_known(name);
        if (known == nullptr) {
            if (may_be_meant(name) && is_filled(holder.find(key))) {
                unused_.push_back({name, "unknown name", std::nullopt});
            }
            return;
        }
        has_known_ = true;
        if (known->means == Means::value) {
            take_value(*known, name, holder, key);
        } else if (known->means == Means::environment) {
            const std::string value = to_lower_ascii(holder.optional(key));
            note_elsewhere(name, "\"prod\"",
                           value.empty() || value == "prod" || value == "production");
        } else if (known->means == Means::identity_host) {
            compare_host(name, holder.optional(key), Setting::ims_url);
        } else if (known->means == Means::platform_host) {
            compare_host(name, holder.optional(key), Setting::platform_url);
        } else if (is_filled(holder.find(key))) {
            const bool is_list = holder.find(key)->is_array();
            if (known->means == Means::jwt || (known->means == Means::meta_scopes && is_list)) {
                jwt_ = name;
            } else if (known->means == Means::auth_code) {
                auth_code_ = name;
            }
        }
    }

    void take_all(const Fields& object) {
        for (const auto& name : object.keys()) {
            take(name, object, name);
        }
    }

    void note_disabled(const std::string& name, const Fields& holder, std::string_view key) {
        const KnownName* const known = find_known(name);
        if (known != nullptr && known->means == Means::value && is_filled(holder.find(key))) {
            unused_.push_back({name, "disabled", known->setting});
        }
    }

    bool has_known() const { return has_known_; }

    // Throws Error for what cannot be used.
    void finish() {
        // The current kind has scopes; an access token may still be valid.
        if (!has(Setting::scopes) && !has(Setting::access_token)) {
            if (!jwt_.empty()) {
                throw credentials_error(file_, jwt_ + ": belongs to a JWT credential", jwt_retired);
            }
            if (!auth_code_.empty()) {
                throw credentials_error(
                    file_, auth_code_ + ": belongs to a credential that only Adobe's staff can use",
                    "use an OAuth Server-to-Server credential");
            }
        }
        for (const auto& [setting, names] : conflicts_) {
            // A stored token yields to the secret anyway.
            if (setting != Setting::access_token || !has(Setting::api_secret)) {
                throw credentials_error(file_, names, "keep only one of them in the file");
            }
        }
        std::vector<std::string> names;
        for (const auto& [name, reason, setting] : unused_) {
            if (!setting || !has(*setting)) {
                names.push_back(name + " (" + reason + ")");
            }
        }
        if (!names.empty()) {
            content_.warnings.push_back("not used: " + join(names, ", "));
        }
    }

  private:
    struct Unused {
        std::string name;
        std::string reason;
        std::optional<Setting> setting;  // reported only if nothing else sets it
    };

    bool has(Setting setting) const { return content_.values.contains(setting); }

    void take_value(const KnownName& known, const std::string& name, const Fields& holder,
                    std::string_view key) {
        std::string value = known.setting == Setting::scopes       ? holder.optional_list(key)
                            : known.setting == Setting::api_secret ? holder.optional_first(key)
                                                                   : holder.optional(key);
        if (value.empty()) {
            const Json* const given = holder.find(key);
            if (given != nullptr && given->is_string() &&
                !trim_ascii(given->get_ref<const std::string&>()).empty()) {
                unused_.push_back({name, "a placeholder", known.setting});
            }
            return;
        }
        const auto [place, is_first] = content_.values.emplace(known.setting, Secret(value));
        const std::string& first = names_.emplace(known.setting, name).first->second;
        if (!is_first && place->second.reveal() != value) {
            conflicts_.emplace(known.setting,
                               first == name ? name + ": is set twice, with different values"
                                             : first + " and " + name + ": have different values");
        }
    }

    void compare_host(const std::string& name, const std::string& value, Setting setting) {
        const std::string ours = host_of(spec_of(setting).fallback);
        note_elsewhere(name, ours, value.empty() || host_of(value) == ours);
    }

    void note_elsewhere(const std::string& name, const std::string& expected, bool is_production) {
        if (!is_production && !content_.elsewhere) {
            content_.elsewhere = credentials_error(
                file_,
                name + ": is not " + expected +
                    ": the credentials are for an environment other than production",
                "use credentials for production, or specify that environment with both "
                "--platform-url and --ims-url");
        }
    }

    std::string_view file_;
    CredentialFile& content_;
    std::map<Setting, std::string> names_;
    std::map<Setting, std::string> conflicts_;
    std::vector<Unused> unused_;
    std::string jwt_;
    std::string auth_code_;
    bool has_known_ = false;
};

// ---- aepp's config, PostBuster's environment, the JSON of one credential

void read_flat(const Fields& document, CredentialFile& content) {
    Reader reader(document.file(), content);
    reader.take_all(document);
    reader.finish();
}

// ---- Developer Console

bool is_console_project(const Json& document) {
    const Json& project = json::member(document, "project");
    return project.is_object() && (project.contains("workspace") || project.contains("org"));
}

bool is_of_type(const Fields& credential, std::string_view type) {
    return credential.optional("integration_type").starts_with(type);
}

void read_console_project(const Fields& document, CredentialFile& content) {
    constexpr std::string_view key = "oauth_server_to_server";
    const Fields project = document.object("project");
    const Fields details = project.object("workspace").object("details");
    const auto all = details.objects("credentials");
    const auto any = [&all](const auto& fits) { return std::any_of(all.begin(), all.end(), fits); };
    std::vector<Fields> usable;
    for (const auto& one : all) {
        if (one.has(key)) {
            usable.push_back(one.object(key));
        }
    }
    if (usable.empty()) {
        if (any([&](const Fields& one) { return is_of_type(one, key); })) {
            details.refuse("credentials",
                           "lists an OAuth Server-to-Server credential without its client id and "
                           "secret, as the .aio file of a project does",
                           "download the project in the Adobe Developer Console, or use --api-key "
                           "and --api-secret");
        }
        const bool jwt =
            any([](const Fields& one) { return one.has("jwt") || is_of_type(one, "service"); });
        details.refuse(
            "credentials",
            jwt ? "has only a JWT credential" : "has no OAuth Server-to-Server credential",
            jwt ? jwt_retired
                : "add one to the project in the Adobe Developer Console, and download it again");
    }
    if (usable.size() > 1) {
        details.refuse(
            "credentials",
            "has " + std::to_string(usable.size()) + " OAuth Server-to-Server credentials",
            "keep only one in the file, or use --api-key and --api-secret instead");
    }
    Reader reader(document.file(), content);
    // During a rotation there are several valid secrets. Other readers of this file use the first.
    reader.take_all(usable.front());
    if (project.has("org")) {
        reader.take("ims_org_id", project.object("org"), "ims_org_id");
    }
    reader.finish();
}

// ---- aio's contexts, as "aio config get ims --json" or the whole configuration

const Json& contexts_of(const Json& document) {
    const Json& ims = json::member(document, "ims");
    return json::member(ims.is_object() ? ims : document, "contexts");
}

// The token of "aio login" is also stored in a context.
bool is_credential_context(const Json& context) {
    return context.is_object() && context.contains("client_id") &&
           (context.contains("client_secret") || context.contains("client_secrets"));
}

bool has_credential_context(const Json& document) {
    const Json& contexts = contexts_of(document);
    return contexts.is_object() &&
           std::any_of(contexts.begin(), contexts.end(), is_credential_context);
}

void read_contexts(const Fields& document, CredentialFile& content) {
    const Fields ims = document.has("ims") ? document.object("ims") : document;
    const Fields contexts = ims.object("contexts");
    const auto current = [&]() -> std::string {
        const Json* const config = ims.find("config");
        return config == nullptr ? "" : json::string_at(*config, "current");
    }();
    std::vector<std::string> names = contexts.keys();
    std::erase_if(names, [&](const std::string& name) {
        return !is_credential_context(*contexts.find(name));
    });
    if (std::find(names.begin(), names.end(), current) != names.end()) {
        names = {current};
    }
    if (names.size() > 1) {
        ims.refuse("contexts", "has " + std::to_string(names.size()) + " credentials",
                   "keep only one in the file, or use --api-key and --api-secret instead");
    }
    Reader reader(document.file(), content);
    reader.take_all(contexts.object(names.front()));
    if (const Json* const cli = document.find("cli"); cli != nullptr && cli->is_object()) {
        reader.take("env", document.object("cli"), "env");
    }
    reader.finish();
}

// ---- Postman and PostBuster

constexpr const char* usual_variables =
    "export the environment of Adobe's collection, which has API_KEY, CLIENT_SECRET, IMS_ORG, "
    "SANDBOX_NAME, SCOPES and ACCESS_TOKEN";

bool is_postman(const Json& document) {
    const Json& first = json::array_at(document, "values");
    return document.contains("values") &&
           (document.contains("name") || document.contains("_postman_variable_scope") ||
            (!first.empty() && first.front().is_object() && first.front().contains("key")));
}

bool is_enabled(const Fields& variable) {
    const Json* enabled = variable.find("enabled");
    if (enabled != nullptr && !enabled->is_boolean()) {
        variable.refuse("enabled", "must be true or false");
    }
    return enabled == nullptr || enabled->get<bool>();
}

void read_postman(const Fields& document, CredentialFile& content) {
    Reader reader(document.file(), content);
    for (const Fields& variable : document.objects("values")) {
        const std::string name = variable.optional("key");
        // Not one of Adobe's variables: the user's own may have that name.
        const KnownName* const known = find_known(name);
        if (known != nullptr && known->means == Means::environment) {
            continue;
        }
        if (is_enabled(variable)) {
            reader.take(name, variable, "value");
        } else {
            reader.note_disabled(name, variable, "value");
        }
    }
    if (!reader.has_known()) {
        document.refuse("values", "has none of Adobe's variables", usual_variables);
    }
    reader.finish();
}

// PostBuster is based on Insomnia, which exports collections and environments in one file.
bool is_postbuster(const Json& document) {
    return json::string_at(document, "_type") == "export" && document.contains("__export_format") &&
           document.contains("resources");
}

void read_postbuster(const Fields& document, CredentialFile& content) {
    Reader reader(document.file(), content);
    for (const Fields& resource : document.objects("resources")) {
        if (resource.optional("_type") == "environment" && resource.has("data")) {
            reader.take_all(resource.object("data"));
        }
    }
    if (!reader.has_known()) {
        document.refuse("resources", "has no environment with Adobe's variables", usual_variables);
    }
    reader.finish();
}

constexpr auto shapes = std::to_array<CredentialShape>({
    {"an Adobe aio configuration", has_credential_context, read_contexts},
    {"an Adobe Developer Console download", is_console_project, read_console_project},
    {"a Postman environment", is_postman, read_postman},
    {"a PostBuster export", is_postbuster, read_postbuster},
    {"an Adobe configuration", has_credential, read_flat},
});

}  // namespace

std::span<const CredentialShape> adobe_shapes() {
    return shapes;
}

}  // namespace bqconn::config
