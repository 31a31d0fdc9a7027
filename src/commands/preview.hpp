// The create as it would be made, for reading: --dry-run and --print-curl. No network, and no
// secret in either.
#pragma once

#include <string>

#include "bqconn/config/missing.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/connection/base_connection.hpp"

namespace bqconn::commands {

// Method, URL, headers and body as JSON; every secret is "[redacted]", a header whose setting is
// missing is null.
std::string dry_run(const connection::Access& access, const connection::BaseConnection& connection,
                    const config::Missing& missing);

// The same call for a POSIX shell with curl (and jq, if a token must be fetched). Each secret is a
// variable, and reaches curl on its standard input: not on a command line, where every user of the
// machine could read it.
std::string curl_command(const connection::Access& access,
                         const connection::BaseConnection& connection);

}  // namespace bqconn::commands
