#include "emulator/command.hpp"

#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"

namespace bqconn::emulator {
namespace {

// --- The environment

// Always replaced or removed; each name begins with BQCONN_. CREDENTIALS, ENV_FILE and PROFILE name
// files that may contain Adobe credentials.
constexpr std::array<std::string_view, 20> removed{
    "PLATFORM_URL",      "IMS_URL",      "GOOGLE_AUTH_URL", "GOOGLE_TOKEN_URL",  "BIGQUERY_URL",
    "API_KEY",           "API_KEY_FILE", "API_SECRET",      "API_SECRET_FILE",   "ORG_ID",
    "ORG_ID_FILE",       "SANDBOX_NAME", "SCOPES",          "SANDBOX_NAME_FILE", "ACCESS_TOKEN",
    "ACCESS_TOKEN_FILE", "PROFILE",      "ENV_FILE",        "CREDENTIALS",       "CA_FILE"};

// If the user has set any of these, no Google credentials are added.
constexpr std::array<std::string_view, 7> google_credentials{
    "CLIENT_ID",     "CLIENT_ID_FILE",     "CLIENT_SECRET", "CLIENT_SECRET_FILE",
    "REFRESH_TOKEN", "REFRESH_TOKEN_FILE", "KEY_FILE"};

constexpr std::string_view loopback_hosts = "127.0.0.1,localhost";

std::string_view name_of(std::string_view assignment) {
    return assignment.substr(0, assignment.find('='));
}

// Whether `variable` is BQCONN_ and one of `names`.
bool is_one_of(std::span<const std::string_view> names, std::string_view variable) {
    constexpr std::string_view prefix = "BQCONN_";
    return variable.starts_with(prefix) &&
           std::ranges::find(names, variable.substr(prefix.size())) != names.end();
}

// A proxy cannot reach this machine's loopback, and must not see the requests. Programs read one
// spelling or the other.
std::string no_proxy(std::span<const std::string> current, std::string_view name,
                     std::string_view other) {
    const std::string set = value_of(current, name).value_or(value_of(current, other).value_or(""));
    if (set == "*") {
        return set;
    }
    return set.empty() ? std::string(loopback_hosts) : set + "," + std::string(loopback_hosts);
}

// --- The child process

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

std::optional<std::string> value_of(std::span<const std::string> environment,
                                    std::string_view name) {
    for (const auto& assignment : environment) {
        if (assignment.size() > name.size() && name_of(assignment) == name) {
            return assignment.substr(name.size() + 1);
        }
    }
    return std::nullopt;
}

Pairs command_settings(const Options& options, const Sandbox& sandbox, const std::string& url,
                       const Secret& access_token) {
    const Identity& identity = options.identity;
    Pairs pairs{{"BQCONN_PLATFORM_URL", url},    {"BQCONN_IMS_URL", url},
                {"BQCONN_GOOGLE_AUTH_URL", url}, {"BQCONN_GOOGLE_TOKEN_URL", url},
                {"BQCONN_BIGQUERY_URL", url},    {"BQCONN_API_KEY", identity.api_key}};
    if (access_token.empty()) {
        pairs.emplace_back("BQCONN_API_SECRET", identity.api_secret.reveal());
    } else {
        pairs.emplace_back("BQCONN_ACCESS_TOKEN", access_token.reveal());
    }
    pairs.emplace_back("BQCONN_ORG_ID", identity.org_id);
    pairs.emplace_back("BQCONN_SANDBOX_NAME", sandbox.name);
    if (!options.tls_certificate.empty()) {
        pairs.emplace_back("BQCONN_CA_FILE",
                           options.tls_ca.empty() ? options.tls_certificate : options.tls_ca);
    }
    pairs.emplace_back("BQCONN_PROJECT", identity.project);
    // AWS has no auth spec for these credentials. With --adobe no-basic they are provided anyway,
    // so that they are refused.
    if (options.google_credentials &&
        (sandbox.cloud != Cloud::aws || options.adobe.contains(AdobeFailure::no_basic))) {
        pairs.emplace_back("BQCONN_CLIENT_ID", identity.client_id);
        pairs.emplace_back("BQCONN_CLIENT_SECRET", identity.client_secret.reveal());
        pairs.emplace_back("BQCONN_REFRESH_TOKEN", identity.refresh_token.reveal());
    }
    return pairs;
}

std::string env_file_text(const Pairs& settings) {
    std::string text;
    for (const auto& [name, value] : settings) {
        const bool quoted = !value.empty() && !is_word(value, "-_.:/@");
        if (value.find_first_of("'\r\n") != std::string::npos) {
            throw Error(ExitCode::config, "env_file.unquotable",
                        "the value of " + name + " cannot be written to a dotenv file",
                        "use a value without single quotes and line breaks");
        }
        text += name + "=" + (quoted ? "'" + value + "'" : value) + "\n";
    }
    return text;
}

std::vector<std::string> command_environment(std::span<const std::string> current,
                                             const Pairs& settings) {
    std::vector<std::string> environment;
    bool has_credentials = false;
    for (const auto& assignment : current) {
        const auto name = name_of(assignment);
        has_credentials = has_credentials || is_one_of(google_credentials, name);
        if (!is_one_of(removed, name) && name != "NO_PROXY" && name != "no_proxy") {
            environment.push_back(assignment);
        }
    }
    const bool has_project = value_of(current, "BQCONN_PROJECT").has_value();
    for (const auto& [name, value] : settings) {
        const bool kept = name == "BQCONN_PROJECT"
                              ? has_project
                              : has_credentials && is_one_of(google_credentials, name);
        if (!kept) {
            environment.push_back(name + "=" + value);
        }
    }
    environment.push_back("NO_PROXY=" + no_proxy(current, "NO_PROXY", "no_proxy"));
    environment.push_back("no_proxy=" + no_proxy(current, "no_proxy", "NO_PROXY"));
    return environment;
}

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
    sigset_t ends = waited_for_;
    sigdelset(&ends, SIGCHLD);
    int signal = 0;
    while (sigwait(&ends, &signal) != 0) {
    }
}

int BlockedSignals::run(const std::vector<std::string>& command,
                        const std::vector<std::string>& environment,
                        const std::function<void()>& when_started) const {
    const auto arguments = pointers_to(command);
    const auto variables = pointers_to(environment);
    sigset_t defaults;
    sigemptyset(&defaults);
    if (pipe_was_default_) {
        sigaddset(&defaults, SIGPIPE);
    }
    posix_spawnattr_t attributes{};
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setsigmask(&attributes, &original_);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    pid_t child = 0;
    // Not fork(): none of our code may run in the child, since there may be other threads.
    const int error = posix_spawnp(&child, arguments.front(), nullptr, &attributes,
                                   arguments.data(), variables.data());
    posix_spawnattr_destroy(&attributes);
    if (error != 0) {
        throw CommandNotRun(command.front(), error);
    }
    when_started();
    return wait_for_child(child, waited_for_);
}

}  // namespace bqconn::emulator
