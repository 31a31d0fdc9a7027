// Proxies set in the environment.
#include <gtest/gtest.h>

#include "bqconn/http/curl_transport.hpp"
#include "support/environment.hpp"
#include "support/http_call.hpp"
#include "support/loopback_ports.hpp"
#include "support/raw_server.hpp"
#include "support/server_tls.hpp"
#include "support/temporary_file.hpp"

namespace bqconn::http {
namespace {

using test::answer;
using test::call_once;
using test::Certificate;
using test::RawConnection;
using test::RawServer;
using test::ScopedVariable;
using test::ServerTls;
using test::TemporaryFile;

// Hides the environment that the tests run in.
struct CleanEnvironment {
    ScopedVariable a{"https_proxy", ""};
    ScopedVariable b{"HTTPS_PROXY", ""};
    ScopedVariable c{"http_proxy", ""};
    ScopedVariable d{"all_proxy", ""};
    ScopedVariable e{"ALL_PROXY", ""};
    ScopedVariable f{"no_proxy", ""};
    ScopedVariable g{"NO_PROXY", ""};
};

class CurlProxy : public testing::Test {
    CleanEnvironment clean_;
};

std::string proxy_url(const RawServer& proxy) {
    return "http://proxyuser:canary-password@127.0.0.1:" + std::to_string(proxy.port());
}

Request secret_post() {
    Request request = test::post("https://127.0.0.1:1/path?canary-query", "canary-body");
    request.authorization = Secret("Bearer canary-token");
    request.headers = {{"x-api-key", "canary-key"}};
    return request;
}

TEST_F(CurlProxy, GetsNoHeaderOfTheRequest) {
    const Certificate certificate({}, &test::test_root());
    const ServerTls tls(certificate);
    const TemporaryFile roots(test::test_root().pem());
    std::string connect;
    std::string inner;
    RawServer proxy([&](RawConnection& connection) {
        connect = connection.read_request();
        connection.send("HTTP/1.1 200 Connected\r\nX-Of-Proxy: x\r\n\r\n");
        if (connection.start_tls(tls)) {
            inner = connection.read_request();
            connection.send(answer("201 Created", "{}"));
        }
    });
    const ScopedVariable variable("HTTPS_PROXY", proxy_url(proxy));
    TransportOptions options = test::patient();
    options.ca_file = roots.path();
    const auto outcome = call_once(secret_post(), options);
    ASSERT_EQ(outcome.text(), "201") << outcome.message();
    EXPECT_EQ(outcome.response->header("x-of-proxy"), "");
    EXPECT_TRUE(connect.starts_with("CONNECT 127.0.0.1:1 HTTP/1.1\r\n")) << connect;
    EXPECT_NE(connect.find("Proxy-Authorization: Basic "), std::string::npos);
    EXPECT_EQ(connect.find("\r\nAuthorization"), std::string::npos) << connect;
    EXPECT_EQ(connect.find("x-api-key"), std::string::npos) << connect;
    EXPECT_EQ(connect.find("canary"), std::string::npos) << connect;
    EXPECT_TRUE(inner.starts_with("POST /path?canary-query HTTP/1.1\r\n")) << inner;
    EXPECT_NE(inner.find("Authorization: Bearer canary-token"), std::string::npos);
    EXPECT_EQ(inner.find("Proxy-Authorization"), std::string::npos) << inner;
}

// Whatever the proxy does before the tunnel is up, the request has not been sent.
TEST_F(CurlProxy, RefusalsAreNotSent) {
    const std::pair<std::string, std::string> answers[] = {
        {"HTTP/1.1 407 Authenticate\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
         "Content-Length: 2\r\n\r\nno",
         "network.proxy no network"},
        {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "network.proxy no network"},
        {"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", "network.proxy no network"},
        {"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "network.connect no network"},
        {"HTTP/1.1 504 Timeout\r\n\r\n", "network.connect no network"},
        {"", "network.reset no network"},
        {"HTTP/1.1 200 Connected\r\n\r\n", "tls.handshake no tls"},
        {"SSH-2.0-x\r\n", "network.reset no network"},
    };
    for (const auto& [bytes, expected] : answers) {
        RawServer proxy([&bytes = bytes](RawConnection& connection) {
            connection.read_request();
            connection.send(bytes);
        });
        const ScopedVariable variable("HTTPS_PROXY", proxy_url(proxy));
        const auto outcome = call_once(secret_post());
        EXPECT_EQ(outcome.text(), expected) << bytes << outcome.message();
        EXPECT_EQ(outcome.message().find("canary"), std::string::npos) << outcome.message();
        EXPECT_EQ(proxy.received().find("canary"), std::string::npos);
    }
}

TEST_F(CurlProxy, ThatIsNotThere) {
    const std::string port = std::to_string(test::closed_port());
    const std::pair<std::string, std::string> proxies[] = {
        {"http://proxyuser:canary@127.0.0.1:" + port, "network.proxy no network"},
        {"http://127.0.0.2:1", "network.proxy no network"},
        {"http://proxyuser:canary@nonexistent.invalid:" + port, "network.proxy no network"},
        {"socks5h://proxyuser:canary@127.0.0.1:" + port, "network.proxy no network"},
        {"nonsense://proxyuser:canary@127.0.0.1:" + port, "network.proxy no network"},
        {"http://proxyuser:canary@127.0.0.1:notaport", "network.proxy no network"},
        {"http://proxyuser:canary@", "network.proxy no network"},
    };
    for (const auto& [url, expected] : proxies) {
        const ScopedVariable variable("HTTPS_PROXY", url);
        const auto outcome = call_once(secret_post());
        EXPECT_EQ(outcome.text(), expected) << url << outcome.message();
        EXPECT_NE(outcome.message().find("the proxy in HTTPS_PROXY for 127.0.0.1"),
                  std::string::npos)
            << outcome.message();
        EXPECT_EQ(outcome.message().find("whether a proxy is needed"), std::string::npos);
        EXPECT_EQ(outcome.message().find("canary"), std::string::npos) << outcome.message();
        EXPECT_EQ(outcome.message().find("proxyuser"), std::string::npos) << outcome.message();
    }
}

TEST_F(CurlProxy, ThatDoesNotAccept) {
    const test::FullBacklog proxy;
    const ScopedVariable variable("all_proxy", "http://127.0.0.1:" + std::to_string(proxy.port()));
    TransportOptions options = test::patient();
    options.connect_timeout = std::chrono::milliseconds(100);
    const auto outcome = call_once(secret_post(), options);
    EXPECT_EQ(outcome.text(), "network.proxy no network");
    EXPECT_NE(outcome.message().find("timed out connecting to the proxy in all_proxy"),
              std::string::npos)
        << outcome.message();
}

TEST_F(CurlProxy, WhosePasswordIsNotEscaped) {
    for (const auto& [character, escape] :
         {std::pair("@", "%40"), {"/", "%2F"}, {"?", "%3F"}, {"#", "%23"}}) {
        const ScopedVariable variable(
            "HTTPS_PROXY", "http://proxyuser:canary" + std::string(character) + "x@127.0.0.1:1");
        const auto outcome = call_once(secret_post());
        EXPECT_EQ(outcome.text(), "network.proxy no network");
        EXPECT_NE(outcome.message().find(std::string("contains \"") + character +
                                         "\": write it as " + escape),
                  std::string::npos)
            << outcome.message();
        EXPECT_EQ(outcome.message().find("canary"), std::string::npos) << outcome.message();
    }
}

TEST_F(CurlProxy, IsNotNamedWhereTheServiceIsDown) {
    const ScopedVariable variable("HTTPS_PROXY", "http://127.0.0.1:1");
    const ScopedVariable exception("NO_PROXY", "127.0.0.1");
    const std::string url = "https://127.0.0.1:" + std::to_string(test::closed_port()) + "/";
    EXPECT_EQ(call_once(test::get(url)).text(), "network.connect no network");
}

TEST_F(CurlProxy, NotForThoseOfNoProxy) {
    const Certificate certificate({}, &test::test_root());
    const ServerTls tls(certificate);
    const TemporaryFile roots(test::test_root().pem());
    RawServer proxy([](RawConnection& connection) { connection.stall(); });
    RawServer server(
        [](RawConnection& connection) {
            connection.read_request();
            connection.send(answer("200 OK", "{}"));
        },
        &tls);
    const ScopedVariable variable("HTTPS_PROXY", proxy_url(proxy));
    const ScopedVariable exception("NO_PROXY", "example.com,127.0.0.1");
    TransportOptions options = test::patient();
    options.ca_file = roots.path();
    EXPECT_EQ(call_once(test::get(server.url()), options).text(), "200");
    EXPECT_EQ(proxy.connections(), 0);
}

// Plain HTTP is for this machine only; a proxy would send it elsewhere unencrypted.
TEST_F(CurlProxy, NeverForPlainHttp) {
    RawServer proxy([](RawConnection& connection) { connection.stall(); });
    RawServer server([](RawConnection& connection) {
        connection.read_request();
        connection.send(answer("200 OK", "{}"));
    });
    const ScopedVariable first("http_proxy", proxy_url(proxy));
    const ScopedVariable second("ALL_PROXY", proxy_url(proxy));
    EXPECT_EQ(call_once(test::get(server.url())).text(), "200");
    EXPECT_EQ(proxy.connections(), 0);
}

TEST_F(CurlProxy, ThatSaysNothing) {
    RawServer proxy([](RawConnection& connection) { connection.stall(); });
    const ScopedVariable variable("HTTPS_PROXY", proxy_url(proxy));
    TransportOptions options = test::patient();
    options.connect_timeout = std::chrono::milliseconds(100);
    const auto outcome = call_once(secret_post(), options);
    EXPECT_EQ(outcome.text(), "network.timeout no network");
    EXPECT_NE(outcome.message().find("through the proxy in HTTPS_PROXY"), std::string::npos)
        << outcome.message();
}

}  // namespace
}  // namespace bqconn::http
