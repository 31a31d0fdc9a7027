// What is sent and received, connection reuse, timeouts and interruption.
#include "bqconn/http/curl_transport.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <future>
#include <thread>
#include <utility>

#include "bqconn/version.hpp"
#include "support/http_call.hpp"
#include "support/loopback_ports.hpp"
#include "support/raw_server.hpp"

namespace bqconn::http {
namespace {

using std::chrono::milliseconds;
using test::answer;
using test::answer_once;
using test::call;
using test::call_once;
using test::RawConnection;
using test::RawServer;

// The bytes of a request to a server that answers 200.
std::string bytes_of(Request request, const std::string& path = "/") {
    RawServer server(answer_once);
    request.url = server.url(path);
    EXPECT_EQ(call_once(request).text(), "200");
    std::string bytes = server.received();
    const std::string host = "127.0.0.1:" + std::to_string(server.port());
    if (const auto at = bytes.find(host); at != std::string::npos) {
        bytes.replace(at, host.size(), "HOST");
    }
    return bytes;
}

Request request_of(Method method, const std::string& body = "") {
    Request request;
    request.method = method;
    request.authorization = Secret("Bearer t");
    request.headers = {{"X-Empty", ""}};
    if (!body.empty()) {
        request.headers.push_back({"Content-Type", "application/json"});
        request.body = Secret(body);
    }
    return request;
}

constexpr const char* content_type = "Content-Type: application/json\r\n";

std::string head_of(const std::string& first_line, const std::string& headers = "") {
    return first_line + " HTTP/1.1\r\nHost: HOST\r\nUser-Agent: bqconn/" + std::string(version) +
           "\r\nAccept: */*\r\nX-Empty:\r\n" + headers + "Authorization: Bearer t\r\n";
}

TEST(CurlTransport, BytesOfGet) {
    EXPECT_EQ(bytes_of(request_of(Method::get), "/a/../b?x=%20&y"),
              head_of("GET /a/../b?x=%20&y") + "\r\n");
}

TEST(CurlTransport, BytesOfPost) {
    EXPECT_EQ(bytes_of(request_of(Method::post, "{\"a\":1}")),
              head_of("POST /", content_type) + "Content-Length: 7\r\n\r\n{\"a\":1}");
}

TEST(CurlTransport, BytesOfPostWithoutBody) {
    EXPECT_EQ(bytes_of(request_of(Method::post)), head_of("POST /") + "Content-Length: 0\r\n\r\n");
}

TEST(CurlTransport, BytesOfPatch) {
    EXPECT_EQ(bytes_of(request_of(Method::patch, "[]")),
              head_of("PATCH /", content_type) + "Content-Length: 2\r\n\r\n[]");
}

TEST(CurlTransport, BytesOfDelete) {
    EXPECT_EQ(bytes_of(request_of(Method::del)), head_of("DELETE /") + "\r\n");
}

// By default libcurl holds back bodies of 1 MiB and more for "100 Continue".
TEST(CurlTransport, BodyOfAnyByteAndSize) {
    std::string body;
    for (int i = 0; i < 3'000'000; ++i) {
        body += static_cast<char>(i % 256);
    }
    const std::string bytes = bytes_of(request_of(Method::post, body));
    const auto end = bytes.find("\r\n\r\n");
    ASSERT_NE(end, std::string::npos);
    EXPECT_TRUE(bytes.substr(end + 4) == body);
    EXPECT_EQ(bytes.substr(0, end).find("Expect"), std::string::npos);
}

TEST(CurlTransport, NothingOfOneRequestIsInTheNext) {
    RawServer server([](RawConnection& connection) {
        while (!connection.read_request().empty()) {
            connection.send(answer("200 OK", ""));
        }
    });
    CurlTransport transport(test::patient());
    Request first = request_of(Method::post, "secret-body");
    first.url = server.url("/first");
    EXPECT_EQ(call(transport, first).text(), "200");
    EXPECT_EQ(call(transport, test::get(server.url("/second"))).text(), "200");
    const std::string bytes = server.received();
    const std::string second = bytes.substr(bytes.find("GET /second"));
    EXPECT_EQ(second.find("Bearer"), std::string::npos);
    EXPECT_EQ(second.find("body"), std::string::npos);
    EXPECT_EQ(server.connections(), 1);  // kept for the second call, which is a read
}

TEST(CurlTransport, AnswerAsItCame) {
    const std::string body("{\"a\":\0\xff}", 8);
    RawServer server([&](RawConnection& connection) {
        connection.read_request();
        connection.send(
            "HTTP/1.1 103 Early Hints\r\nX-Request-Id: early\r\n\r\n" +
            answer("201 Created", body,
                   "X-Request-Id: one\r\nx-request-id: two\r\nETag: \"e\"\r\nX-Empty:\r\n"
                   "X-Folded: a\r\n  b\r\nSet-Cookie: a=b\r\n"));
    });
    const auto outcome = call_once(test::post(server.url()));
    ASSERT_EQ(outcome.text(), "201");
    const Response& response = *outcome.response;
    EXPECT_EQ(response.body, body);
    EXPECT_EQ(response.headers.size(), 7U);
    EXPECT_EQ(response.headers.front().name, "Content-Length");
    EXPECT_EQ(response.header("X-REQUEST-ID"), "two");
    EXPECT_EQ(response.header("etag"), "\"e\"");
    EXPECT_EQ(response.header("x-folded"), "a b");
    EXPECT_EQ(response.header("x-none"), "");
}

TEST(CurlTransport, EveryStatusIsAnAnswer) {
    RawServer server([](RawConnection& connection) {
        for (std::string bytes; !(bytes = connection.read_request()).empty();) {
            const std::string status = bytes.substr(bytes.find('/') + 1, 3);
            const bool has_body = status != "204" && status != "304";
            connection.send(has_body ? answer(status, "x") : "HTTP/1.1 " + status + "\r\n\r\n");
        }
    });
    CurlTransport transport(test::patient());
    for (int status = 200; status <= 599; ++status) {
        EXPECT_EQ(call(transport, test::get(server.url("/" + std::to_string(status)))).text(),
                  std::to_string(status));
    }
    EXPECT_EQ(server.requests(), 400);
}

// A 401 with a challenge must not start libcurl's own authentication or return a cookie.
TEST(CurlTransport, NoCookiesNoAuthenticationNoRedirect) {
    RawServer other(answer_once);
    std::atomic<int> count = 0;
    RawServer server([&](RawConnection& connection) {
        const std::string answers[] = {
            answer("401 Unauthorized", "",
                   "WWW-Authenticate: Basic realm=\"x\"\r\nSet-Cookie: a=b; Path=/\r\n"),
            answer("307 Temporary Redirect", "", "Location: " + other.url() + "\r\n"),
            answer("301 Moved", "", "Location: /elsewhere\r\n")};
        while (!connection.read_request().empty()) {
            connection.send(answers[std::min<int>(count++, 2)]);
        }
    });
    CurlTransport transport(test::patient());
    EXPECT_EQ(call(transport, test::post(server.url())).text(), "401");
    EXPECT_EQ(call(transport, test::post(server.url())).text(), "307");
    EXPECT_EQ(call(transport, test::get(server.url())).text(), "301");
    EXPECT_EQ(server.requests(), 3);
    EXPECT_EQ(server.received().find("Cookie"), std::string::npos);
    EXPECT_EQ(other.connections(), 0);
}

TEST(CurlTransport, HeaderInjectionIsRefused) {
    RawServer server(answer_once);
    const std::pair<std::string, std::string> headers[] = {
        {"X-A", "b\r\nX-Injected: c"},
        {"X-A", "b\nc"},
        {"X-A", "b\rc"},
        {"X-A", std::string("b\0c", 3)},
        {"X-A", "\x7f"},
        {"X-A", "tab\tbed"},
        {"X-A\r\nX-B", "c"},
        {"X A", "c"},
        {"X-A:", "c"},
        {"", "c"},
        {"X-\xc3\xa4", "c"},
    };
    for (const auto& [name, value] : headers) {
        Request request = test::get(server.url());
        request.headers = {{name, value + "canary"}};
        try {
            call_once(request);
            ADD_FAILURE() << "accepted: " << name;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), "http.header_invalid");
            EXPECT_EQ(error.exit_code(), ExitCode::usage);
            EXPECT_EQ(error.message().find("canary"), std::string::npos);
            EXPECT_EQ(error.message().find('\n'), std::string::npos);
        }
    }
    Request request = test::get(server.url());
    request.authorization = Secret("Bearer a\r\nX-Injected: b");
    EXPECT_THROW(call_once(request), Error);
    EXPECT_EQ(server.connections(), 0);
}

TEST(CurlTransport, OtherUrlsAreRefused) {
    for (const auto* url :
         {"http://example.com/", "ftp://127.0.0.1/", "file:///etc/passwd", "https://u:p@127.0.0.1/",
          "https://127.0.0.1/\r\nX: y", "", "127.0.0.1", "https://127.0.0.1/#f"}) {
        try {
            call_once(test::get(url));
            ADD_FAILURE() << "accepted: " << url;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), "http.url_invalid") << url;
        }
    }
}

TEST(CurlTransport, NamesItsLibraries) {
    EXPECT_TRUE(curl_version().starts_with("libcurl ")) << curl_version();
    EXPECT_NE(curl_version().find("SSL"), std::string::npos) << curl_version();
}

TEST(CurlTransport, AReadWithoutAResponseMayBeRepeated) {
    RawServer server([](RawConnection& connection) { connection.read_request(); });
    Request read = test::get(server.url());
    read.retry = Retry::read;
    EXPECT_NE(test::call_once(read).message().find("run the command again"), std::string::npos);
}

// A reused connection must not send a call twice, nor answer it with old data.

// Those that reuse a connection: reads, and changes in series.
std::array<Request, 2> reusing_requests(const std::string& url) {
    std::array requests{test::get(url), test::post(url)};
    requests[1].in_series = true;
    return requests;
}

// If a reused connection dies, libcurl resends the request on a new connection by itself.
TEST(CurlReuse, ARequestOnADyingConnectionLeavesOnce) {
    RawServer server([](RawConnection& connection) {
        connection.read_request();
        connection.send(answer("200 OK", "{}"));
        connection.read_request();
    });
    std::size_t sent = 0;
    for (const auto& request : reusing_requests(server.url())) {
        CurlTransport transport(test::patient());
        EXPECT_EQ(call(transport, request).text(), "200");
        EXPECT_EQ(call(transport, request).text(), "network.reset maybe network");
        EXPECT_EQ(server.requests(), sent += 2);
        // The transport still works.
        EXPECT_EQ(call(transport, request).text(), "200");
        EXPECT_EQ(server.requests(), ++sent);
    }
}

void answer_with_number(RawConnection& connection) {
    for (int request = 0; request < 3; ++request) {
        connection.read_request();
        connection.send(answer("200 OK", std::to_string(connection.number())));
    }
}

// A call that changes something reuses no connection, unless it is in series.
TEST(CurlReuse, AChangeGoesOverAConnectionOfItsOwn) {
    for (const Method method : {Method::post, Method::patch, Method::del}) {
        RawServer server(answer_with_number);
        CurlTransport transport(test::patient());
        EXPECT_EQ(call(transport, test::get(server.url())).text(), "200");
        Request request = test::post(server.url());
        request.method = method;
        EXPECT_EQ(call(transport, request).response.value().body, "2");
        EXPECT_EQ(call(transport, request).response.value().body, "3");
        EXPECT_EQ(server.requests(), 3) << name_of(method);
    }
}

// That of the change just before it, and of no other call.
TEST(CurlReuse, AChangeInSeriesGoesOverTheConnectionOfTheOneBefore) {
    RawServer server(answer_with_number);
    CurlTransport transport(test::patient());
    const auto [read, change] = reusing_requests(server.url());
    for (const auto& [request, connection] : {std::pair(read, "1"),
                                              {change, "2"},
                                              {change, "2"},
                                              {read, "1"},
                                              {change, "3"},
                                              {test::post(server.url()), "4"},
                                              {change, "5"},
                                              {change, "5"}}) {
        EXPECT_EQ(call(transport, request).response.value().body, connection);
    }
}

// Bytes after an answer, sent with it or later, must not be taken for the answer to the next
// request. libcurl 7.88 reuses a connection even if it has unread bytes.
TEST(CurlReuse, LeftoverBytesAreNoAnswer) {
    const std::string forged = answer("201 Created", "{\"id\":\"forged\"}");
    for (const int row : {0, 1, 2, 3}) {
        const bool at_once = row % 2 == 0;
        std::promise<void> first_is_read;
        std::promise<void> left_over;
        RawServer server([&](RawConnection& connection) {
            connection.read_request();
            if (connection.number() > 1) {
                connection.send(answer("200 OK", "second"));
                return;
            }
            connection.send(answer("200 OK", "first") + (at_once ? forged : ""));
            first_is_read.get_future().wait();
            connection.send(at_once ? "" : forged);
            left_over.set_value();
            connection.stall();
        });
        const auto request = reusing_requests(server.url()).at(row < 2 ? 0 : 1);
        CurlTransport transport(test::patient());
        EXPECT_EQ(call(transport, request).response.value().body, "first");
        first_is_read.set_value();
        left_over.get_future().wait();
        const auto outcome = call(transport, request);
        ASSERT_EQ(outcome.text(), "200") << row;
        EXPECT_EQ(outcome.response->body, "second");
        EXPECT_EQ(server.requests(), 2);
    }
}

// A call ends by its timeouts or when the run is interrupted. No test measures time; a limit of
// minutes only ends hangs.

constexpr milliseconds soon{100};

void stay_silent(RawConnection& connection) {
    connection.stall();
}

std::string local_url(const std::string& scheme, int port) {
    return scheme + "://127.0.0.1:" + std::to_string(port) + "/";
}

TEST(CurlTransport, ARefusalOfThisMachineHasItsOwnHint) {
    TransportOptions options = test::patient();
    options.loopback_hint = "made-up hint";
    for (const std::string scheme : {"http", "https"}) {
        const auto outcome = call_once(test::get(local_url(scheme, test::closed_port())), options);
        EXPECT_EQ(outcome.text(), "network.connect no network");
        EXPECT_EQ(outcome.error->hint(), "made-up hint");
    }
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

// libcurl wakes by itself 0.2 s after starting to connect, then only at its timeout, here after the
// test's own limit: only the pipe can end the wait.
TEST(CurlInterrupt, WhileWaitingForTheAnswer) {
    const Pipe pipe;
    RawServer server([&](RawConnection& connection) {
        connection.read_request();
        std::this_thread::sleep_for(milliseconds(300));
        pipe.write();
        connection.stall();
    });
    TransportOptions options = interrupted_by(pipe);
    options.timeout = std::chrono::hours(10);
    EXPECT_EQ(call_once(test::post(server.url()), options).text(), "interrupted maybe network");
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
