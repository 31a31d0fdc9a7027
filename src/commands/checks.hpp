// The checks of bqconn check, create --check and update --check. They create and change nothing.
#pragma once

#include <optional>
#include <string>

#include "bqconn/commands/context.hpp"
#include "bqconn/config/resolve.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/connection/base_connection.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/output/report.hpp"

namespace bqconn::commands {

// A check that failed with `error`. The hint never doubts whether anything was changed.
output::Checked failed_check(std::string name, const Error& error);

// What the settings configure. Incomplete parts are empty.
struct Plan {
    std::optional<connection::Access> access;
    std::optional<connection::Auth> auth;
    connection::GoogleServices google;
};

// check_settings() fills `plan`.
void check_settings(const config::Settings& settings, Plan& plan, output::Report& report);
void check_files(Context& context, const config::Settings& settings, output::Report& report);

// Which services are reachable, and whether the clock is correct. Checked in parallel.
struct Reached {
    bool adobe = false;
    bool google = false;
    bool clock = true;
};
Reached check_hosts(Context& context, const config::Settings& settings, const Plan& plan,
                    output::Report& report);

// Access token, sandbox, source; each needs the one before.
output::Report check_adobe(Context& context, const config::Settings& settings, const Plan& plan);

// Token, project, datasets; each needs the one before.
output::Report check_google(Context& context, const config::Settings& settings, const Plan& plan);

// Runs all checks with `auth`, the credentials to send. Prints warnings and throws the worst
// failure: "nothing was `participle`: …".
void require_checks(Context& context, const config::Settings& settings,
                    const connection::Auth& auth, const std::string& participle);

}  // namespace bqconn::commands
