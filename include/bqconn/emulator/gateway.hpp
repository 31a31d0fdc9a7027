// The checks before every Adobe Experience Platform service, in the gateway's order: token, API
// key, organisation. The service itself then checks the sandbox.
#pragma once

#include "bqconn/emulator/failures.hpp"
#include "bqconn/emulator/identity.hpp"
#include "bqconn/emulator/message.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// Returns the caller's client id. Throws Refused, also for a valid request if `failures` asks for
// it.
std::string check_gateway(const Request& request, const Identity& identity, const Store& store,
                          const AdobeFailures& failures = {});

// Throws Refused if `failures` says that the caller has no permission.
void check_permission(const AdobeFailures& failures);

// The sandbox named by the x-sandbox-name header. Throws Refused.
const Sandbox& check_sandbox(const Request& request, const Store& store);

// Parses the body. Throws Refused if it is empty, malformed or not declared as JSON.
Json check_json_body(const Request& request);

}  // namespace bqconn::emulator
