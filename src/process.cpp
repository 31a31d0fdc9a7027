#include "process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <utility>

#include "bqconn/config/settings.hpp"
#include "bqconn/core/error.hpp"

namespace bqconn::process {
namespace {

constexpr int exit_base = 128;

// Global because the signal handler writes them; every thread reads them.
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<long>::is_always_lock_free);
std::atomic<int> received = 0;
std::atomic<long> received_at = 0;  // monotonic milliseconds
std::atomic<int> watching = 0;
std::array<int, 2> wake_up{-1, -1};

// The terminal's settings before echo was turned off.
volatile std::sig_atomic_t typing_is_hidden = 0;
termios terminal_before{};

long milliseconds_now() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000L + now.tv_nsec / 1'000'000L;
}

extern "C" void on_signal(int signal) {
    // timeout(1) and terminals signal the process and then its group: count both as one.
    constexpr long duplicate_limit = 250;
    const int saved = errno;
    if (received != 0 && milliseconds_now() - received_at < duplicate_limit) {
        errno = saved;
        return;
    }
    if (watching == 0 || received != 0 || wake_up[1] < 0) {
        constexpr std::string_view before = "error: stopped by a signal: nothing was sent\n";
        constexpr std::string_view during =
            "error: killed by a signal: check the outcome before running the command again\n";
        const std::string_view text = watching != 0 ? during : before;
        if (typing_is_hidden != 0) {
            ::tcsetattr(STDIN_FILENO, TCSANOW, &terminal_before);
            if (::write(STDERR_FILENO, "\n", 1) < 0) {
                // Nowhere to report it.
            }
        }
        if (::write(STDERR_FILENO, text.data(), text.size()) < 0) {
            // Nowhere to report it.
        }
        ::_exit(exit_base + signal);
    }
    received_at = milliseconds_now();
    received = signal;
    if (::write(wake_up[1], "", 1) < 0) {
        // The pipe is full, so it is readable already.
    }
    errno = saved;
}

extern "C" void on_alarm(int) {
    ::_exit(0);
}

}  // namespace

void hold_standard_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(stream, F_GETFD) >= 0 || errno != EBADF) {
            continue;
        }
        // open() returns the lowest free descriptor: this one. The reversed mode makes every use
        // fail.
        if (::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream) {
            ::_exit(static_cast<int>(ExitCode::output));
        }
    }
}

void harden() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__)
    // The leak sanitizer attaches to the process like a debugger.
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

std::vector<std::string> take_arguments(int argc, char** argv) {
    std::vector<std::string> arguments;
    for (int i = 1; i < argc; ++i) {
        arguments.emplace_back(argv[i]);
        ::explicit_bzero(argv[i], arguments.back().size());
    }
    return arguments;
}

bqconn::config::Environment take_environment() {
    bqconn::config::Environment environment;
    std::vector<std::string> ours;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals == std::string_view::npos) {
            continue;
        }
        std::string name(text.substr(0, equals));
        environment.emplace(name, Secret(std::string(text.substr(equals + 1))));
        if (name.starts_with(config::variable_prefix)) {
            ::explicit_bzero(*entry + equals + 1, text.size() - equals - 1);
            ours.push_back(std::move(name));
        }
    }
    for (const auto& name : ours) {
        ::unsetenv(name.c_str());
    }
    return environment;
}

void handle_signals() {
    // A closed pipe is reported by the failed write, with its own exit code.
    std::signal(SIGPIPE, SIG_IGN);
    // Without the pipe no wait can be woken, so a signal ends the process at once.
    if (::pipe2(wake_up.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        wake_up = {-1, -1};
    }
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction old {};
        ::sigaction(signal, nullptr, &old);
        // Keep signals ignored that the parent ignored (nohup, background jobs).
        if (old.sa_handler != SIG_IGN) {
            struct sigaction action {};
            action.sa_handler = on_signal;
            ::sigaction(signal, &action, nullptr);
        }
    }
}

void watch_signals() {
    watching = 1;
}

void end_within(std::chrono::milliseconds limit) {
    struct sigaction action {};
    action.sa_handler = on_alarm;
    ::sigaction(SIGALRM, &action, nullptr);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit);
    itimerval timer{};
    timer.it_value.tv_sec = seconds.count();
    timer.it_value.tv_usec = std::chrono::microseconds(limit - seconds).count();
    ::setitimer(ITIMER_REAL, &timer, nullptr);
}

void show_typing(bool shown) {
    if (shown) {
        ::tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal_before);
        typing_is_hidden = 0;
        return;
    }
    bool done = ::tcgetattr(STDIN_FILENO, &terminal_before) == 0;
    if (done) {
        termios hidden = terminal_before;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK | ECHONL);
        // Suspending or quitting now would leave the terminal without echo.
        hidden.c_cc[VSUSP] = _POSIX_VDISABLE;
        hidden.c_cc[VQUIT] = _POSIX_VDISABLE;
        typing_is_hidden = 1;
        done = ::tcsetattr(STDIN_FILENO, TCSADRAIN, &hidden) == 0;
    }
    if (!done) {
        typing_is_hidden = 0;
        throw Error(ExitCode::config, "config.terminal", "cannot turn off the terminal's echo",
                    "give each secret as @FILE or in its variable");
    }
}

bool await_typing() {
    std::array<pollfd, 2> inputs{
        {{STDIN_FILENO, POLLIN, 0}, {signal_fd(), POLLIN, 0}}};  // poll() ignores a negative one
    while (::poll(inputs.data(), inputs.size(), -1) < 0 && errno == EINTR) {
    }
    return received == 0;
}

int received_signal() {
    return received;
}

int signal_fd() {
    return wake_up[0];
}

std::size_t terminal_columns(int fd) {
    constexpr long most = 10'000;
    if (const char* const columns = std::getenv("COLUMNS")) {
        const long number = std::strtol(columns, nullptr, 10);
        if (number > 0 && number < most) {
            return static_cast<std::size_t>(number);
        }
    }
    winsize size{};
    return ::ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool out_is_github_file() {
    struct stat out {};
    const auto is_out = [&out](const char* variable) {
        const char* const path = std::getenv(variable);
        struct stat file {};
        return path != nullptr && ::stat(path, &file) == 0 && file.st_dev == out.st_dev &&
               file.st_ino == out.st_ino;
    };
    return ::fstat(STDOUT_FILENO, &out) == 0 && S_ISREG(out.st_mode) &&
           (is_out("GITHUB_OUTPUT") || is_out("GITHUB_ENV"));
}

void page(const std::string& command, std::string_view text) {
    // As other tools do: do not page one screen, show colours, leave the text on the screen.
    ::setenv("LESS", "FRX", 0);
    ::setenv("LV", "-c", 0);
    FILE* const pager = ::popen(command.c_str(), "w");
    if (pager == nullptr) {
        throw Error(ExitCode::output, "output.pager", "the pager could not be started",
                    "check BQCONN_PAGER and PAGER, or set BQCONN_PAGER=cat");
    }
    // Ignore short writes: the user quit the pager.
    std::fwrite(text.data(), 1, text.size(), pager);
    const int status = ::pclose(pager);
    constexpr int cannot_be_run = 126;
    constexpr int not_found = 127;
    if (WIFEXITED(status) &&
        (WEXITSTATUS(status) == not_found || WEXITSTATUS(status) == cannot_be_run)) {
        throw Error(ExitCode::output, "output.pager", "the pager was not found or cannot be run",
                    "check BQCONN_PAGER and PAGER, or set BQCONN_PAGER=cat");
    }
}

}  // namespace bqconn::process
