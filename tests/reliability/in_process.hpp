// Runs the whole program except main(), without waiting: for proofs with thousands of runs.
#pragma once

#include <string>
#include <vector>

#include "bqconn/core/clock.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::reliability {

struct InProcess {
    int status = 0;
    std::string out;
    std::string err;
};

// The settings of a run, as NAME=value. With `given_token`, no token is fetched.
std::vector<std::string> settings(const std::string& platform_url, const std::string& ims_url,
                                  bool given_token);

// Pauses return at once and advance the clock, so that time limits apply.
Clock clock_without_waiting();

InProcess run_in_process(const std::vector<std::string>& arguments,
                         const std::vector<std::string>& environment,
                         http::TransportFactory make_transport,
                         const Clock& clock = clock_without_waiting());

}  // namespace bqconn::reliability
