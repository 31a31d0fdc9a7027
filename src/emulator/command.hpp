// The user's command: its environment, running it as a child process, and waiting for termination
// signals.
#pragma once

#include <csignal>
#include <exception>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/options.hpp"
#include "emulator/store/store.hpp"

namespace bqconn::emulator {

// The BQCONN_ names and values for the command. A given `access_token` replaces the API secret.
Pairs command_settings(const Options& options, const Sandbox& sandbox, const std::string& url,
                       const Secret& access_token = {});

// `settings` as lines of a dotenv file that a shell can read too. Throws Error for a value that
// cannot be quoted so that all readers agree.
std::string env_file_text(const Pairs& settings);

// `current` and the result are NAME=value lists. The emulator's URLs and credentials replace the
// Adobe ones, so that it never gets real credentials. Google credentials that the user has set are
// kept, but go to the emulator, which refuses them.
std::vector<std::string> command_environment(std::span<const std::string> current,
                                             const Pairs& settings);

// Of `environment`, NAME=value; none if the name is not set.
std::optional<std::string> value_of(std::span<const std::string> environment,
                                    std::string_view name);

// Blocks the termination signals and SIGCHLD, so that the main thread can wait for them. Applies to
// this thread and the ones it starts later, so create it before any other thread and before a
// Server. The destructor restores the mask.
class BlockedSignals {
  public:
    BlockedSignals();
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;
    ~BlockedSignals();

    // Waits for SIGINT, SIGTERM, SIGHUP or SIGQUIT.
    void wait_for_termination() const;

    // Runs `command`, found in PATH, with `environment` (NAME=value) and the original signal mask,
    // and calls `when_started` once it has started. Passes on SIGINT, SIGTERM, SIGHUP and SIGQUIT.
    // Returns what a shell would: the exit status, or 128+N if signal N ended the command. Throws
    // CommandNotRun.
    int run(const std::vector<std::string>& command, const std::vector<std::string>& environment,
            const std::function<void()>& when_started) const;

  private:
    sigset_t waited_for_{};
    sigset_t original_{};
    bool pipe_was_default_ = false;
};

// The command could not be started. exit_status() is 127 if it was not found, else 126.
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
