// Process-wide state: arguments, environment, signals, the terminal, and what other processes may
// read of this one. Used only by main().
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/config/resolve.hpp"

namespace bqconn::process {

// Opens closed standard streams so that using them fails; otherwise the next opened file would take
// their place.
void hold_standard_streams();

// Disables core files and access by the user's other processes to memory and environment.
void harden();

// Returns the arguments after the program's name and overwrites them in memory: every user can read
// /proc/PID/cmdline.
std::vector<std::string> take_arguments(int argc, char** argv);

// Returns the environment; overwrites and unsets BQCONN_ variables.
bqconn::config::Environment take_environment();

// Until watch_signals() is called, SIGINT, SIGTERM and SIGHUP end the process at once, reporting
// that nothing was sent. After that, the first one is only recorded and a second one ends it.
void handle_signals();
void watch_signals();

// Ends the process with exit code 0 if it still runs after `limit`.
void end_within(std::chrono::milliseconds limit);

// The recorded signal; 0: none.
int received_signal();

// Width of the terminal on a descriptor, from COLUMNS or the terminal; 0: unknown.
std::size_t terminal_columns(int fd);

// Whether stdout is the file that $GITHUB_OUTPUT or $GITHUB_ENV names.
bool out_is_github_file();

// Pipes `text` into a shell command and waits for it to end. Throws Error if it cannot be started.
void page(const std::string& command, std::string_view text);

// Opens `url` with the first program in $BROWSER that can be started, or xdg-open if it names none,
// without waiting. Errors are ignored.
void browse(const std::string& url);

// Turns the echo of the terminal on standard input on or off. A signal that ends the process turns
// it back on. Throws Error if it cannot be turned off.
void show_typing(bool shown);

// Waits until standard input can be read; false if a signal is recorded first.
bool await_typing();

// Becomes readable when a signal is recorded.
int signal_fd();

}  // namespace bqconn::process
