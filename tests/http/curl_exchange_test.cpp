// The second check on http:// looks at the connected address, whatever the URL says, because a name
// can resolve to any address. Here a Unix socket plays the other host.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>

#include "bqconn/http/transport.hpp"
#include "bqconn/http/url.hpp"
#include "http/curl_exchange.hpp"
#include "support/loopback_ports.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::http {
namespace {

class UnixListener {
  public:
    explicit UnixListener(const std::string& path)
        : listener_(test::checked(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(std::begin(address.sun_path), sizeof address.sun_path - 1);
        test::checked(
            ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), "bind");
        test::checked(::listen(listener_, 1), "listen");
    }
    ~UnixListener() { ::close(listener_); }
    UnixListener(const UnixListener&) = delete;
    UnixListener& operator=(const UnixListener&) = delete;

    // The data sent by the peer, which is gone.
    std::string received() const {
        const int connection = test::checked(::accept(listener_, nullptr, nullptr), "accept");
        std::array<char, 256> bytes{};
        const auto count = ::recv(connection, bytes.data(), bytes.size(), 0);
        ::close(connection);
        return {bytes.data(), static_cast<std::size_t>(count > 0 ? count : 0)};
    }

  private:
    int listener_;
};

TEST(CurlLoopback, ARequestLeavesForThisMachineOnly) {
    if ((curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_UNIX_SOCKETS) == 0) {
        GTEST_SKIP() << "The libcurl of a release does not support Unix sockets.";
    }
    const tests::TempFolder folder;
    const UnixListener listener(folder.path("socket"));
    init_curl();
    Request request;
    request.method = Method::post;
    request.url = "http://localhost/";
    request.authorization = Secret("Bearer made-up-token");
    const UrlParts url = parse_url(request.url);
    const TransportOptions options;
    Exchange exchange(request, url, options);
    CURLcode code = CURLE_OK;
    try {
        CurlEasy easy;
        exchange.attach(easy);
        easy.set<CURLOPT_UNIX_SOCKET_PATH>(folder.path("socket").c_str());
        easy.set<CURLOPT_NOSIGNAL>(1L);
        // Only a request that was sent waits: nobody answers.
        easy.set<CURLOPT_TIMEOUT_MS>(10'000L);
        code = curl_easy_perform(easy.get());
        exchange.throw_failure(code);
    } catch (const TransportError& error) {
        EXPECT_EQ(code, CURLE_ABORTED_BY_CALLBACK);
        EXPECT_EQ(error.code(), "network.connect");
        EXPECT_EQ(error.sent(), Sent::no);
        EXPECT_NE(error.message().find("not an address of this machine"), std::string::npos);
    }
    EXPECT_EQ(listener.received(), "");
}

}  // namespace
}  // namespace bqconn::http
