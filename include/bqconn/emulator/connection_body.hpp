// The body of a connection: its connection spec and its credentials.
#pragma once

#include <string>

#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// Reads {"connectionSpec","auth"} from the body of a POST, which must be an object. Throws Refused,
// which names the fields but never their values.
Json read_connection_members(const Json& document, Cloud cloud);

// Returns `params` if they are valid for that auth spec. Throws Refused.
const Json& check_auth_params(const Json& params, Cloud cloud, const std::string& auth_spec_name);

}  // namespace bqconn::emulator
