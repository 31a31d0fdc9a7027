// Decides whether a call may be retried, and after how long. Does not wait or read a clock.
#pragma once

#include <chrono>
#include <optional>

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

}  // namespace bqconn::http
