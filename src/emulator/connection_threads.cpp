#include "bqconn/emulator/connection_threads.hpp"

#include <utility>

namespace bqconn::emulator {

ConnectionThreads::~ConnectionThreads() {
    finish();
}

void ConnectionThreads::run(std::function<void()> job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
        if (jobs_.size() > idle_) {
            threads_.emplace_back([this] { work(); });
        }
    }
    changed_.notify_one();
}

void ConnectionThreads::finish() {
    {
        const std::lock_guard lock(mutex_);
        finished_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

void ConnectionThreads::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        changed_.wait(lock, [this] { return finished_ || !jobs_.empty(); });
        --idle_;
        if (jobs_.empty()) {
            return;
        }
        const auto job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job();
        lock.lock();
    }
}

}  // namespace bqconn::emulator
