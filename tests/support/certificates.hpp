// Certificates generated on demand: good ones, and one for each kind of defect.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

namespace bqconn::test {

struct CertificatePlan {
    std::string common_name = "bqconn test";
    std::vector<std::string> alternative_names{"IP:127.0.0.1", "DNS:localhost"};
    int starts_in_days = -1;
    int ends_in_days = 1;
    int rsa_bits = 0;  // 0: a P-256 key, which is faster to generate
    bool sha1 = false;
    bool is_authority = false;
    std::string purpose = "serverAuth";  // extended key usage; empty: none
};

class Certificate {
  public:
    // Signed by `issuer`, or self-signed.
    explicit Certificate(const CertificatePlan& plan, const Certificate* issuer = nullptr);

    X509* x509() const { return x509_.get(); }
    EVP_PKEY* key() const { return key_.get(); }
    std::string pem() const;  // the certificate only

  private:
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
    std::unique_ptr<X509, decltype(&X509_free)> x509_;
};

// A root certificate shared by the whole test program.
const Certificate& test_root();

}  // namespace bqconn::test
