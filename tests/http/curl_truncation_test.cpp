// A truncated answer must not be taken for a complete one.
#include <gtest/gtest.h>

#include "support/http_call.hpp"
#include "support/raw_server.hpp"

namespace bqconn::http {
namespace {

using test::answer;
using test::call_once;
using test::RawConnection;
using test::RawServer;

RawServer::Script after_request(const std::string& bytes) {
    return [bytes](RawConnection& connection) {
        connection.read_request();
        connection.send(bytes);
    };
}

// The end of this answer is undetectable; it must not be taken for a wrong one.
TEST(CurlTruncation, AtEveryByteWithLength) {
    const std::string whole =
        answer("201 Created", "{\"id\":\"x\",\"etag\":\"\\\"e\\\"\"}", "ETag: \"e\"\r\n");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        RawServer server(after_request(whole.substr(0, size)));
        const auto outcome = call_once(test::post(server.url()));
        EXPECT_FALSE(outcome.response) << "cut at " << size << ": " << outcome.text();
        EXPECT_EQ(server.requests(), 1);
    }
}

TEST(CurlTruncation, AtEveryByteOfChunks) {
    const std::string whole =
        "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\n{\"id\"\r\n5\r\n:\"x\"}\r\n0\r\n\r\n";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        RawServer server(after_request(whole.substr(0, size)));
        const auto outcome = call_once(test::post(server.url()));
        // All but the last line feed is enough.
        EXPECT_EQ(outcome.response.has_value(), size + 1 >= whole.size())
            << "cut at " << size << ": " << outcome.text();
    }
}

// Only the body itself shows that it is short: its reader must notice.
TEST(CurlTruncation, AtEveryByteWithoutLength) {
    const std::string head = "HTTP/1.1 201 Created\r\nETag: \"e\"\r\n\r\n";
    const std::string body = "{\"id\":\"x\"}";
    const std::string whole = head + body;
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        RawServer server(after_request(whole.substr(0, size)));
        const auto outcome = call_once(test::post(server.url()));
        if (size < head.size()) {
            EXPECT_FALSE(outcome.response) << "cut at " << size << ": " << outcome.text();
        } else {
            ASSERT_EQ(outcome.text(), "201");
            EXPECT_EQ(outcome.response->body, whole.substr(head.size(), size - head.size()));
        }
    }
}

}  // namespace
}  // namespace bqconn::http
