#include "bqconn/emulator/command.hpp"

#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <system_error>

#include "bqconn/core/inert.hpp"

namespace bqconn::emulator {
namespace {

// argv or environ: pointers into `texts` and a null pointer.
std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (const auto& text : texts) {
        // posix_spawnp takes char* for historical reasons and does not write.
        pointers.push_back(const_cast<char*>(text.c_str()));
    }
    pointers.push_back(nullptr);
    return pointers;
}

class SpawnAttributes {
  public:
    SpawnAttributes(const sigset_t& mask, bool pipe_is_default) {
        posix_spawnattr_init(&attributes_);
        sigset_t defaults;
        sigemptyset(&defaults);
        if (pipe_is_default) {
            sigaddset(&defaults, SIGPIPE);
        }
        posix_spawnattr_setsigdefault(&attributes_, &defaults);
        posix_spawnattr_setsigmask(&attributes_, &mask);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    SpawnAttributes(const SpawnAttributes&) = delete;
    SpawnAttributes& operator=(const SpawnAttributes&) = delete;
    ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }

    const posix_spawnattr_t* get() const { return &attributes_; }

  private:
    posix_spawnattr_t attributes_{};
};

// Waits until `child` ends, passing signals on to it.
int wait_for_child(pid_t child, const sigset_t& signals) {
    for (;;) {
        siginfo_t info{};
        const int signal = sigwaitinfo(&signals, &info);
        if (signal == SIGCHLD) {
            int status = 0;
            if (waitpid(child, &status, WNOHANG) != child) {
                continue;
            }
            return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        }
        // Signals from the terminal (Ctrl-C) go to the whole process group: the child has them.
        if (signal > 0 && info.si_code != SI_KERNEL) {
            kill(child, signal);
        }
    }
}

}  // namespace

CommandNotRun::CommandNotRun(const std::string& command, int system_error)
    : message_("cannot run " + inert_line(command) + ": " +
               std::generic_category().message(system_error)),
      exit_status_(system_error == ENOENT ? 127 : 126) {}

BlockedSignals::BlockedSignals() {
    sigemptyset(&waited_for_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD}) {
        sigaddset(&waited_for_, signal);
    }
    // If SIGCHLD were ignored, the child's exit status would be lost.
    std::signal(SIGCHLD, SIG_DFL);
    struct sigaction pipe {};
    sigaction(SIGPIPE, nullptr, &pipe);
    pipe_was_default_ = pipe.sa_handler == SIG_DFL;
    pthread_sigmask(SIG_BLOCK, &waited_for_, &original_);
}

BlockedSignals::~BlockedSignals() {
    pthread_sigmask(SIG_SETMASK, &original_, nullptr);
}

void BlockedSignals::wait_for_termination() const {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    sigaddset(&ends, SIGQUIT);
    int signal = 0;
    while (sigwait(&ends, &signal) != 0) {
    }
}

int BlockedSignals::run(const std::vector<std::string>& command,
                        const std::vector<std::string>& environment,
                        const std::function<void()>& when_started) const {
    const SpawnAttributes attributes(original_, pipe_was_default_);
    const auto arguments = pointers_to(command);
    const auto variables = pointers_to(environment);
    pid_t child = 0;
    // Not fork(): none of our code may run in the child, since there may be other threads.
    const int error = posix_spawnp(&child, arguments.front(), nullptr, attributes.get(),
                                   arguments.data(), variables.data());
    if (error != 0) {
        throw CommandNotRun(command.front(), error);
    }
    when_started();
    return wait_for_child(child, waited_for_);
}

}  // namespace bqconn::emulator
