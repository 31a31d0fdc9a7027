// The real environment, the real streams, the libcurl transport.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "bqconn/cli/run.hpp"
#include "bqconn/http/curl_transport.hpp"

namespace {

bqconn::config::Environment environment_of_process() {
    bqconn::config::Environment environment;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text(*entry);
        const auto equals = text.find('=');
        if (equals != std::string::npos) {
            environment.emplace(text.substr(0, equals), bqconn::Secret(text.substr(equals + 1)));
        }
    }
    return environment;
}

}  // namespace

int main(int argc, char** argv) {
    // A reader that has gone is reported by the write, with an exit code of its own.
    std::signal(SIGPIPE, SIG_IGN);
    ::unsetenv("SSLKEYLOGFILE");
    const bqconn::output::Streams streams{
        std::cin, std::cout, std::cerr, ::isatty(STDOUT_FILENO) == 1, ::isatty(STDERR_FILENO) == 1};
    return bqconn::cli::run({std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc),
                             environment_of_process(), streams,
                             [](const bqconn::http::TransportOptions& options) {
                                 return std::make_unique<bqconn::http::CurlTransport>(options);
                             },
                             bqconn::http::curl_version()});
}
