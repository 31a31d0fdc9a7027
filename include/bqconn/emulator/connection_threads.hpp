// One thread per open connection. The HTTP library's own pool has eight threads: eight idle
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

    // Runs `job` at once, in an idle thread or a new one.
    void run(std::function<void()> job);

    // Waits for running jobs; accepts no more.
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
