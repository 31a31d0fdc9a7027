// A thread for each connection that is open. The HTTP library's own pool has eight: eight idle
// keep-alive connections would starve the ninth.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

namespace bqconn::emulator {

class ConnectionThreads {
  public:
    ConnectionThreads() = default;
    ConnectionThreads(const ConnectionThreads&) = delete;
    ConnectionThreads& operator=(const ConnectionThreads&) = delete;
    ~ConnectionThreads();

    // Runs `job` at once, in a thread that is idle or else in a new one.
    void run(std::function<void()> job);

    // Waits for what runs; takes no more.
    void finish();

  private:
    void work();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::list<std::function<void()>> jobs_;
    std::size_t idle_ = 0;
    bool finished_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace bqconn::emulator
