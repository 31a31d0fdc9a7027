// Makes a call again where Request::retry and http/retry.hpp allow it, within the time of one call.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "bqconn/http/transport.hpp"

namespace bqconn::http {

// Clocks, chance and sleep, so that a test does not wait.
struct RetrySurroundings {
    std::function<std::chrono::steady_clock::time_point()> now;
    std::function<std::chrono::sys_seconds()> date;
    std::function<double()> random;  // from 0 to 1
    // Waits; false if the run was interrupted meanwhile.
    std::function<bool(std::chrono::milliseconds)> pause;
    // Told before each pause, one line without secrets: "429, trying again in 2.5 s". May be empty.
    std::function<void(std::string_view)> report;
};

// Those of the process. `interrupt_fd` as in TransportOptions; `report` is left empty.
RetrySurroundings real_surroundings(int interrupt_fd);

class RetryingTransport final : public Transport {
  public:
    // `timeout`: for all tries and pauses of a call together, where the request sets none.
    RetryingTransport(std::unique_ptr<Transport> inner, std::chrono::milliseconds timeout,
                      RetrySurroundings surroundings);

    // What the last try came to: its answer, or its TransportError. If the run is interrupted
    // between two tries: TransportError "interrupted", with what the last try had come to as
    // Sent.
    Response send(const Request& request) override;

  private:
    std::unique_ptr<Transport> inner_;
    std::chrono::milliseconds timeout_;
    RetrySurroundings surroundings_;
};

}  // namespace bqconn::http
