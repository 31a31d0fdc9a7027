// The assertion of a service account: a JSON Web Token that it signs with its key.
#pragma once

#include <string>

#include "bqconn/emulator/google_store.hpp"

namespace bqconn::emulator {

// The scopes that `assertion` asks for. Throws Refused where it is not one that Google would take:
// the account, the audience, the times, the scopes and the signature are checked.
Scopes scopes_of_assertion(const std::string& assertion, const GoogleStore& store);

}  // namespace bqconn::emulator
