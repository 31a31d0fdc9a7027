// Completion candidates from the service: the first page only, within less than a second, without
// output.
#pragma once

#include <chrono>
#include <span>
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
std::span<const config::Setting> settings_of_candidates();

// `offers` is one of the last four kinds. `id` or Setting::name selects the connection for tables.
// Values are as the service sent them: make them inert before showing them. Throws Error.
std::vector<Candidate> candidates_of(Context& context, config::Offers offers,
                                     const config::Settings& settings, const std::string& id);

}  // namespace bqconn::commands
