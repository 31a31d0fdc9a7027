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
#include "config/credential_shape.hpp"

namespace bqconn::config {
namespace {

using json::Json;

constexpr const char* known_shapes =
    "supported files: Google service-account key, authorized_user file and OAuth client; Adobe "
    "Developer Console download, aepp config, aio configuration, and Postman or PostBuster "
    "environment";
constexpr const char* google_token_uri = "https://oauth2.googleapis.com/token";

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

void read_client(const Fields& fields, CredentialFile& content) {
    content.values.emplace(Setting::client_id, fields.required("client_id"));
    content.values.emplace(Setting::client_secret, fields.required("client_secret"));
}

void read_authorized_user(const Fields& fields, CredentialFile& content) {
    read_client(fields, content);
    content.values.emplace(Setting::refresh_token, fields.required("refresh_token"));
}

void read_oauth_client(const Fields& document, CredentialFile& content) {
    if (document.has("installed") && document.has("web")) {
        document.refuse("web",
                        "is present as well as \"installed\": the file has two OAuth clients",
                        "download the one that the refresh token was issued to");
    }
    if (!document.has("web")) {
        read_client(document.object("installed"), content);
        return;
    }
    const Fields client = document.object("web");
    read_client(client, content);
    content.web_redirects = split(client.optional_list("redirect_uris"), ',');
}

// The client of an OAuth client file, under one of its two names.
bool is_client(const Json& client) {
    return client.is_object() && client.size() > 1 &&
           (client.contains("client_id") || client.contains("client_secret"));
}

// ---- the supported files

constexpr auto google_shapes = std::to_array<CredentialShape>({
    {"a Google service-account key",
     [](const Json& document) {
         return json::string_at(document, "type") == "service_account" && document.size() > 1;
     },
     nullptr},
    {"a Google authorized_user file",
     [](const Json& document) {
         return json::string_at(document, "type") == "authorized_user" && document.size() > 1;
     },
     read_authorized_user},
    {"a Google OAuth client",
     [](const Json& document) {
         return is_client(json::member(document, "installed")) ||
                is_client(json::member(document, "web"));
     },
     read_oauth_client},
});

// An unfilled template would otherwise be ignored silently.
void check_something_given(const std::map<Setting, Secret>& values, std::string_view description,
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
    // sh's echo decodes \n.
    if (content.starts_with('{') && text.find("KEY-----\n") != std::string_view::npos) {
        return {"JSON in which \"\\n\" became line breaks, as sh's echo does",
                "write it with: printf '%s' \"$KEY\" >key.json"};
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
    if (content.starts_with('{') && content.find("\"") != 1 &&
        (content.find("contexts:") != std::string_view::npos ||
         content.find("ims_org_id:") != std::string_view::npos)) {
        return {"Hjson, as Adobe's aio writes it",
                "export it as JSON: aio config get ims --json > FILE"};
    }
    if (content.starts_with('{') && content.size() > 2 && content.find('"') == content.npos) {
        return {"JSON that lost its quotes in a shell",
                "pass it through a variable: printf '%s' \"$KEY\" >key.json"};
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
    if (document.contains("collections") && document.contains("environments")) {
        return {"an export of all of Postman's data", "export only the environment"};
    }
    if (const Json& integration = json::member(document, "integration");
        integration.contains("technicalAccount") && integration.contains("privateKey")) {
        return {"a JWT credential, as AEM issues it", jwt_retired};
    }
    if (json::member(json::member(document, "ims"), "contexts").is_object()) {
        return {"an Adobe aio configuration without a credential (aio login stores only a token)",
                "use an OAuth Server-to-Server credential: download its project in the Adobe "
                "Developer Console"};
    }
    if (document.contains("access_token") &&
        (document.contains("expires_in") || document.contains("token_type"))) {
        return {"a token response", "pass the token itself with --access-token"};
    }
    if (document.contains("private_key") && document.contains("client_email")) {
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

const CredentialShape& shape_of(const Json& document, std::string_view file) {
    for (const auto of_one_service :
         {std::span<const CredentialShape>(google_shapes), adobe_shapes()}) {
        for (const auto& shape : of_one_service) {
            if (shape.fits(document)) {
                return shape;
            }
        }
    }
    const auto instead = what_json_is(document);
    throw credentials_error(file, "is " + instead.what, instead.hint);
}

}  // namespace

CredentialFile recognise_credentials(std::string_view text, std::string_view file) {
    text = without_bom(text);
    const Json document = parse_document(text, file);
    const CredentialShape& shape = shape_of(document, file);
    const Fields fields(document, file);
    CredentialFile content;
    content.description = shape.description;
    if (shape.read == nullptr) {
        content.key = read_key(fields, text);
    } else {
        shape.read(fields, content);
        check_something_given(content.values, shape.description, file);
    }
    return content;
}

ServiceAccountKey parse_service_account_key(std::string_view text, std::string_view file) {
    text = without_bom(text);
    const Json document = parse_document(text, file);
    const CredentialShape& shape = shape_of(document, file);
    if (shape.read != nullptr) {
        throw credentials_error(
            file, "is " + std::string(shape.description) + ", not a service-account key",
            "pass it with --credentials instead of --key-file");
    }
    return read_key(Fields(document, file), text);
}

}  // namespace bqconn::config
