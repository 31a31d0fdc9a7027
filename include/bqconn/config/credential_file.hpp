// Recognises JSON credential files by their content and reads them. Checks that a key file is
// well-formed, not that Google or Adobe accepts it.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "bqconn/core/secret.hpp"

namespace bqconn::config {

// Google: a service account's key. The whole text goes to Adobe, so it is kept.
struct ServiceAccountKey {
    Secret text;  // the file's bytes without a byte-order mark, which Google does not write
    std::string project_id;  // may be empty
    std::string client_email;
    std::string token_uri;  // Google's if the file has none
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

// Adobe: a Developer Console download, an aepp config or a Postman environment. Missing fields and
// placeholders ("<client_id>", "{{API_KEY}}", "{API_KEY}") are empty, but never all of them.
struct AdobeCredentials {
    std::string kind;  // "Adobe Developer Console download", "aepp config", "Postman environment"
    std::string api_key;
    Secret api_secret;
    Secret access_token;  // of a Postman environment; may have expired
    std::string scopes;   // comma-separated, without blanks
    std::string org_id;
    std::string sandbox_name;
    std::string environment;  // of an aepp config; any but "prod" means other hosts
};

using CredentialFile =
    std::variant<ServiceAccountKey, AuthorizedUser, OAuthClient, AdobeCredentials>;

// "a Google service-account key", "a Google OAuth client", …
std::string describe(const CredentialFile& file);

// `file` is for messages only. Throws Error (ExitCode::config, "config.credentials") that names
// file, line and key, and never a value. For an unknown shape the error lists the known ones and,
// if possible, says what the text is (a .p12, a PEM, a dotenv file, HTML, a Base64-encoded key
// file, …).
CredentialFile recognise_credentials(std::string_view text, std::string_view file);

// The same for --key-file: anything but a service-account key whose private_key OpenSSL can read is
// an error that says what the file is and how to use it.
ServiceAccountKey parse_service_account_key(std::string_view text, std::string_view file);

}  // namespace bqconn::config
