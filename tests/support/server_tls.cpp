#include "support/server_tls.hpp"

#include <stdexcept>

namespace bqconn::test {

ServerTls::ServerTls(const Certificate& certificate, int newest)
    : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free) {
    SSL_CTX* const context = context_.get();
    // The server must be willing to offer what the client must refuse.
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, newest);
    if (SSL_CTX_use_certificate(context, certificate.x509()) != 1 ||
        SSL_CTX_use_PrivateKey(context, certificate.key()) != 1) {
        throw std::runtime_error("OpenSSL rejects the test certificate");
    }
}

}  // namespace bqconn::test
