#include "bqconn/core/clock.hpp"

#include <poll.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <random>

namespace bqconn {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool wait_without_interrupt(int interrupt_fd, milliseconds pause) {
    const auto end = steady_clock::now() + pause;
    for (;;) {
        const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now()).count();
        pollfd one{interrupt_fd, POLLIN, 0};
        // A signal ends poll early; only the descriptor says whether to stop.
        const int ready = poll(&one, interrupt_fd >= 0 ? 1 : 0,
                               static_cast<int>(std::max<milliseconds::rep>(left, 0)));
        if (ready > 0) {
            return false;
        }
        if (left <= 0) {
            return true;
        }
    }
}

}  // namespace

Clock real_clock(int interrupt_fd) {
    Clock real;
    real.now = [] { return steady_clock::now(); };
    real.date = [] {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    };
    real.random = [engine = std::mt19937(std::random_device{}()),
                   mutex = std::make_shared<std::mutex>()]() mutable {
        const std::lock_guard lock(*mutex);
        return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
    };
    real.pause = [interrupt_fd](milliseconds pause) {
        return wait_without_interrupt(interrupt_fd, pause);
    };
    return real;
}

}  // namespace bqconn
