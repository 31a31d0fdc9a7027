#include "emulator/server/server.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <future>
#include <list>
#include <sstream>
#include <utility>

#include "bqconn/core/error.hpp"
#include "emulator/certificate.hpp"
#include "emulator/http_client.hpp"

namespace bqconn::emulator {
namespace {

// The local addresses that listen on `port`, as the kernel writes them.
std::vector<std::string> listening_addresses(const std::string& table, std::uint16_t port) {
    char port_text[8];
    std::snprintf(port_text, sizeof(port_text), ":%04X", port);
    std::vector<std::string> addresses;
    std::ifstream file(table);
    std::string line;
    while (std::getline(file, line)) {
        std::istringstream fields(line);
        std::string number;
        std::string local;
        std::string remote;
        std::string state;
        fields >> number >> local >> remote >> state;
        if (state == "0A" && local.ends_with(port_text)) {
            addresses.push_back(local.substr(0, local.find(':')));
        }
    }
    return addresses;
}

TEST(Server, ListensOnLoopbackAlone) {
    const RunningEmulator emulator;
    EXPECT_EQ(listening_addresses("/proc/net/tcp", emulator.port()),
              std::vector<std::string>{"0100007F"});
    EXPECT_TRUE(listening_addresses("/proc/net/tcp6", emulator.port()).empty());
    EXPECT_EQ(emulator.server.url(), "http://127.0.0.1:" + std::to_string(emulator.port()));
}

TEST(Server, SharesItsPortWithNobody) {
    RunningEmulator first;
    Options options;
    options.port = first.port();
    Emulator emulator(options);
    try {
        const Server second(emulator);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), "listen.failed");
        EXPECT_EQ(error.exit_code(), ExitCode::network);
        EXPECT_NE(error.message().find(std::to_string(first.port())), std::string::npos);
    }
}

TEST(Server, TakesThePortItIsGivenAgainAtOnce) {
    Options options;
    {
        Emulator emulator(options);
        Server server(emulator);
        server.start();
        options.port = server.port();
        // The server closes first, so its side of the connection lingers.
        exchange_bytes(server.port(), "GET / HTTP/1.0\r\n\r\n", "");
    }
    Emulator emulator(options);
    Server again(emulator);
    EXPECT_EQ(again.port(), options.port);
}

TEST(Server, WaitingConnectionsAreAnsweredFromStartOn) {
    Emulator emulator({});
    Server server(emulator);
    // Many more than the library's queue holds.
    std::list<RawConnection> waiting;
    for (int i = 0; i < 50; ++i) {
        waiting.emplace_back(server.port()).send("GET / HTTP/1.0\r\n\r\n");
    }
    server.start();
    for (const auto& connection : waiting) {
        EXPECT_TRUE(connection.receive("").starts_with("HTTP/1.1 404 "));
    }
}

TEST(Server, KeepsConnectionsOpen) {
    const RunningEmulator emulator;
    const RawConnection connection(emulator.port());
    for (int i = 0; i < 50; ++i) {
        connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        const std::string answer = connection.receive("}");
        ASSERT_TRUE(answer.starts_with("HTTP/1.1 404 "));
        EXPECT_EQ(answer.find("Connection: close"), std::string::npos);
    }
    connection.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(connection.receive("").starts_with("HTTP/1.1 404 "));
}

TEST(Server, IdleConnectionsDoNotStarveOthers) {
    const RunningEmulator emulator;
    std::list<KeptConnection> idle;
    for (int i = 0; i < 40; ++i) {
        EXPECT_EQ(idle.emplace_back(emulator.port()).get("/").status, 404);
    }
    EXPECT_EQ(send(emulator.port(), "GET", "/").status, 404);
}

TEST(Server, StopsThoughConnectionsAreOpen) {
    RunningEmulator emulator;
    std::list<KeptConnection> idle;
    for (int i = 0; i < 5; ++i) {
        idle.emplace_back(emulator.port()).get("/");
    }
    emulator.server.stop();
    EXPECT_EQ(idle.front().get("/").status, 0);
}

TEST(Server, StopFinishesWhatIsUnderWay) {
    std::promise<void> arrived;
    Options options;
    options.log = [&](const std::string&) { arrived.set_value(); };
    // Longer than the test's own limit.
    options.faults.push_back(parse_fault("GET /connections=slow=36000000"));
    RunningEmulator emulator(options);
    auto reply =
        std::async(std::launch::async, [&] { return emulator.flow("GET", "/connections"); });
    arrived.get_future().wait();
    emulator.server.stop();
    EXPECT_EQ(reply.get().status, 200);
}

TEST(Server, AnswersAtTheSameTime) {
    RunningEmulator emulator;
    std::vector<std::future<int>> replies;
    replies.reserve(16);
    for (int i = 0; i < 16; ++i) {
        replies.push_back(std::async(std::launch::async, [&] {
            return emulator.flow("POST", "/connections", basic_body().dump()).status;
        }));
    }
    for (auto& reply : replies) {
        EXPECT_EQ(reply.get(), 201);
    }
    EXPECT_EQ(emulator.flow("GET", "/connections?count=true").json().at("count"), 16);
}

TEST(Server, Expect100Continue) {
    const RunningEmulator emulator;
    const std::string answer = exchange_bytes(
        emulator.port(),
        "POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n"
        "Content-Length: 2\r\n\r\n{}",
        "");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 ")) << answer;
}

TEST(Server, PostWithoutLengthHasNoBody) {
    const RunningEmulator emulator;
    // If it waited for a body, no answer would arrive within this time.
    const std::string answer =
        exchange_bytes(emulator.port(), "POST /x HTTP/1.1\r\nHost: x\r\n\r\n", "}");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 404 ")) << answer;
}

TEST(Server, ChunkedBody) {
    RunningEmulator emulator;
    const std::string body = basic_body().dump();
    char size[16];
    std::snprintf(size, sizeof(size), "%zx", body.size());
    std::string request = "POST /data/foundation/flowservice/connections HTTP/1.1\r\n";
    for (const auto& [name, value] : emulator.credentials()) {
        request += name + ": " + value + "\r\n";
    }
    request +=
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
        "Connection: close\r\n\r\n" +
        std::string(size) + "\r\n" + body + "\r\n0\r\n\r\n";
    EXPECT_TRUE(exchange_bytes(emulator.port(), request, "").starts_with("HTTP/1.1 201 "));
}

void expect_unreadable(const std::string& answer, const std::string& status) {
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + status + " ")) << answer;
    EXPECT_NE(answer.find("\r\nx-request-id: "), std::string::npos) << answer;
    EXPECT_NE(answer.find("\"The request could not be read\""), std::string::npos) << answer;
}

TEST(Server, WhatIsNoRequest) {
    const RunningEmulator emulator;
    for (const char* const bytes : {"canary\r\n\r\n", "GET /\r\n\r\n", "FOO / HTTP/1.1\r\n\r\n",
                                    "GET / HTTP/9.9\r\n\r\n", "GET /?a?b HTTP/1.1\r\n\r\n"}) {
        const std::string answer = exchange_bytes(emulator.port(), bytes, "}");
        expect_unreadable(answer, "400");
        EXPECT_EQ(answer.find("canary"), std::string::npos);
    }
    expect_unreadable(exchange_bytes(emulator.port(),
                                     "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n\r\n", "}"),
                      "414");
}

TEST(Server, BodiesThatAreTooLarge) {
    const RunningEmulator emulator;
    const std::string body(1024 * 1024 + 1, 'x');
    const Reply reply = send(emulator.port(), "POST", "/x", {}, body);
    EXPECT_EQ(reply.status, 413);
    EXPECT_TRUE(reply.has("x-request-id"));
    const std::string chunk = "100001\r\n" + body + "\r\n0\r\n\r\n";
    expect_unreadable(
        exchange_bytes(emulator.port(),
                       "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk, "}"),
        "413");
    EXPECT_EQ(send(emulator.port(), "POST", "/x", {}, body.substr(1)).status, 404);
}

TEST(TlsServer, Answers) {
    const Certificate certificate;
    Options options;
    certificate.add_to(options);
    RunningEmulator emulator(options);
    EXPECT_TRUE(emulator.server.url().starts_with("https://127.0.0.1:"));
    const Reply reply = send_tls(emulator.port(), certificate.certificate_file(), "/");
    EXPECT_EQ(reply.status, 404);
    EXPECT_TRUE(reply.has("x-request-id"));
}

TEST(TlsServer, ResetsToo) {
    const Certificate certificate;
    Options options;
    options.faults.push_back(parse_fault("GET /x=reset;times=1"));
    certificate.add_to(options);
    RunningEmulator emulator(options);
    EXPECT_EQ(send_tls(emulator.port(), certificate.certificate_file(), "/x").status, 0);
    EXPECT_EQ(send_tls(emulator.port(), certificate.certificate_file(), "/x").status, 404);
}

TEST(TlsServer, CertificateThatCannotBeUsed) {
    const Certificate certificate;
    for (const auto& [cert, key] :
         {std::pair{certificate.certificate_file(), certificate.certificate_file()},
          std::pair{std::string("/nonexistent"), certificate.key_file()}}) {
        Options options;
        options.tls_certificate = cert;
        options.tls_key = key;
        Emulator emulator(options);
        try {
            const Server server(emulator);
            FAIL() << cert;
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), "tls.unusable");
        }
    }
}

}  // namespace
}  // namespace bqconn::emulator
