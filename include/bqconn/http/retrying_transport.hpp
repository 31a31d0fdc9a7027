// Makes a call again where Request::retry and http/retry.hpp allow it, within the time of one call.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "bqconn/core/clock.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::http {

// Told before each pause, one line without secrets: "status 429, trying again in 2.5 s". May be
// empty.
using Report = std::function<void(std::string_view)>;

class RetryingTransport final : public Transport {
  public:
    // `timeout`: for all tries and pauses of a call together, where the request sets none.
    RetryingTransport(std::unique_ptr<Transport> inner, std::chrono::milliseconds timeout,
                      Clock clock, Report report);

    // What the last try came to: its answer, or its TransportError. If the run is interrupted
    // between two tries: TransportError "interrupted", with what the last try had come to as
    // Sent. With Request::late: a first try that ended NotReady is as if it had not been made, but
    // for its time; what prevented the value is thrown as it is.
    Response send(const Request& request) override;

  private:
    std::unique_ptr<Transport> inner_;
    std::chrono::milliseconds timeout_;
    Clock clock_;
    Report report_;
};

}  // namespace bqconn::http
