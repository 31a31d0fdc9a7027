// What is sent and received when all goes well.
#include "bqconn/http/curl_transport.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "bqconn/version.hpp"
#include "support/http_call.hpp"
#include "support/raw_server.hpp"

namespace bqconn::http {
namespace {

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
    request.headers = {{"Authorization", Secret("Bearer t")}, {"X-Empty", Secret("")}};
    if (!body.empty()) {
        request.headers.push_back({"Content-Type", Secret("application/json")});
        request.body = Secret(body);
    }
    return request;
}

std::string head_of(const std::string& first_line) {
    return first_line + " HTTP/1.1\r\nHost: HOST\r\nUser-Agent: bqconn/" + std::string(version) +
           "\r\nAccept: */*\r\nAuthorization: Bearer t\r\nX-Empty:\r\n";
}

TEST(CurlTransport, BytesOfGet) {
    EXPECT_EQ(bytes_of(request_of(Method::get), "/a/../b?x=%20&y"),
              head_of("GET /a/../b?x=%20&y") + "\r\n");
}

TEST(CurlTransport, BytesOfPost) {
    EXPECT_EQ(
        bytes_of(request_of(Method::post, "{\"a\":1}")),
        head_of("POST /") + "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
}

TEST(CurlTransport, BytesOfPostWithoutBody) {
    EXPECT_EQ(bytes_of(request_of(Method::post)), head_of("POST /") + "Content-Length: 0\r\n\r\n");
}

TEST(CurlTransport, BytesOfPatch) {
    EXPECT_EQ(bytes_of(request_of(Method::patch, "[]")),
              head_of("PATCH /") + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n[]");
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
        request.headers = {{name, Secret(value + "canary")}};
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

}  // namespace
}  // namespace bqconn::http
