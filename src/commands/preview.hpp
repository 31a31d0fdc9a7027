// The requests of a change as --dry-run and --print-curl show them: complete, but without a secret.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/connection/base_connection.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/flow/wire.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::commands {

// Method, URL, headers and body of a call; a header without a value is null. `body` is what the
// call sends, with each secret redacted.
json::OrderedJson request_json(const connection::Access& access, const flow::Call& call,
                               const json::Json& body);

// The same for calls whose bodies have no secret, as a list.
std::string requests_json(const connection::Access& access, const std::vector<flow::Call>& calls);

// Stands for a secret parameter in such a body.
std::string redact_parameter(std::string_view parameter, const Secret& secret);

// The create as a POSIX shell script with curl (and jq, if a token must be fetched). Each secret is
// a variable that curl reads from standard input: every user could read it on a command line.
std::string curl_command(const connection::Access& access,
                         const connection::BaseConnection& connection);

// Warns that these switches, if given, are not part of the request shown.
void warn_not_shown(Context& context, const Task& task, std::initializer_list<Flag> flags);

}  // namespace bqconn::commands
