// What is looked at before credentials go to Adobe: bqconn check, and create and update --check.
// Nothing is created or changed anywhere.
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

// A check that an error ended. Nothing was changed, whether or not the request was received.
output::Checked failed_check(std::string name, const Error& error);

// What the settings come to. A half that is not complete is empty.
struct Plan {
    std::optional<connection::Access> access;
    std::optional<connection::Auth> auth;
    connection::GoogleServices google;
};

// Settings and files; fills `plan`.
void check_settings(const config::Settings& settings, Plan& plan, output::Report& report);
void check_files(Context& context, const config::Settings& settings, output::Report& report);

// Whether each service is reached, and the clock. All at the same time.
struct Reached {
    bool adobe = false;
    bool google = false;
    bool clock = true;
};
Reached check_hosts(Context& context, const config::Settings& settings, const Plan& plan,
                    output::Report& report);

// The access token, the sandbox, the source; each needs the one before.
output::Report check_adobe(Context& context, const config::Settings& settings, const Plan& plan);

// The token, the project, the datasets; each needs the one before.
output::Report check_google(Context& context, const config::Settings& settings, const Plan& plan);

// Throws the worst of what all the checks find: "nothing was `participle`". What is odd is a
// warning. `auth` is what would be sent.
void require_good(Context& context, const config::Settings& settings, const connection::Auth& auth,
                  const std::string& participle);

}  // namespace bqconn::commands
