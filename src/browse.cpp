// process::browse().
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/core/text.hpp"
#include "process.hpp"

namespace bqconn::process {
namespace {

// Splits a command into words as a shell does, with quotes. Drops a final "&", which is implied.
std::vector<std::string> words_of(std::string_view command) {
    std::vector<std::string> words;
    bool in_word = false;
    char quote = '\0';
    for (const char c : command) {
        const bool blank = quote == '\0' && c == ' ';
        if (!blank && !in_word) {
            words.emplace_back();
        }
        in_word = !blank;
        if (c == quote || (quote == '\0' && (c == '\'' || c == '"'))) {
            quote = c == quote ? '\0' : c;
        } else if (!blank) {
            words.back() += c;
        }
    }
    if (!words.empty() && words.back() == "&") {
        words.pop_back();
    }
    return words;
}

// Puts the address in place of each "%s", or at the end.
void add_address(std::vector<std::string>& words, const std::string& url) {
    bool placed = false;
    for (auto& word : words) {
        for (auto at = word.find("%s"); at != std::string::npos;
             at = word.find("%s", at + url.size())) {
            word.replace(at, 2, url);
            placed = true;
        }
    }
    if (!placed) {
        words.push_back(url);
    }
}

// Starts a detached program: no inherited streams, signal settings or terminal. False if it cannot
// be started.
bool spawn_silent(std::vector<std::string>& words) {
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
    const int problem =
        ::posix_spawnp(&process, arguments.front(), &files, &attributes, arguments.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    return problem == 0;
}

}  // namespace

void browse(const std::string& url) {
    const char* const variable = std::getenv("BROWSER");
    const std::string list = variable == nullptr ? "" : variable;
    bool named = false;
    for (const auto& command : split(list, ':')) {
        std::vector<std::string> words = words_of(command);
        if (words.empty()) {
            continue;
        }
        named = true;
        add_address(words, url);
        if (spawn_silent(words)) {
            return;
        }
    }
    if (!named) {
        std::vector<std::string> words{"xdg-open", url};
        spawn_silent(words);
    }
}

}  // namespace bqconn::process
