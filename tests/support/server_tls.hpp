// The TLS half of RawServer: an OpenSSL context that serves a certificate, however bad.
#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "support/certificates.hpp"

namespace bqconn::test {

class ServerTls {
  public:
    // `newest`: TLS1_VERSION and so on; 0: whatever OpenSSL has.
    explicit ServerTls(const Certificate& certificate, int newest = 0);
    SSL_CTX* context() const { return context_.get(); }

  private:
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
};

}  // namespace bqconn::test
