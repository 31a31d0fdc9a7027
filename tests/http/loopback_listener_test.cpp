#include "bqconn/http/loopback_listener.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>
#include <thread>

#include "support/expect_error.hpp"
#include "support/loopback_ports.hpp"

namespace bqconn::http {
namespace {

using std::chrono::steady_clock;
using tests::error_of;

const Page page{200, "<p>done</p>", "default-src 'none'"};

steady_clock::time_point soon() {
    return steady_clock::now() + std::chrono::seconds(30);
}

steady_clock::time_point at_once() {
    return steady_clock::now() + std::chrono::milliseconds(50);
}

// A client whose reads always end.
class Client {
  public:
    explicit Client(int port) : socket_(test::new_socket()) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<in_port_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        test::checked(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address),
                      "connect");
        const timeval limit{30, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client() { ::close(socket_); }

    void send(std::string_view text) const {
        test::checked(static_cast<int>(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL)),
                      "send");
    }
    // Reads until the connection closes.
    std::string read() const {
        std::string text;
        std::array<char, 4096> block{};
        for (ssize_t size = 0; (size = ::recv(socket_, block.data(), block.size(), 0)) > 0;) {
            text.append(block.data(), static_cast<std::size_t>(size));
        }
        return text;
    }

  private:
    int socket_;
};

std::string target_of(const std::optional<Secret>& target) {
    return target ? target->reveal() : "none";
}

TEST(LoopbackListener, GivesTheTargetAndSendsThePage) {
    LoopbackListener listener;
    EXPECT_EQ(listener.url(), "http://127.0.0.1:" + std::to_string(listener.port()));
    const Client client(listener.port());
    client.send("GET /?code=x&state=y HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    EXPECT_EQ(target_of(listener.next(soon())), "/?code=x&state=y");
    listener.answer(page);
    const std::string answer = client.read();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\n<p>done</p>")) << answer;
    for (const std::string_view header :
         {"Content-Type: text/html; charset=utf-8", "Content-Length: 11",
          "Content-Security-Policy: default-src 'none'", "Referrer-Policy: no-referrer",
          "Cache-Control: no-store", "X-Content-Type-Options: nosniff", "Connection: close"}) {
        EXPECT_NE(answer.find("\r\n" + std::string(header) + "\r\n"), std::string::npos) << answer;
    }
}

TEST(LoopbackListener, OnlyThisMachineReachesIt) {
    const LoopbackListener listener;
    const LoopbackListener other;
    EXPECT_NE(listener.port(), other.port());
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<in_port_t>(listener.port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    const int socket = test::new_socket();
    EXPECT_NE(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::close(socket);
}

TEST(LoopbackListener, WhatIsNoRequestOfABrowserIsRefused) {
    struct Row {
        std::string request;
        std::string answer;
    };
    const std::array rows{
        Row{"POST /?code=x HTTP/1.1\r\n\r\n", "HTTP/1.1 405 "},
        Row{"GET http://other/ HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "},
        Row{"GET / HTTP/2.0\r\n\r\n", "HTTP/1.1 400 "},
        Row{"GET / x HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "},
        Row{"GET /\x01 HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "},
        Row{"GET\r\n\r\n", "HTTP/1.1 400 "},
        Row{"\x16\x03\x01 hello\r\n\r\n", "HTTP/1.1 400 "},
        Row{"GET /" + std::string(9000, 'x'), "HTTP/1.1 431 "},
        Row{"GET / HTTP/1.1\r\nA: " + std::string(9000, 'x') + "\r\n\r\n", "HTTP/1.1 431 "}};
    LoopbackListener listener;
    for (const Row& row : rows) {
        const Client client(listener.port());
        client.send(row.request);
        EXPECT_EQ(target_of(listener.next(at_once())), "none") << row.request.substr(0, 40);
        EXPECT_TRUE(client.read().starts_with(row.answer)) << row.request.substr(0, 40);
    }
    const Client client(listener.port());
    client.send("GET /good HTTP/1.1\r\n\r\n");
    EXPECT_EQ(target_of(listener.next(soon())), "/good");
}

TEST(LoopbackListener, ASlowClientKeepsNobodyWaiting) {
    LoopbackListener listener;
    const Client silent(listener.port());
    const Client slow(listener.port());
    slow.send("GET /slow HT");
    const Client client(listener.port());
    client.send("GET /first HTTP/1.1\r\n\r\n");
    EXPECT_EQ(target_of(listener.next(soon())), "/first");
    listener.answer(page);
    slow.send("TP/1.1\r\n\r\n");
    EXPECT_EQ(target_of(listener.next(soon())), "/slow");
}

TEST(LoopbackListener, ByteByByte) {
    LoopbackListener listener;
    std::thread client([port = listener.port()] {
        const Client one(port);
        for (const char byte : std::string_view("GET /?a HTTP/1.1\r\nHost: x\r\n\r\n")) {
            one.send(std::string_view(&byte, 1));
        }
        EXPECT_NE(one.read().find("done"), std::string::npos);
    });
    EXPECT_EQ(target_of(listener.next(soon())), "/?a");
    listener.answer(page);
    client.join();
}

TEST(LoopbackListener, ManyIdleConnectionsAndThenTheRightOne) {
    LoopbackListener listener;
    std::list<Client> idle;
    for (int i = 0; i < 20; ++i) {
        idle.emplace_back(listener.port());
        EXPECT_EQ(target_of(listener.next(at_once())), "none");
    }
    const Client client(listener.port());
    client.send("GET /right HTTP/1.1\r\n\r\n");
    EXPECT_EQ(target_of(listener.next(soon())), "/right");
}

TEST(LoopbackListener, ABrowserThatHasGone) {
    LoopbackListener listener;
    {
        const Client client(listener.port());
        client.send("GET /gone HTTP/1.1\r\n\r\n");
    }
    EXPECT_EQ(target_of(listener.next(soon())), "/gone");
    listener.answer(page);
    listener.answer(page);
    EXPECT_EQ(target_of(listener.next(at_once())), "none");
}

TEST(LoopbackListener, ASignalEndsTheWait) {
    std::array<int, 2> ends{};
    test::checked(::pipe(ends.data()), "pipe");
    LoopbackListener listener(ends[0]);
    test::checked(static_cast<int>(::write(ends[1], "", 1)), "write");
    const Error error = error_of([&] { listener.next(soon()); });
    EXPECT_EQ(error.code(), "interrupted");
    ::close(ends[0]);
    ::close(ends[1]);
}

}  // namespace
}  // namespace bqconn::http
