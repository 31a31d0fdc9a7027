// The transport over libcurl. Nobody but main.cpp and its own tests names it.
#pragma once

#include <memory>
#include <string>

#include "bqconn/http/transport.hpp"

namespace bqconn::http {

// Certificates are always verified, TLS is 1.2 or newer, redirects are never followed, http goes to
// loopback addresses only (checked again on the address connected to), and a request leaves at most
// once: what changes something goes over a new connection, and a second writing of any request is
// stopped. Of the environment it reads libcurl's proxy variables and nothing else. main() unsets
// SSLKEYLOGFILE and ignores SIGPIPE before it makes one.
class CurlTransport final : public Transport {
  public:
    explicit CurlTransport(TransportOptions options);
    ~CurlTransport() override;

    Response send(const Request& request) override;

  private:
    class Session;
    std::unique_ptr<Session> session_;
};

// "libcurl 7.88.1 (OpenSSL/3.0.19)", of the library in use.
std::string curl_version();

}  // namespace bqconn::http
