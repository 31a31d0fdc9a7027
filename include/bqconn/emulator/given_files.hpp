// The text of the credential files that the emulator creates for its user, in their usual formats.
// Nothing is written here.
#pragma once

#include <string>

#include "bqconn/core/secret.hpp"
#include "bqconn/emulator/identity.hpp"

namespace bqconn::emulator {

// "reader@emulated-project.iam.gserviceaccount.com"
std::string service_account_email(const Identity& identity);

// A service-account key, in the format of Google's console download. `url` is the emulator's;
// `private_key` is PEM.
std::string service_account_key_text(const Identity& identity, const Secret& private_key,
                                     const std::string& url);

// A desktop app's OAuth client, in the same format.
std::string oauth_client_text(const Identity& identity, const std::string& url);

// The Adobe credentials, as an aepp config.
std::string adobe_credentials_text(const Identity& identity, const std::string& sandbox_name);

}  // namespace bqconn::emulator
