// Runs the user's command as a child, and waits for the signals that end us.
#pragma once

#include <csignal>
#include <exception>
#include <functional>
#include <string>
#include <vector>

namespace bqconn::emulator {

// The signals that the main thread waits for instead of being interrupted by them. Blocks them for
// this thread and for those it starts from now on, so make it before any other thread and before a
// Server; the destructor restores.
class BlockedSignals {
  public:
    BlockedSignals();
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;
    ~BlockedSignals();

    // Waits for SIGINT, SIGTERM, SIGHUP or SIGQUIT.
    void wait_for_end() const;

    // Runs `command`, found by PATH, with `environment` (NAME=value) and with the signals as we
    // were given them; calls `when_started` once it is under way. SIGINT, SIGTERM, SIGHUP and
    // SIGQUIT are passed on. Gives what a shell would: the exit status, or 128+N if signal N ended
    // it. Throws CommandNotRun.
    int run(const std::vector<std::string>& command, const std::vector<std::string>& environment,
            const std::function<void()>& when_started) const;

  private:
    sigset_t waited_for_{};
    sigset_t original_{};
    bool pipe_was_default_ = false;
};

// The command could not be started. exit_status(): 127 if it is not there, else 126.
class CommandNotRun : public std::exception {
  public:
    CommandNotRun(const std::string& command, int system_error);
    const char* what() const noexcept override { return message_.c_str(); }
    int exit_status() const { return exit_status_; }

  private:
    std::string message_;
    int exit_status_;
};

}  // namespace bqconn::emulator
