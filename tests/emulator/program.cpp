#include "emulator/program.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace bqconn::emulator {
namespace {

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (const auto& text : texts) {
        pointers.push_back(const_cast<char*>(text.c_str()));
    }
    pointers.push_back(nullptr);
    return pointers;
}

void close_if_open(int& descriptor) {
    if (descriptor >= 0) {
        close(descriptor);
        descriptor = -1;
    }
}

}  // namespace

Program::Program(const std::vector<std::string>& command, std::vector<std::string> environment) {
    if (std::none_of(environment.begin(), environment.end(),
                     [](const std::string& text) { return text.starts_with("PATH="); })) {
        environment.push_back("PATH=" + std::string(std::getenv("PATH")));
    }
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    error_ = memfd_create("error output", MFD_CLOEXEC);
    if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0 || error_ < 0) {
        throw std::runtime_error("cannot create pipes");
    }
    input_ = in[1];
    output_ = out[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, error_, STDERR_FILENO);
    // The server in this test program ignores it.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    const auto arguments = pointers_to(command);
    const auto variables = pointers_to(environment);
    const int error = posix_spawnp(&child_, arguments.front(), &actions, &attributes,
                                   arguments.data(), variables.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    if (error != 0) {
        throw std::runtime_error("cannot run " + command.front());
    }
}

Program::~Program() {
    if (child_ > 0) {
        kill(child_, SIGKILL);
        wait();
    }
    close_if_open(input_);
    close_if_open(output_);
    close_if_open(error_);
}

std::string Program::read_until(const std::string& until) {
    std::string text;
    std::array<char, 4096> buffer{};
    while (until.empty() || text.find(until) == std::string::npos) {
        const ssize_t size = read(output_, buffer.data(), buffer.size());
        if (size <= 0) {
            break;
        }
        text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return text;
}

void Program::close_input() {
    close_if_open(input_);
}

void Program::signal(int number) const {
    kill(child_, number);
}

int Program::wait() {
    int status = 0;
    while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    child_ = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string Program::rest_of_output() {
    return read_until("");
}

std::string Program::error_output() const {
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t size =
            pread(error_, buffer.data(), buffer.size(), static_cast<off_t>(text.size()));
        if (size <= 0) {
            return text;
        }
        text.append(buffer.data(), static_cast<std::size_t>(size));
    }
}

Finished run_program(const std::vector<std::string>& command,
                     const std::vector<std::string>& environment) {
    Program program(command, environment);
    program.close_input();
    Finished finished;
    finished.out = program.rest_of_output();
    finished.status = program.wait();
    finished.err = program.error_output();
    return finished;
}

}  // namespace bqconn::emulator
