// Shows the request of a create: --dry-run and --print-curl. Neither uses the network or contains a
// secret.
#pragma once

#include <string>

#include "bqconn/config/assemble.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/connection/base_connection.hpp"

namespace bqconn::commands {

// Method, URL, headers and body as JSON; secrets are "[redacted]", a header without a value is
// null.
std::string dry_run(const connection::Access& access, const connection::BaseConnection& connection,
                    const config::Missing& missing);

// The same call as a POSIX shell script with curl (and jq, if a token must be fetched). Each secret
// is a variable that curl reads from standard input: every user could read it on a command line.
std::string curl_command(const connection::Access& access,
                         const connection::BaseConnection& connection);

}  // namespace bqconn::commands
