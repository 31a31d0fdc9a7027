// Retries calls as Request::retry and http/retry.hpp allow, within the time limit of one call.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "bqconn/core/clock.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::http {

// Called before each pause with one line without secrets: "status 429, retrying in 2.5 s". May be
// empty.
using Report = std::function<void(std::string_view)>;

class RetryingTransport final : public Transport {
  public:
    // `timeout`: for all tries and pauses of a call together, unless the request sets one.
    RetryingTransport(std::unique_ptr<Transport> inner, std::chrono::milliseconds timeout,
                      Clock clock, Report report);

    // Returns the response of the last try or throws its TransportError. If the run is interrupted
    // between two tries: TransportError "interrupted" with the Sent of the last try. With
    // Request::late: a first try that ended NotReady counts only for its time; an exception in the
    // future is rethrown.
    Response send(const Request& request) override;

  private:
    std::unique_ptr<Transport> inner_;
    std::chrono::milliseconds timeout_;
    Clock clock_;
    Report report_;
};

}  // namespace bqconn::http
