// Retries and time limits: which calls may be retried and after how long, and the transports that
// do it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "bqconn/core/clock.hpp"
#include "bqconn/http/pace.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::http {

inline constexpr int most_tries = 4;  // including the first
inline constexpr std::chrono::milliseconds first_pause{500};
inline constexpr std::chrono::milliseconds longest_pause{8'000};
inline constexpr std::chrono::milliseconds longest_retry_after{30'000};

// After a response. 429: the gateway rejected the call before it was applied, so any call may be
// retried. A read also after 408, 500, 502, 503 and 504.
bool may_retry(Retry kind, int status);

// Without a response. Any call that was not sent, and any read; but not after a lasting error (a
// certificate, a root file, a proxy's refusal, a response that is too large) or an interruption.
bool may_retry(Retry kind, const TransportError& error);

// Full jitter: between zero and a bound that doubles with each try. `tries_made` from 1; `random`
// from 0 to 1.
std::chrono::milliseconds backoff(int tries_made, double random);

// The delay in Retry-After: seconds, or a date relative to the response's own Date (the clocks may
// differ) or else to `now`. From 0 to longest_retry_after; none if absent or invalid.
std::optional<std::chrono::milliseconds> retry_after(const Response& response,
                                                     std::chrono::sys_seconds now);

// Called before each pause with one line without secrets: "platform.adobe.io responded with HTTP
// 429 (too many requests), retrying in 2.5 s (attempt 2 of 4)"; after the last try, if other
// calls must wait: "…, all calls pause for 2.5 s". May be empty.
using Report = std::function<void(std::string_view)>;

// Retries calls as Request::retry and the rules above allow, within the time limit of one call.
class RetryingTransport final : public Transport {
  public:
    // `timeout`: for all tries and pauses of a call together, unless the request sets one. A `pace`
    // must outlive the transport; waiting for it does not count towards the timeout, and each of
    // its slowdowns is reported once, by the transport that met it first.
    RetryingTransport(std::unique_ptr<Transport> inner, std::chrono::milliseconds timeout,
                      Clock clock, Report report, Pace* pace = nullptr);

    // Returns the response of the last try or throws its TransportError. If the run is interrupted
    // before a try: TransportError "interrupted" with the Sent of the last try. NotReady is not
    // retried. A retry waits for Request::late_authorization and throws its exception.
    Response send(const Request& request) override;

  private:
    std::unique_ptr<Transport> inner_;
    std::chrono::milliseconds timeout_;
    Clock clock_;
    Report report_;
    Pace* pace_;  // may be null
};

// Applies one time limit to all calls together.
class DeadlineTransport final : public Transport {
  public:
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
