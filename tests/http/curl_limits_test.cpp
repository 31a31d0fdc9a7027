// A call ends by its timeouts or when the run is interrupted. No test measures time; a limit of
// minutes only ends hangs.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <future>
#include <thread>

#include "bqconn/http/curl_transport.hpp"
#include "support/http_call.hpp"
#include "support/loopback_ports.hpp"
#include "support/raw_server.hpp"

namespace bqconn::http {
namespace {

using std::chrono::milliseconds;
using test::answer;
using test::call_once;
using test::RawConnection;
using test::RawServer;

constexpr milliseconds soon{100};

void stay_silent(RawConnection& connection) {
    connection.stall();
}

std::string local_url(const std::string& scheme, int port) {
    return scheme + "://127.0.0.1:" + std::to_string(port) + "/";
}

TEST(CurlTimeouts, NoConnection) {
    const test::FullBacklog server;
    TransportOptions options = test::patient();
    options.connect_timeout = soon;
    const auto outcome = call_once(test::post(local_url("http", server.port())), options);
    EXPECT_EQ(outcome.text(), "network.timeout no network") << outcome.message();
    EXPECT_NE(outcome.message().find("--connect-timeout"), std::string::npos);
}

TEST(CurlTimeouts, NoTls) {
    RawServer server(stay_silent);
    TransportOptions options = test::patient();
    options.connect_timeout = soon;
    EXPECT_EQ(call_once(test::post(local_url("https", server.port())), options).text(),
              "network.timeout no network");
}

TEST(CurlTimeouts, NoAnswer) {
    RawServer server(stay_silent);
    TransportOptions options = test::patient();
    options.timeout = soon;
    const auto outcome = call_once(test::post(server.url()), options);
    EXPECT_EQ(outcome.text(), "network.timeout maybe network") << outcome.message();
    EXPECT_NE(outcome.message().find("--timeout"), std::string::npos);
}

TEST(CurlTimeouts, OfTheRequestComesFirst) {
    RawServer server(stay_silent);
    Request request = test::post(server.url());
    request.timeout = soon;
    EXPECT_EQ(call_once(request).text(), "network.timeout maybe network");
}

// Each byte is progress; the total is not fast enough.
TEST(CurlTimeouts, AnswerThatNeverEnds) {
    RawServer server([](RawConnection& connection) {
        connection.read_request();
        connection.send("HTTP/1.1 200 OK\r\n\r\n");
        while (connection.send(" ")) {
            std::this_thread::sleep_for(milliseconds(1));
        }
    });
    Request request = test::post(server.url());
    request.timeout = soon;
    EXPECT_EQ(call_once(request).text(), "network.timeout maybe network");
}

TEST(CurlTimeouts, NoneIsEndless) {
    for (const auto timeout : {milliseconds(0), milliseconds(-5), milliseconds::min()}) {
        RawServer server(stay_silent);
        Request request = test::post(server.url());
        request.timeout = timeout;
        EXPECT_EQ(call_once(request).error.value().code(), "network.timeout");
    }
}

// libcurl stores 32 bits: 2^32 + 1 ms would become 1 ms.
TEST(CurlTimeouts, LongOnesAreNotCutShort) {
    for (const auto timeout : {milliseconds(4'294'967'297), milliseconds::max()}) {
        RawServer server([](RawConnection& connection) {
            connection.read_request();
            std::this_thread::sleep_for(milliseconds(20));
            connection.send(answer("200 OK", ""));
        });
        TransportOptions options;
        options.connect_timeout = timeout;
        options.timeout = timeout;
        EXPECT_EQ(call_once(test::get(server.url()), options).text(), "200");
    }
}

class Pipe {
  public:
    Pipe() { EXPECT_EQ(::pipe(ends_.data()), 0); }
    ~Pipe() {
        ::close(ends_[0]);
        close_writing_end();
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    int reading_end() const { return ends_[0]; }
    int writing_end() const { return ends_[1]; }
    void write() const { EXPECT_EQ(::write(ends_[1], "x", 1), 1); }
    void close_writing_end() {
        if (ends_[1] >= 0) {
            ::close(ends_[1]);
        }
        ends_[1] = -1;
    }

  private:
    std::array<int, 2> ends_{-1, -1};
};

TransportOptions interrupted_by(const Pipe& pipe) {
    TransportOptions options = test::patient();
    options.interrupt_fd = pipe.reading_end();
    return options;
}

TEST(CurlInterrupt, BeforeTheCall) {
    RawServer server(stay_silent);
    const Pipe pipe;
    pipe.write();
    EXPECT_EQ(call_once(test::post(server.url()), interrupted_by(pipe)).text(),
              "interrupted no network");
    EXPECT_EQ(server.connections(), 0);
}

TEST(CurlInterrupt, WhileConnecting) {
    const test::FullBacklog server;
    const Pipe pipe;
    std::thread later([&] {
        std::this_thread::sleep_for(milliseconds(20));
        pipe.write();
    });
    EXPECT_EQ(call_once(test::post(local_url("http", server.port())), interrupted_by(pipe)).text(),
              "interrupted no network");
    later.join();
}

// libcurl wakes by itself 0.2 s after starting to connect, then only at its timeout of 30 s: the
// pipe is what ends the wait earlier.
TEST(CurlInterrupt, WhileWaitingForTheAnswer) {
    const Pipe pipe;
    RawServer server([&](RawConnection& connection) {
        connection.read_request();
        std::this_thread::sleep_for(milliseconds(300));
        pipe.write();
        connection.stall();
    });
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(call_once(test::post(server.url()), interrupted_by(pipe)).text(),
              "interrupted maybe network");
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(CurlInterrupt, WhileTheAnswerComes) {
    const Pipe pipe;
    RawServer server([&](RawConnection& connection) {
        connection.read_request();
        connection.send("HTTP/1.1 200 OK\r\n\r\n");
        pipe.write();
        while (connection.send(" ")) {
            std::this_thread::yield();
        }
    });
    EXPECT_EQ(call_once(test::post(server.url()), interrupted_by(pipe)).text(),
              "interrupted maybe network");
}

TEST(CurlInterrupt, AClosedPipeIsNoBusyWait) {
    Pipe pipe;
    RawServer server([&](RawConnection& connection) {
        connection.read_request();
        pipe.close_writing_end();
        connection.stall();
    });
    EXPECT_EQ(call_once(test::post(server.url()), interrupted_by(pipe)).text(),
              "interrupted maybe network");
}

TEST(CurlInterrupt, NoneChangesNothing) {
    const Pipe pipe;
    RawServer server([](RawConnection& connection) {
        connection.read_request();
        connection.send(answer("200 OK", ""));
    });
    EXPECT_EQ(call_once(test::post(server.url()), interrupted_by(pipe)).text(), "200");
}

int pipe_of_the_handler = -1;

// As in main(): the handler writes, and the interrupted call ends.
TEST(CurlInterrupt, ByASignalHandler) {
    const Pipe pipe;
    pipe_of_the_handler = pipe.writing_end();
    const auto old = std::signal(SIGUSR1, [](int) {
        [[maybe_unused]] const auto written = ::write(pipe_of_the_handler, "x", 1);
    });
    const pthread_t caller = ::pthread_self();
    RawServer server([&](RawConnection& connection) {
        connection.read_request();
        ::pthread_kill(caller, SIGUSR1);
        connection.stall();
    });
    EXPECT_EQ(call_once(test::post(server.url()), interrupted_by(pipe)).text(),
              "interrupted maybe network");
    std::signal(SIGUSR1, old);
}

}  // namespace
}  // namespace bqconn::http
