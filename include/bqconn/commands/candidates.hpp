// Completion candidates from the service: the first page only, within less than a second, without
// output.
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "bqconn/commands/verb.hpp"
#include "bqconn/config/resolve.hpp"
#include "bqconn/config/settings.hpp"

namespace bqconn::commands {

// For all calls together.
inline constexpr std::chrono::milliseconds completion_limit{900};

struct Candidate {
    std::string value;
    std::string description;
};

// The settings needed to reach the service.
inline constexpr auto candidate_settings = std::to_array<Setting>(
    {Setting::access_token, Setting::api_key, Setting::api_secret, Setting::scopes,
     Setting::no_cache, Setting::org_id, Setting::sandbox_name, Setting::name,
     Setting::connection_name, Setting::platform_url, Setting::ims_url, Setting::ca_file});

// `offers` is sandbox_names or a later one. The connection for tables is the one with `id`, unless
// the settings name one. Values are as the service sent them: make them inert before showing them.
// Throws Error.
std::vector<Candidate> candidates_of(Context& context, config::Offers offers,
                                     const config::Settings& settings, const std::string& id);

}  // namespace bqconn::commands
