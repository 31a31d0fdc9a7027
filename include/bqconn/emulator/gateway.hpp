// The checks that stand before every Adobe Experience Platform service, in the order in which the
// gateway makes them: token, api key, organisation. The sandbox is checked by the service behind.
#pragma once

#include "bqconn/emulator/failures.hpp"
#include "bqconn/emulator/identity.hpp"
#include "bqconn/emulator/message.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// Throws Refused. Gives the client id of the caller. What `failures` names is refused where all
// would be well.
std::string check_gateway(const Request& request, const Identity& identity, const Store& store,
                          const AdobeFailures& failures = {});

// Throws Refused where `failures` says that the caller has no permission.
void check_permission(const AdobeFailures& failures);

// Throws Refused. By the x-sandbox-name header.
const Sandbox& check_sandbox(const Request& request, const Store& store);

// Throws Refused where the body is not declared as JSON, is empty or cannot be read.
Json check_json_body(const Request& request);

}  // namespace bqconn::emulator
