// Applies one time limit to all calls together.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "bqconn/http/transport.hpp"

namespace bqconn::http {

class DeadlineTransport final : public Transport {
  public:
    using Now = std::function<std::chrono::steady_clock::time_point()>;

    // The time starts here.
    DeadlineTransport(std::unique_ptr<Transport> inner, std::chrono::milliseconds limit, Now now);

    // Throws TransportError ("network.timeout", nothing sent) once the time is up.
    Response send(const Request& request) override;

  private:
    std::unique_ptr<Transport> inner_;
    Now now_;
    std::chrono::steady_clock::time_point deadline_;
};

}  // namespace bqconn::http
