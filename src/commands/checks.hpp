// The checks of bqconn check, create --check and update --check. They create and change nothing.
#pragma once

#include <chrono>
#include <string>

#include "bqconn/auth/access_token.hpp"
#include "bqconn/commands/verb.hpp"
#include "bqconn/config/resolve.hpp"
#include "bqconn/connection/base_connection.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/output/report.hpp"

namespace bqconn::commands {

// `local`: settings and files only; `dataflows`: also the permissions that only dataflows need.
enum class CheckScope { local, services, dataflows };

// One entry per check, in the order of the documentation. With `auth`, checks these credentials
// instead of those in the settings.
output::Report run_checks(Context& context, const config::Settings& settings, CheckScope scope,
                          const connection::Auth* auth = nullptr);

// Whether a report has already shown the failures.
enum class Failures { reported, named };

// Throws Error with the exit code, code and response of the worst check, if one failed. With
// `named`, its message names every failed check.
void throw_worst(const output::Report& report, Failures failures, const std::string& prefix = {});

// Runs all checks with `auth`, the credentials to send. Prints warnings and throws Error naming
// every failure: "nothing was `participle`: …".
void require_checks(Context& context, const config::Settings& settings,
                    const connection::Auth& auth, const std::string& participle);

// Throws Error (`auth.other_client`, `auth.token_invalid`) if the platform would refuse the token
// with this API key, as far as its claims tell.
void refuse_token(const auth::TokenClaims& claims, const std::string& api_key,
                  std::chrono::sys_seconds now);

}  // namespace bqconn::commands
