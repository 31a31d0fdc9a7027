// A run of the whole program within the test, with given arguments and environment, a scripted
// transport, in-memory streams and no waiting. Without a terminal, errors are JSON unless the test
// says otherwise, so that their codes can be seen.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "bqconn/cli/run.hpp"
#include "bqconn/http/loopback_listener.hpp"
#include "support/fake_transport.hpp"

namespace bqconn::tests {

// One run with a scripted transport and in-memory streams.
struct OneRun {
    explicit OneRun(std::vector<std::string> arguments) : args(std::move(arguments)) {}

    std::vector<std::string> args;
    config::Environment environment;
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    bool in_is_terminal = false;
    std::size_t columns = 0;
    int signal = 0;
    std::string paged;  // what was sent to the pager
    std::string pager;  // the pager's command
    std::function<void(const std::string& url)> browse;
    std::vector<bool> typing;  // the terminal's echo settings: on or off
    int pauses = 0;
    std::chrono::milliseconds waited{0};       // in total; advances the clock
    std::chrono::seconds time_per_request{0};  // advances the date
    FakeTransport transport;
    http::TransportOptions options;  // those of the last transport made
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;

    std::string bug;  // thrown instead of sending a request

    // Passes the scripted transport on without owning it.
    class Borrowed final : public http::Transport {
      public:
        explicit Borrowed(OneRun& run) : run_(run) {}
        http::Response send(const http::Request& request) override {
            if (!run_.bug.empty()) {
                throw std::runtime_error(run_.bug);
            }
            return run_.transport.send(request);
        }

      private:
        OneRun& run_;
    };

    std::unique_ptr<http::Transport> borrow(const http::TransportOptions& given) {
        options = given;
        return std::make_unique<Borrowed>(*this);
    }

    int operator()() {
        if (!out_is_terminal && !err_is_terminal && !in_is_terminal) {
            environment.try_emplace("BQCONN_OUTPUT", Secret("json"));
        }
        const Clock clock{
            .now = [this] { return std::chrono::steady_clock::time_point() + waited; },
            .date =
                [this] {
                    return std::chrono::sys_seconds(time_per_request *
                                                    static_cast<int>(transport.requests().size()));
                },
            .random = [] { return 0.0; },
            .pause =
                [this](std::chrono::milliseconds time) {
                    ++pauses;
                    waited += time;
                    return signal == 0;
                }};
        return cli::run({args,
                         environment,
                         {in, out, err, out_is_terminal, err_is_terminal, in_is_terminal, columns,
                          [this](const std::string& command, std::string_view text) {
                              pager = command;
                              paged = text;
                          },
                          browse, [this](bool shown) { typing.push_back(shown); }, columns},
                         [this](const http::TransportOptions& given) { return borrow(given); },
                         clock,
                         [this] { return signal; },
                         [] { return "libcurl 0"; },
                         {},
                         [] { return std::make_unique<http::LoopbackListener>(); }});
    }

    void set(const char* name, const char* value) {
        environment.insert_or_assign(name, Secret(value));
    }
    void set_everything() {
        set("BQCONN_ACCESS_TOKEN", "made-up-access-token");
        set("BQCONN_API_KEY", "made-up-api-key");
        set("BQCONN_ORG_ID", "0123ABCD@AdobeOrg");
        set("BQCONN_SANDBOX_NAME", "prod");
        set("BQCONN_PROJECT", "my-project-123");
        set("BQCONN_CLIENT_ID", "client.apps.googleusercontent.com");
        set("BQCONN_CLIENT_SECRET", "made-up client secret");
        set("BQCONN_REFRESH_TOKEN", "made-up refresh token");
    }
};

}  // namespace bqconn::tests
