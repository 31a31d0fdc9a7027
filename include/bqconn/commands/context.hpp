// Everything a command may use outside itself. Nothing is global, so tests can replace all of it.
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
    std::shared_ptr<spdlog::logger> logger;  // null: no log
    http::ListenerFactory make_listener = {};
    bool connects_ahead = false;  // transports support Request::late_authorization and concurrent use
};

}  // namespace bqconn::commands
