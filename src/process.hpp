// What belongs to the process as a whole: its arguments and environment, its signals, what others
// may read of it. Used by main() only.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/config/resolve.hpp"

namespace bqconn::process {

// A standard stream that is closed must not be given to the next file that is opened: what is
// written to it is to fail.
void hold_standard_streams();

// No core file, and no other process of the user may read this one's memory or its environment in
// /proc.
void harden();

// The arguments behind the program's name. Their bytes are overwritten: every user can read
// /proc/PID/cmdline.
std::vector<std::string> take_arguments(int argc, char** argv);

// The environment. The values of our own variables are overwritten and taken out of it.
bqconn::config::Environment take_environment();

// Until watch_signals() is called, SIGINT, SIGTERM and SIGHUP end the process at once, saying that
// nothing was sent. From then on the first one is only noted, and a second one ends the process.
void handle_signals();
void watch_signals();

// If the process still runs after `limit`, whatever it waits for, it ends with exit code 0.
void end_within(std::chrono::milliseconds limit);

// The signal that was noted; 0: none.
int noted_signal();

// Columns of the terminal on stdout: COLUMNS, or what the terminal says; 0 if neither does.
std::size_t terminal_columns();

// Shows `text` by a shell command that reads it from standard input, and waits for its end. Throws
// Error if it cannot be started.
void page(const std::string& command, std::string_view text);

// Shows a page of the web with the first program of $BROWSER, or else xdg-open, and waits for
// nothing. Where there is none, nothing happens.
void browse(const std::string& url);

// Whether the terminal on standard input shows what is typed. A signal that ends the process has it
// shown again. Throws Error if the terminal cannot be told.
void show_typing(bool shown);

// Readable once a signal was noted.
int signal_fd();

}  // namespace bqconn::process
