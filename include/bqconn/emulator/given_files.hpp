// The files that a run of the emulator gives to its user: credentials in the forms in which people
// have them. Their text; nothing is written here.
#pragma once

#include <string>

#include "bqconn/core/secret.hpp"
#include "bqconn/emulator/identity.hpp"

namespace bqconn::emulator {

// "reader@emulated-project.iam.gserviceaccount.com"
std::string service_account_email(const Identity& identity);

// A service account's key, as Google's console gives it for download. `url` is the emulator's,
// `private_key` PEM.
std::string service_account_key_text(const Identity& identity, const Secret& private_key,
                                     const std::string& url);

// A desktop app's OAuth client, likewise.
std::string oauth_client_text(const Identity& identity, const std::string& url);

// The Adobe credentials, in the shape of an aepp config.
std::string adobe_credentials_text(const Identity& identity, const std::string& sandbox_name);

}  // namespace bqconn::emulator
