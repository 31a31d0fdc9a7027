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
    const output::Streams streams{.in = std::cin,
                                  .out = std::cout,
                                  .err = std::cerr,
                                  .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
                                  .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
                                  .in_is_terminal = ::isatty(STDIN_FILENO) == 1,
                                  .out_columns = process::terminal_columns(STDOUT_FILENO),
                                  .page = process::page,
                                  .browse = process::browse,
                                  .show_typing = process::show_typing,
                                  .err_columns = process::terminal_columns(STDERR_FILENO),
                                  .out_is_github_file = process::out_is_github_file(),
                                  .await_typing = process::await_typing};
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
    return cli::run({.args = process::take_arguments(argc, argv),
                     .environment = process::take_environment(),
                     .streams = streams,
                     .make_transport = make_transport,
                     .clock = real_clock(process::signal_fd()),
                     .stopped_by = process::received_signal,
                     .library_versions = http::curl_version,
                     .end_within = process::end_within,
                     .make_listener = make_listener,
                     .connects_ahead = true});
}
