// What a shell may offer of the things that the service knows: asked for on one page, within less
// than a second, without a word. What cannot be had in that time, or at all, is not offered.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "bqconn/commands/context.hpp"
#include "bqconn/config/offers.hpp"
#include "bqconn/config/resolve.hpp"

namespace bqconn::commands {

// For all that is asked for together.
inline constexpr std::chrono::milliseconds completion_limit{900};

struct Candidate {
    std::string value;
    std::string description;
};

// The settings that say how the service is reached.
std::span<const config::Setting> settings_of_candidates();

// Of one of the last four kinds of Offers. `id` and Setting::name name the connection whose tables
// are wanted. As the service gives them: whoever shows them makes them inert. Throws Error.
std::vector<Candidate> candidates_of(Context& context, config::Offers offers,
                                     const config::Settings& settings, const std::string& id);

}  // namespace bqconn::commands
