// The TLS half of RawServer: an OpenSSL context that serves any certificate, however bad.
#pragma once

#include <openssl/ssl.h>

#include <memory>

#include "support/certificates.hpp"

namespace bqconn::test {

class ServerTls {
  public:
    // `newest` is TLS1_VERSION etc.; 0: the newest that OpenSSL has.
    explicit ServerTls(const Certificate& certificate, int newest = 0);
    SSL_CTX* context() const { return context_.get(); }

  private:
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
};

}  // namespace bqconn::test
