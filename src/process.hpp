// What belongs to the process as a whole: its arguments and environment, its signals, what others
// may read of it. Used by main() only.
#pragma once

#include <string>
#include <vector>

#include "bqconn/config/resolve.hpp"

namespace bqconn::process {

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

// The signal that was noted; 0: none.
int noted_signal();

// Readable once a signal was noted.
int signal_fd();

}  // namespace bqconn::process
