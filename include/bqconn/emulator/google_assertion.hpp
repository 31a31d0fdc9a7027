// A service account's assertion: a JSON Web Token signed with its key.
#pragma once

#include <string>

#include "bqconn/emulator/google_store.hpp"

namespace bqconn::emulator {

// The scopes that `assertion` requests. Throws Refused if Google would: checks the account, times,
// signature, audience and scopes.
Scopes scopes_of_assertion(const std::string& assertion, const GoogleStore& store);

}  // namespace bqconn::emulator
