#include "support/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace bqconn::test {
namespace {

constexpr long seconds_a_day = 24L * 60 * 60;
constexpr int version_3 = 2;

void check(bool good, const char* what) {
    if (!good) {
        throw std::runtime_error(std::string("OpenSSL: ") + what);
    }
}

EVP_PKEY* new_key(const CertificatePlan& plan) {
    return plan.rsa_bits > 0
               ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<size_t>(plan.rsa_bits))
               : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
}

void add_extension(X509* x509, int nid, const std::string& value) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()), X509_EXTENSION_free);
    check(extension && X509_add_ext(x509, extension.get(), -1) == 1, "extension");
}

void add_extensions(X509* x509, const CertificatePlan& plan) {
    if (plan.is_authority) {
        add_extension(x509, NID_basic_constraints, "critical,CA:TRUE");
        add_extension(x509, NID_key_usage, "critical,keyCertSign,cRLSign");
        return;
    }
    std::string names;
    for (const auto& name : plan.alternative_names) {
        names += (names.empty() ? "" : ",") + name;
    }
    if (!names.empty()) {
        add_extension(x509, NID_subject_alt_name, names);
    }
    if (!plan.purpose.empty()) {
        add_extension(x509, NID_ext_key_usage, plan.purpose);
    }
}

}  // namespace

Certificate::Certificate(const CertificatePlan& plan, const Certificate* issuer)
    : key_(new_key(plan), EVP_PKEY_free), x509_(X509_new(), X509_free) {
    check(key_ && x509_, "key");
    X509* const x509 = x509_.get();
    static long serial = 0;
    check(X509_set_version(x509, version_3) == 1, "version");
    check(ASN1_INTEGER_set(X509_get_serialNumber(x509), ++serial) == 1, "serial number");
    X509_gmtime_adj(X509_getm_notBefore(x509), plan.starts_in_days * seconds_a_day);
    X509_gmtime_adj(X509_getm_notAfter(x509), plan.ends_in_days * seconds_a_day);
    check(X509_set_pubkey(x509, key_.get()) == 1, "public key");
    X509_NAME* const subject = X509_get_subject_name(x509);
    check(X509_NAME_add_entry_by_txt(
              subject, "CN", MBSTRING_UTF8,
              reinterpret_cast<const unsigned char*>(plan.common_name.c_str()), -1, -1, 0) == 1,
          "subject");
    check(X509_set_issuer_name(
              x509, issuer != nullptr ? X509_get_subject_name(issuer->x509()) : subject) == 1,
          "issuer");
    add_extensions(x509, plan);
    check(X509_sign(x509, issuer != nullptr ? issuer->key() : key_.get(),
                    plan.sha1 ? EVP_sha1() : EVP_sha256()) > 0,
          "signature");
}

std::string Certificate::pem() const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    check(out && PEM_write_bio_X509(out.get(), x509()) == 1, "PEM");
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

const Certificate& test_root() {
    static const Certificate root({.common_name = "bqconn test root", .is_authority = true});
    return root;
}

}  // namespace bqconn::test
