// A reused connection must not send a call twice, nor answer it with old data.
#include <gtest/gtest.h>

#include <future>

#include "bqconn/http/curl_transport.hpp"
#include "support/http_call.hpp"
#include "support/raw_server.hpp"

namespace bqconn::http {
namespace {

using test::answer;
using test::call;
using test::RawConnection;
using test::RawServer;

// If a reused connection dies, libcurl resends the request on a new connection by itself. Reads
// reuse connections, so they show that the guard works.
TEST(CurlReuse, ARequestOnADyingConnectionLeavesOnce) {
    RawServer server([](RawConnection& connection) {
        connection.read_request();
        connection.send(answer("200 OK", "{}"));
        connection.read_request();
    });
    CurlTransport transport(test::patient());
    EXPECT_EQ(call(transport, test::get(server.url())).text(), "200");
    EXPECT_EQ(call(transport, test::get(server.url())).text(), "network.reset maybe network");
    EXPECT_EQ(server.requests(), 2);
    // The transport still works.
    EXPECT_EQ(call(transport, test::get(server.url())).text(), "200");
    EXPECT_EQ(server.requests(), 3);
}

// Calls that change something never reuse a connection.
TEST(CurlReuse, AChangeGoesOverAConnectionOfItsOwn) {
    for (const Method method : {Method::post, Method::patch, Method::del}) {
        RawServer server([](RawConnection& connection) {
            connection.read_request();
            connection.send(answer("200 OK", std::to_string(connection.number())));
            connection.read_request();
        });
        CurlTransport transport(test::patient());
        EXPECT_EQ(call(transport, test::get(server.url())).text(), "200");
        Request request = test::post(server.url());
        request.method = method;
        EXPECT_EQ(call(transport, request).response.value().body, "2");
        EXPECT_EQ(call(transport, request).response.value().body, "3");
        EXPECT_EQ(server.requests(), 3) << name_of(method);
    }
}

// Bytes after an answer, sent with it or later, must not be taken for the answer to the next
// request. libcurl 7.88 reuses a connection even if it has unread bytes.
TEST(CurlReuse, LeftoverBytesAreNoAnswer) {
    const std::string forged = answer("201 Created", "{\"id\":\"forged\"}");
    for (const bool at_once : {true, false}) {
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
        CurlTransport transport(test::patient());
        EXPECT_EQ(call(transport, test::get(server.url())).response.value().body, "first");
        first_is_read.set_value();
        left_over.get_future().wait();
        const auto outcome = call(transport, test::get(server.url()));
        ASSERT_EQ(outcome.text(), "200") << at_once;
        EXPECT_EQ(outcome.response->body, "second");
        EXPECT_EQ(server.requests(), 2);
    }
}

}  // namespace
}  // namespace bqconn::http
