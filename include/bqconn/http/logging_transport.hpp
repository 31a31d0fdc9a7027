// Logs each call at debug level: what it was, how long it took, what came of it. What may be shown
// is a list; all else is left out or redacted. Bodies are never shown, nor values of a query.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "bqconn/http/transport.hpp"

namespace spdlog {
class logger;
}

namespace bqconn::http {

class LoggingTransport final : public Transport {
  public:
    // Every line goes through it before it is logged: secrets out (Redactor), then made inert.
    using Cleaner = std::function<std::string(std::string_view)>;
    using Clock = std::function<std::chrono::steady_clock::time_point()>;

    LoggingTransport(std::unique_ptr<Transport> inner, std::shared_ptr<spdlog::logger> logger,
                     Cleaner cleaner, Clock clock = std::chrono::steady_clock::now);

    Response send(const Request& request) override;

  private:
    void log(std::string_view line) const;
    void log_request(const Request& request) const;
    void log_response(const Response& response, std::chrono::milliseconds taken) const;

    std::unique_ptr<Transport> inner_;
    std::shared_ptr<spdlog::logger> logger_;
    Cleaner cleaner_;
    Clock clock_;
};

}  // namespace bqconn::http
