// Keys generated at test time, once per process: none is ever stored in the tree.
#pragma once

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace bqconn::tests {

namespace keys {

using Context = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

// PKCS #8, like Google's keys; encrypted if a passphrase is given.
inline std::string to_pem(EVP_PKEY* key, const char* passphrase = nullptr) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    if (PEM_write_bio_PKCS8PrivateKey(out.get(), key, passphrase ? EVP_aes_128_cbc() : nullptr,
                                      nullptr, 0, nullptr, const_cast<char*>(passphrase)) != 1) {
        throw std::runtime_error("cannot write a key");
    }
    char* text = nullptr;
    const long length = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

inline Key generate(int type) {
    const Context context(EVP_PKEY_CTX_new_id(type, nullptr), EVP_PKEY_CTX_free);
    EVP_PKEY* key = nullptr;
    const bool prepared =
        EVP_PKEY_keygen_init(context.get()) == 1 &&
        (type == EVP_PKEY_RSA
             ? EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), 2048)
             : EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context.get(), NID_X9_62_prime256v1)) == 1;
    if (!prepared || EVP_PKEY_keygen(context.get(), &key) != 1) {
        throw std::runtime_error("cannot generate a key");
    }
    return {key, EVP_PKEY_free};
}

inline EVP_PKEY* rsa() {
    static const Key key = generate(EVP_PKEY_RSA);
    return key.get();
}

}  // namespace keys

inline const std::string& rsa_key_pem() {
    static const std::string pem = keys::to_pem(keys::rsa());
    return pem;
}

inline std::string encrypted_rsa_key_pem() {
    return keys::to_pem(keys::rsa(), "passphrase");
}

inline std::string ec_key_pem() {
    return keys::to_pem(keys::generate(EVP_PKEY_EC).get());
}

// A service-account key file in Google's layout.
inline nlohmann::ordered_json service_account(const std::string& pem = rsa_key_pem()) {
    return {{"type", "service_account"},
            {"project_id", "demo-project"},
            {"private_key_id", "0123456789abcdef"},
            {"private_key", pem},
            {"client_email", "reader@demo-project.iam.gserviceaccount.com"},
            {"client_id", "100000000000000000001"},
            {"token_uri", "https://oauth2.googleapis.com/token"}};
}

inline std::string service_account_text(const std::string& pem = rsa_key_pem()) {
    return service_account(pem).dump(2) + "\n";
}

}  // namespace bqconn::tests
