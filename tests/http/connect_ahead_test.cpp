// A request whose connection is opened before its authorization is known. It is sent completely or
// not at all.
#include "bqconn/http/connect_ahead.hpp"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <stdexcept>

#include "bqconn/http/curl_transport.hpp"
#include "bqconn/http/retry.hpp"
#include "support/http_call.hpp"
#include "support/raw_server.hpp"
#include "support/server_tls.hpp"
#include "support/temporary_file.hpp"

namespace bqconn::http {
namespace {

using test::answer;
using test::call;
using test::RawConnection;
using test::RawServer;

constexpr const char* not_ready = "network.other no network";

Request late_post(const std::string& url, std::shared_future<Secret> value) {
    Request request = test::post(url);
    request.retry = Retry::create;
    request.late_authorization = std::move(value);
    return request;
}

// A value that becomes ready when the server reaches a point in its script.
struct Value {
    std::promise<void> reached;
    std::shared_future<Secret> coming(const std::string& text) {
        return std::async(std::launch::async,
                          [this, text] {
                              reached.get_future().wait();
                              return Secret(text);
                          })
            .share();
    }
};

RetryingTransport retrying(const TransportOptions& options) {
    return RetryingTransport(std::make_unique<CurlTransport>(options), options.timeout,
                             real_clock(-1), {});
}

test::Outcome send_ahead(const Request& request, const std::function<Secret()>& authorize) {
    const TransportOptions options = test::patient();
    RetryingTransport transport = retrying(options);
    ConnectAhead ahead(transport, options.timeout, std::chrono::steady_clock::now);
    test::Outcome outcome;
    try {
        outcome.response = ahead.send(request, authorize);
    } catch (const TransportError& error) {
        outcome.error = error;
    }
    return outcome;
}

TEST(ConnectAhead, TheConnectionStandsBeforeTheValueIsThere) {
    const test::Certificate certificate({}, &test::test_root());
    const test::ServerTls tls(certificate);
    const test::TemporaryFile roots(test::test_root().pem());
    for (const test::ServerTls* const kind : {static_cast<const test::ServerTls*>(nullptr), &tls}) {
        Value value;
        RawServer server(
            [&value](RawConnection& connection) {
                value.reached.set_value();
                connection.read_request();
                connection.send(answer("201 Created", "{}"));
            },
            kind);
        TransportOptions options = test::patient();
        options.ca_file = roots.path();
        CurlTransport transport(options);
        EXPECT_EQ(call(transport, late_post(server.url(), value.coming("Bearer late"))).text(),
                  "201");
        EXPECT_NE(server.received().find("\r\nAuthorization: Bearer late\r\n"), std::string::npos);
        EXPECT_EQ(server.requests(), 1);
        EXPECT_EQ(server.connections(), 1);
    }
}

TEST(ConnectAhead, NothingLeavesWithoutAValue) {
    RawServer server([](RawConnection& connection) { connection.read_request(); });
    CurlTransport transport(test::patient());
    std::promise<Secret> failed;
    failed.set_exception(std::make_exception_ptr(std::runtime_error("no token")));
    EXPECT_EQ(call(transport, late_post(server.url(), failed.get_future().share())).text(),
              not_ready);
    std::promise<Secret> forged;
    forged.set_value(Secret("Bearer a\r\nx-injected: b"));
    EXPECT_EQ(call(transport, late_post(server.url(), forged.get_future().share())).text(),
              not_ready);
    std::promise<Secret> never;
    EXPECT_EQ(call(transport, late_post(server.url(), never.get_future().share())).text(),
              not_ready);
    EXPECT_EQ(server.received(), "");
}

// The server closed the idle connection: if the request were sent anyway, it would have to be
// reported as "maybe received".
TEST(ConnectAhead, NothingLeavesOverAConnectionThatIsClosed) {
    // With TLS the server's script starts after the client has connected.
    const test::Certificate certificate({}, &test::test_root());
    const test::ServerTls tls(certificate);
    const test::TemporaryFile roots(test::test_root().pem());
    TransportOptions options = test::patient();
    options.ca_file = roots.path();
    for (const bool with_reset : {false, true}) {
        Value value;
        RawServer server(
            [&](RawConnection& connection) {
                if (connection.number() > 1) {
                    connection.read_request();
                    connection.send(answer("201 Created", "{}"));
                    return;
                }
                with_reset ? connection.reset() : connection.drop();
                value.reached.set_value();
            },
            &tls);
        CurlTransport transport(options);
        const Request request = late_post(server.url(), value.coming("Bearer late"));
        EXPECT_EQ(call(transport, request).text(), not_ready) << with_reset;
        EXPECT_EQ(server.received(), "");
        // A retry uses a new connection.
        RetryingTransport again = retrying(options);
        EXPECT_EQ(call(again, request).text(), "201");
        EXPECT_EQ(server.requests(), 1);
    }
}

// If sent anyway, the request would get an answer that is not its own.
TEST(ConnectAhead, NothingLeavesOverAConnectionThatWasAnsweredAlready) {
    Value value;
    RawServer server([&](RawConnection& connection) {
        if (connection.number() == 1) {
            connection.send(answer("201 Created", R"({"id":"of nobody"})"));
            value.reached.set_value();
            connection.read_request();
            return;
        }
        connection.read_request();
        connection.send(answer("503 Service Unavailable", "{}"));
    });
    const auto late = value.coming("Bearer late");
    EXPECT_EQ(send_ahead(test::post(server.url()), [&late] { return late.get(); }).text(), "503");
    EXPECT_NE(server.received().find("\r\nAuthorization: Bearer late\r\n"), std::string::npos);
    EXPECT_EQ(server.requests(), 1);
    EXPECT_EQ(server.connections(), 2);
}

// An unreachable platform is reported as usual: the first try counts and has used up its time.
TEST(ConnectAhead, AConnectionThatDoesNotComeAboutIsATry) {
    const test::TemporaryFile roots(test::test_root().pem());
    RawServer server([](RawConnection& connection) { connection.stall(); });
    TransportOptions options = test::patient();
    options.ca_file = roots.path();
    options.timeout = std::chrono::milliseconds(200);
    std::vector<std::string> told;
    RetryingTransport transport(std::make_unique<CurlTransport>(options), options.timeout,
                                real_clock(-1),
                                [&told](std::string_view line) { told.emplace_back(line); });
    std::promise<Secret> value;
    value.set_value(Secret("Bearer late"));
    const auto there = value.get_future().share();
    const std::string url = "https" + server.url().substr(std::string("http").size());
    EXPECT_EQ(call(transport, late_post(url, there)).text(), "network.timeout no network");
    EXPECT_EQ(server.connections(), 1);
    EXPECT_TRUE(told.empty());
    // A refused one leaves time for retries, each with its warning.
    Clock clock = real_clock(-1);
    clock.pause = [](std::chrono::milliseconds) { return true; };
    RetryingTransport patient(std::make_unique<CurlTransport>(test::patient()),
                              test::patient().timeout, clock,
                              [&told](std::string_view line) { told.emplace_back(line); });
    EXPECT_EQ(call(patient, late_post("http://127.0.0.1:1/", there)).text(),
              "network.connect no network");
    EXPECT_EQ(told.size(), static_cast<std::size_t>(most_tries - 1));
}

TEST(ConnectAhead, WhatPreventedTheValueIsThrown) {
    RawServer server([](RawConnection& connection) { connection.read_request(); });
    const auto fail = []() -> Secret {
        throw TransportError(Sent::no, ExitCode::network, "network.timeout", "no token", "");
    };
    EXPECT_EQ(send_ahead(test::post(server.url()), fail).text(), "network.timeout no network");
    EXPECT_EQ(server.received(), "");
    // Also if no connection is made.
    for (const Retry retry : {Retry::none, Retry::create}) {
        Request request = test::post("http://127.0.0.1:1/");
        request.retry = retry;
        EXPECT_EQ(send_ahead(request, fail).text(), "network.timeout no network");
    }
}

// A retry after a first try does not restart the call's time limit.
TEST(ConnectAhead, ATryThatLeftTookTimeOfTheCall) {
    RawServer server([](RawConnection& connection) {
        connection.read_request();
        connection.stall();
    });
    TransportOptions options = test::patient();
    options.timeout = std::chrono::milliseconds(200);
    RetryingTransport transport = retrying(options);
    std::promise<Secret> value;
    value.set_value(Secret("Bearer late"));
    Request request = late_post(server.url(), value.get_future().share());
    request.retry = Retry::read;
    EXPECT_EQ(call(transport, request).text(), "network.timeout maybe network");
    EXPECT_EQ(server.requests(), 1);
}

TEST(ConnectAhead, AnAnswerToTheFirstTryCountsAsATry) {
    RawServer server([](RawConnection& connection) {
        connection.read_request();
        connection.send(connection.number() == 1
                            ? answer("429 Too Many Requests", "{}", "Retry-After: 0\r\n")
                            : answer("201 Created", "{}"));
    });
    RetryingTransport transport = retrying(test::patient());
    std::promise<Secret> value;
    value.set_value(Secret("Bearer late"));
    EXPECT_EQ(call(transport, late_post(server.url(), value.get_future().share())).text(), "201");
    EXPECT_EQ(server.requests(), 2);
    EXPECT_EQ(server.connections(), 2);
}

}  // namespace
}  // namespace bqconn::http
