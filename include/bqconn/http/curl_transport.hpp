// The libcurl transport. Only main.cpp and its own tests use it directly.
#pragma once

#include <memory>
#include <string>

#include "bqconn/http/transport.hpp"

namespace bqconn::http {

// Certificates are always verified, TLS is 1.2 or newer, redirects are never followed, http is for
// loopback addresses only (the connected address is checked too), and a request is sent at most
// once: writes use a new connection (in series, that of the write just before), and libcurl's own
// resends are stopped. It reads only libcurl's proxy variables from the environment. main() must
// first unset SSLKEYLOGFILE and ignore SIGPIPE.
class CurlTransport final : public Transport {
  public:
    explicit CurlTransport(TransportOptions options);
    ~CurlTransport() override;

    Response send(const Request& request) override;

  private:
    class Session;
    std::unique_ptr<Session> session_;
};

// "libcurl 7.88.1 (OpenSSL/3.0.19)", of the loaded library.
std::string curl_version();

}  // namespace bqconn::http
