// All that a command may touch of the world around it. Nothing is global: a test gives its own.
#pragma once

#include <memory>

#include "bqconn/config/resolve.hpp"
#include "bqconn/core/clock.hpp"
#include "bqconn/http/loopback_listener.hpp"
#include "bqconn/http/transport.hpp"
#include "bqconn/output/console.hpp"

namespace spdlog {
class logger;
}

namespace bqconn::commands {

struct Context {
    const config::Environment& environment;
    output::Console& console;
    const http::TransportFactory& make_transport;
    const Clock& clock;
    std::shared_ptr<spdlog::logger> logger;  // null: nothing is logged
    http::ListenerFactory make_listener = {};
    bool connects_ahead = false;  // its transports heed Request::late, and may be used at one time
};

}  // namespace bqconn::commands
