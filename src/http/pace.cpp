#include "bqconn/http/pace.hpp"

#include <algorithm>

namespace bqconn::http {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

void Pace::start() {
    const std::lock_guard lock(mutex_);
    started_ = true;
}

bool Pace::is_started() const {
    const std::lock_guard lock(mutex_);
    return started_;
}

bool Pace::wait() {
    for (;;) {
        milliseconds left;
        {
            const std::lock_guard lock(mutex_);
            const auto now = clock_.now();
            if (!started_ || next_ <= now) {
                next_ = std::max(next_, now + interval_);
                return true;
            }
            left = std::chrono::ceil<milliseconds>(next_ - now);
        }
        // Meanwhile, another request may take this turn, or the pause may be extended.
        if (!clock_.pause(left)) {
            return false;
        }
    }
}

Pace::Slowdown Pace::slow_down(Time started, milliseconds pause) {
    const std::lock_guard lock(mutex_);
    if (!started_) {
        return Slowdown::none;
    }
    const auto now = clock_.now();
    next_ = std::max(next_, now + pause);
    if (started < paused_) {
        return Slowdown::joined;
    }
    paused_ = next_;
    interval_ = std::clamp<steady_clock::duration>(interval_ * 2, first_interval, longest_interval);
    return Slowdown::begun;
}

void Pace::speed_up() {
    constexpr int part = 16;
    const std::lock_guard lock(mutex_);
    interval_ -= interval_ / part;
    if (interval_ < milliseconds(1)) {
        interval_ = steady_clock::duration(0);
    }
}

steady_clock::duration Pace::interval() const {
    const std::lock_guard lock(mutex_);
    return interval_;
}

}  // namespace bqconn::http
