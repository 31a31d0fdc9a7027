// What stands in the body of a connection: its connection spec and its credentials.
#pragma once

#include <string>

#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// {"connectionSpec","auth"} of the body of a POST, an object. Throws Refused; names the parts,
// never their values.
Json read_connection_members(const Json& document, Cloud cloud);

// `params` as they may stand in a connection with that auth spec. Throws Refused.
const Json& check_auth_params(const Json& params, Cloud cloud, const std::string& auth_spec_name);

}  // namespace bqconn::emulator
