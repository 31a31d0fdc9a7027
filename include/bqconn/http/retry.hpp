// When a call may be made again, and after how long. Decides and computes; it neither waits nor
// looks at a clock.
#pragma once

#include <chrono>
#include <optional>

#include "bqconn/http/transport.hpp"

namespace bqconn::http {

inline constexpr int most_tries = 4;  // in all
inline constexpr std::chrono::milliseconds first_pause{500};
inline constexpr std::chrono::milliseconds longest_pause{8'000};
inline constexpr std::chrono::milliseconds longest_retry_after{30'000};

// After an answer. 429: the gateway turned it away before anything was done, so any call may be
// made again. A read also after 408, 500, 502, 503 and 504.
bool may_retry(Retry kind, int status);

// After no answer. Any call that was not sent, and a read in any case; but not where it would fail
// alike: a certificate, a file of roots or a proxy's refusal, an answer that is too large, and not
// once the run is interrupted.
bool may_retry(Retry kind, const TransportError& error);

// Full jitter: somewhere between nothing and a bound that doubles with each try. `tries_made` from
// 1; `random` from 0 to 1.
std::chrono::milliseconds backoff(int tries_made, double random);

// What the answer's Retry-After asks for: seconds, or a date, which is compared with the answer's
// own Date (the clocks may differ) or else with `now`. From 0 to longest_retry_after; none if it is
// not there or not understood.
std::optional<std::chrono::milliseconds> retry_after(const Response& response,
                                                     std::chrono::sys_seconds now);

}  // namespace bqconn::http
