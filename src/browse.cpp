// process::browse().
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "bqconn/core/text.hpp"
#include "process.hpp"

namespace bqconn::process {
namespace {

// Starts a detached program: no inherited streams, signal settings or terminal.
void spawn_silent(std::vector<std::string>& words) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (auto& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files{};
    posix_spawnattr_t attributes{};
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawnattr_init(&attributes);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        ::posix_spawn_file_actions_addopen(&files, stream, "/dev/null", O_RDWR, 0);
    }
    ::posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    sigset_t ignored{};
    ::sigemptyset(&ignored);
    ::sigaddset(&ignored, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&attributes, &ignored);
    // A new session, so Ctrl-C in this terminal does not reach the browser.
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    pid_t process = 0;
    ::posix_spawnp(&process, arguments.front(), &files, &attributes, arguments.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
}

}  // namespace

void browse(const std::string& url) {
    const char* const variable = std::getenv("BROWSER");
    const std::string list = variable == nullptr ? "" : variable;
    std::vector<std::string> words;
    for (auto& word : split(list.substr(0, list.find(':')), ' ')) {
        if (!word.empty()) {
            words.push_back(std::move(word));
        }
    }
    if (words.empty()) {
        words.emplace_back("xdg-open");
    }
    const auto place = std::find(words.begin(), words.end(), "%s");
    if (place == words.end()) {
        words.push_back(url);
    } else {
        *place = url;
    }
    spawn_silent(words);
}

}  // namespace bqconn::process
