// Recognises JSON credential files by their content and reads them: Google's service-account key,
// authorized_user file (gcloud's application-default credentials) and OAuth client; Adobe's
// Developer Console download, aepp config, aio configuration, and Postman or PostBuster
// environment. Checks that a key file is well-formed, not that Google or Adobe accepts it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/config/settings.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/secret.hpp"

namespace bqconn::config {

// A service account's key. The whole text goes to Adobe, so it is kept.
struct ServiceAccountKey {
    Secret text;  // the file's bytes without a byte-order mark, which Google does not write
    std::string project_id;  // may be empty
    std::string client_email;
    std::string token_uri;  // Google's if the file has none
    Secret private_key;     // PEM, unencrypted RSA
    std::string key_id;     // may be empty
};

// Missing fields and placeholders ("<client_id>", "{{API_KEY}}", "{API_KEY}") are left out, but
// never all of them.
struct CredentialFile {
    std::string description;  // "a Google OAuth client"
    std::map<Setting, Secret> values;
    std::optional<ServiceAccountKey> key;
    // Set if the credentials are not for Adobe's production environment; thrown unless the
    // services' URLs are given.
    std::optional<Error> elsewhere;
    // The redirect URIs of an OAuth client of type "Web application".
    std::optional<std::vector<std::string>> web_redirects;
    std::vector<std::string> warnings;  // what was left out, without the file's name
};

// `file` is for messages only. Throws Error (ExitCode::config, "config.credentials") that names
// file, line and key, and never a value. For an unknown shape the error lists the known ones and,
// if possible, says what the text is (a .p12, a PEM, a dotenv file, HTML, a Base64-encoded key
// file, …).
CredentialFile recognise_credentials(std::string_view text, std::string_view file);

// The same for --key-file: anything but a service-account key whose private_key OpenSSL can read is
// an error that says what the file is and how to use it.
ServiceAccountKey parse_service_account_key(std::string_view text, std::string_view file);

}  // namespace bqconn::config
