// The common pace of several transports that call one service: when the service asks one of them to
// slow down, all of them do.
#pragma once

#include <chrono>
#include <mutex>
#include <utility>

#include "bqconn/core/clock.hpp"

namespace bqconn::http {

inline constexpr std::chrono::milliseconds first_interval{50};
inline constexpr std::chrono::milliseconds longest_interval{2'000};

// Thread-safe; the functions of its clock must be, too.
class Pace {
  public:
    using Time = std::chrono::steady_clock::time_point;

    explicit Pace(Clock clock) : clock_(std::move(clock)) {}

    // Until then it does nothing, so that the few calls of a usual run end within their own time
    // limits.
    void start();

    // Waits for the turn of one request; false if the run was interrupted.
    bool wait();

    enum class Slowdown {
        none,    // not started: each transport pauses for itself
        joined,  // the service has already been found to be busy since the request was started
        begun,
    };

    // After a response that asks for fewer requests: none starts before `pause` is over, and the
    // interval between two starts doubles. The requests that were under way at a slowdown belong
    // to it: their responses may extend the pause, but do not double the interval again.
    Slowdown slow_down(Time started, std::chrono::milliseconds pause);

    // After any other response: the interval shrinks by a sixteenth, and below 1 ms to zero. A
    // faster return to the old rate would meet so many refusals that some calls run out of tries.
    void speed_up();

    // Between the starts of two requests; zero at first.
    std::chrono::steady_clock::duration interval() const;

  private:
    const Clock clock_;
    mutable std::mutex mutex_;  // guards all that follows; not held during a pause
    bool started_ = false;
    Time next_{};    // no request starts earlier
    Time paused_{};  // the end of the pause of the last slowdown, when it began
    std::chrono::steady_clock::duration interval_{0};
};

}  // namespace bqconn::http
