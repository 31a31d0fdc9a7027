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

// Thread-safe if the functions of its clock are.
class Pace {
  public:
    using Time = std::chrono::steady_clock::time_point;

    explicit Pace(Clock clock) : clock_(std::move(clock)) {}

    // Before start(), wait() and slow_down() do nothing, so that the few calls of an ordinary run
    // end within their own time limits.
    void start();
    bool is_started() const;

    // Waits until one request may start; false if the run was interrupted.
    bool wait();

    enum class Slowdown {
        none,    // not started: each transport pauses for itself
        joined,  // the request started before the pause of the last slowdown was over
        begun,   // a new slowdown
    };

    // Call after a response that asks for fewer requests: none starts before `pause` is over, and
    // the interval between two starts doubles. Responses to requests that were already under way
    // may extend the pause, but do not double the interval again.
    Slowdown slow_down(Time started, std::chrono::milliseconds pause);

    // Call after any other response: the interval shrinks by a sixteenth, or to zero if it is below
    // 1 ms. If it shrank faster, so many requests would be refused that some calls would run out of
    // attempts.
    void speed_up();

    // Between the starts of two requests; zero at first.
    std::chrono::steady_clock::duration interval() const;

  private:
    const Clock clock_;
    mutable std::mutex mutex_;  // guards all that follows; not held during a pause
    bool started_ = false;
    Time next_{};    // no request starts earlier
    Time paused_{};  // the end of the last slowdown's pause, as known when it began
    std::chrono::steady_clock::duration interval_{0};
};

}  // namespace bqconn::http
