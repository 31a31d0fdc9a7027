// Runs bqconn with the real process, the real streams and the libcurl transport.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <memory>

#include "bqconn/cli/run.hpp"
#include "bqconn/core/clock.hpp"
#include "bqconn/http/curl_transport.hpp"
#include "bqconn/http/loopback_listener.hpp"
#include "process.hpp"

int main(int argc, char** argv) {
    using namespace bqconn;
    process::hold_standard_streams();
    process::harden();
    process::handle_signals();
    // libcurl would write TLS session keys to that file.
    ::unsetenv("SSLKEYLOGFILE");
    const output::Streams streams{std::cin,
                                  std::cout,
                                  std::cerr,
                                  ::isatty(STDOUT_FILENO) == 1,
                                  ::isatty(STDERR_FILENO) == 1,
                                  ::isatty(STDIN_FILENO) == 1,
                                  process::terminal_columns(),
                                  process::page,
                                  process::browse,
                                  process::show_typing};
    const auto make_listener = [] {
        process::watch_signals();
        return std::make_unique<http::LoopbackListener>(process::signal_fd());
    };
    const auto make_transport =
        [](http::TransportOptions options) -> std::unique_ptr<http::Transport> {
        process::watch_signals();
        options.interrupt_fd = process::signal_fd();
        return std::make_unique<http::CurlTransport>(std::move(options));
    };
    return cli::run({process::take_arguments(argc, argv), process::take_environment(), streams,
                     make_transport, real_clock(process::signal_fd()), process::received_signal,
                     http::curl_version, process::end_within, make_listener, true});
}
