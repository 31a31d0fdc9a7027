// Time, randomness and waiting, injected so that tests need not wait.
#pragma once

#include <chrono>
#include <functional>

namespace bqconn {

using Now = std::function<std::chrono::steady_clock::time_point()>;

// The functions of real_clock() are thread-safe.
struct Clock {
    Now now;  // monotonic, for durations
    // Wall-clock time, to compare with a service's dates.
    std::function<std::chrono::sys_seconds()> date;
    std::function<double()> random;  // from 0 to 1
    // Waits; false if the run was interrupted.
    std::function<bool(std::chrono::milliseconds)> pause;
};

// The system's clock. A pause ends when `interrupt_fd` becomes readable; -1: not interruptible.
Clock real_clock(int interrupt_fd);

}  // namespace bqconn
