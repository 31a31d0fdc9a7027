#include "bqconn/crypto/encoding.hpp"
#include "config/credential_file_shapes.hpp"

namespace bqconn::config::credentials {
namespace {

constexpr const char* google_token_uri = "https://oauth2.googleapis.com/token";
constexpr const char* download_again =
    "download a new key: Google Cloud console, IAM & Admin, Service Accounts, Keys, Add key, JSON";

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

}  // namespace

ServiceAccountKey read_service_account(const Fields& fields, std::string_view text) {
    ServiceAccountKey key;
    key.text = Secret(std::string(text));
    key.project_id = fields.optional("project_id");
    key.client_email = fields.required("client_email");
    key.token_uri = fields.optional("token_uri");
    if (key.token_uri.empty()) {
        key.token_uri = google_token_uri;
    }
    key.private_key = Secret(fields.required("private_key"));
    if (!crypto::is_rsa_private_key(key.private_key.reveal())) {
        fields.refuse("private_key", damage_of(key.private_key.reveal()), download_again);
    }
    key.key_id = fields.optional("private_key_id");
    return key;
}

AuthorizedUser read_authorized_user(const Fields& fields) {
    AuthorizedUser user;
    user.client_id = fields.required("client_id");
    user.client_secret = Secret(fields.required("client_secret"));
    user.refresh_token = Secret(fields.required("refresh_token"));
    return user;
}

OAuthClient read_oauth_client(const Fields& document) {
    if (document.has("installed") && document.has("web")) {
        document.refuse("web",
                        "is present as well as \"installed\": the file has two OAuth clients",
                        "download the one that the refresh token was issued to");
    }
    const Fields fields = document.object(document.has("web") ? "web" : "installed");
    OAuthClient client;
    client.client_id = fields.required("client_id");
    client.client_secret = Secret(fields.required("client_secret"));
    return client;
}

}  // namespace bqconn::config::credentials
