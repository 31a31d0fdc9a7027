// One run of bqconn: takes argv, environment, streams and a transport factory, returns an exit
// code.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "bqconn/config/resolve.hpp"
#include "bqconn/core/clock.hpp"
#include "bqconn/http/loopback_listener.hpp"
#include "bqconn/http/transport.hpp"
#include "bqconn/output/console.hpp"

namespace bqconn::cli {

struct Program {
    std::vector<std::string> args;  // without the program's name
    config::Environment environment;
    output::Streams streams;
    http::TransportFactory make_transport;
    Clock clock;
    std::function<int()> stopped_by;  // the signal that should end the run; 0 or empty: none
    std::function<std::string()> library_versions;  // for --version
    // Ends the process silently if it still runs after that time; may be empty.
    std::function<void(std::chrono::milliseconds)> end_within = {};
    http::ListenerFactory make_listener = {};
    bool connects_ahead = false;  // as in commands::Context
};

// Never throws: reports every error itself.
int run(const Program& program);

}  // namespace bqconn::cli
