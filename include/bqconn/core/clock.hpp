// Time, passed in so that tests need not wait.
#pragma once

#include <chrono>
#include <functional>

namespace bqconn {

struct Clock {
    // Monotonic: for how long something took.
    std::function<std::chrono::steady_clock::time_point()> now;
    // May end early, by throwing, when the run is interrupted.
    std::function<void(std::chrono::milliseconds)> sleep;
};

}  // namespace bqconn
