// Logs each call at debug level: the request, its duration and the outcome. An allowlist decides
// what is shown. Bodies and query values never are.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "bqconn/core/clock.hpp"
#include "bqconn/http/transport.hpp"

namespace spdlog {
class logger;
}

namespace bqconn::http {

// Creates the logger, from debug level up, to `err`, or to the end of `file` if it is not empty.
// The file is created with mode 0600. Throws Error (config, "config.log_file") if it cannot be
// opened. It is never spdlog's default logger, which writes to stdout.
std::shared_ptr<spdlog::logger> make_logger(std::ostream& err, const std::string& file);

class LoggingTransport final : public Transport {
  public:
    // Applied to every line before it is logged: redacts secrets, then makes it inert.
    using Cleaner = std::function<std::string(std::string_view)>;

    LoggingTransport(std::unique_ptr<Transport> inner, std::shared_ptr<spdlog::logger> logger,
                     Cleaner cleaner, Now now = std::chrono::steady_clock::now);

    Response send(const Request& request) override;

  private:
    void log(std::string_view line) const;
    void log_request(const Request& request) const;
    void log_response(const Response& response, std::chrono::milliseconds taken) const;

    std::unique_ptr<Transport> inner_;
    std::shared_ptr<spdlog::logger> logger_;
    Cleaner cleaner_;
    Now now_;
};

}  // namespace bqconn::http
