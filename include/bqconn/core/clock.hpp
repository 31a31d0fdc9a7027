// Time, chance and waiting, passed in so that tests need not wait.
#pragma once

#include <chrono>
#include <functional>

namespace bqconn {

// Those of real_clock() may be called by several threads at once.
struct Clock {
    // Monotonic: for how long something took.
    std::function<std::chrono::steady_clock::time_point()> now;
    // The date, to compare with those of a service.
    std::function<std::chrono::sys_seconds()> date;
    std::function<double()> random;  // from 0 to 1
    // Waits; false if the run was interrupted meanwhile.
    std::function<bool(std::chrono::milliseconds)> pause;
};

// Those of the process. A pause ends when `interrupt_fd` becomes readable; -1: it cannot be
// interrupted.
Clock real_clock(int interrupt_fd);

}  // namespace bqconn
