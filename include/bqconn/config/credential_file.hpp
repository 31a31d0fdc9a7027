// Recognises, by its shape, a JSON file that people already have, and says what it holds. Checks
// that a key file can be what it says, not that anybody accepts it.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "bqconn/core/secret.hpp"

namespace bqconn::config {

// Google: a service account's key. The whole text goes to Adobe, so it is kept.
struct ServiceAccountKey {
    Secret text;             // the file's bytes, less a byte-order mark: Google writes none
    std::string project_id;  // may be empty
    std::string client_email;
    std::string token_uri;  // Google's own if the file has none
    Secret private_key;     // PEM, unencrypted RSA
    std::string key_id;     // may be empty
};

// Google: `authorized_user`, as gcloud's application-default credentials.
struct AuthorizedUser {
    std::string client_id;
    Secret client_secret;
    Secret refresh_token;
};

// Google: an OAuth client ("installed" or "web"), without a token.
struct OAuthClient {
    std::string client_id;
    Secret client_secret;
};

// Adobe: a Developer Console download, an aepp config or a Postman environment. What a file lacks
// is empty, and so is what its owner has not filled in ("<client_id>", "{{API_KEY}}",
// "{API_KEY}"); but something is always given.
struct AdobeCredentials {
    std::string kind;  // "Adobe Developer Console download", "aepp config", "Postman environment"
    std::string api_key;
    Secret api_secret;
    Secret access_token;  // of a Postman environment; may have expired
    std::string scopes;   // comma-separated, without blanks
    std::string org_id;
    std::string sandbox_name;
    std::string environment;  // of an aepp config; other than "prod" means other hosts: warn
};

using CredentialFile =
    std::variant<ServiceAccountKey, AuthorizedUser, OAuthClient, AdobeCredentials>;

// "a Google service-account key", "an OAuth client of Google", …
std::string describe(const CredentialFile& file);

// `file` is for messages only. Throws Error (ExitCode::config, "config.credentials") that names
// file, line and key, and never a value. A text of no known shape is an error that lists the shapes
// and, where it can be told, what the text is instead (a .p12, a PEM, a dotenv file, HTML, a key
// file that was Base64-encoded, …).
CredentialFile recognise_credentials(std::string_view text, std::string_view file);

// The same for --key-file: anything but a service-account key whose private_key OpenSSL can read is
// an error that says what it is and what to use it for.
ServiceAccountKey parse_service_account_key(std::string_view text, std::string_view file);

}  // namespace bqconn::config
