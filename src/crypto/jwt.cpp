#include "bqconn/crypto/jwt.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <exception>
#include <jwt/jwt.hpp>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "bqconn/core/text.hpp"

namespace bqconn::crypto {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Bio memory() {
    return {BIO_new(BIO_s_mem()), BIO_free};
}

std::string text_of(const Bio& bio) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

// Keeps OpenSSL from asking for a passphrase on the terminal.
int no_passphrase(char*, int, int, void*) {
    return 0;
}

// Null if OpenSSL cannot read the key or it is of another kind.
Key read_rsa_key(std::string_view pem) {
    const Bio source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    Key key(
        source ? PEM_read_bio_PrivateKey(source.get(), nullptr, no_passphrase, nullptr) : nullptr,
        EVP_PKEY_free);
    ERR_clear_error();
    if (key && EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA) {
        key.reset();
    }
    return key;
}

[[noreturn]] void throw_bad_key() {
    ERR_clear_error();
    throw std::runtime_error("the private key cannot be used");
}

constexpr std::string_view base64url_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// cpp-jwt reads past the end of a part that is empty or not Base64.
bool is_compact_jwt(std::string_view token) {
    const auto parts = split(token, '.');
    return parts.size() == 3 && std::all_of(parts.begin(), parts.end(), [](const auto& part) {
               return !part.empty() && part.size() % 4 != 1 &&
                      part.find_first_not_of(base64url_characters) == std::string::npos;
           });
}

// Uses error codes, because the library's messages may quote the token.
jwt::jwt_object decoded(std::string_view token, const std::string& algorithm,
                        std::string_view public_key, std::error_code& error) {
    const jwt::string_view text(token.data(), token.size());
    if (public_key.empty()) {
        return jwt::decode(text, jwt::params::algorithms({algorithm}), error,
                           jwt::params::verify(false));
    }
    return jwt::decode(text, jwt::params::algorithms({algorithm}), error,
                       jwt::params::secret(std::string(public_key)), jwt::params::verify(true));
}

std::optional<std::string> claims_of(std::string_view token, std::string_view public_key) {
    if (!is_compact_jwt(token)) {
        return std::nullopt;
    }
    try {
        std::error_code error;
        const jwt::jwt_object object = decoded(token, "RS256", public_key, error);
        if (error) {
            return std::nullopt;
        }
        return object.payload().create_json_obj().dump();
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

}  // namespace

Secret sign_rs256(std::string_view claims, const Secret& private_key, std::string_view key_id) {
    try {
        jwt::jwt_object token{jwt::params::algorithm("RS256"),
                              jwt::params::secret(private_key.reveal())};
        token.header().add_header("kid", std::string(key_id));
        const auto object = nlohmann::json::parse(claims);
        for (const auto& [name, value] : object.get_ref<const nlohmann::json::object_t&>()) {
            token.add_claim(name, value);
        }
        std::error_code error;
        std::string text = token.signature(error);
        if (error) {
            throw_bad_key();
        }
        return Secret(std::move(text));
    } catch (const std::exception&) {
        throw_bad_key();
    }
}

std::optional<std::string> verified_rs256(std::string_view token, std::string_view public_key) {
    return public_key.empty() ? std::nullopt : claims_of(token, public_key);
}

std::optional<std::string> unverified_claims(std::string_view token) {
    return claims_of(token, "");
}

bool is_rsa_private_key(std::string_view pem) {
    return read_rsa_key(pem) != nullptr;
}

std::string public_key_of(const Secret& private_key) {
    const Key key = read_rsa_key(private_key.reveal());
    const Bio out = memory();
    if (!key || PEM_write_bio_PUBKEY(out.get(), key.get()) != 1) {
        throw_bad_key();
    }
    return text_of(out);
}

Secret make_rsa_key() {
    constexpr std::size_t bits = 2048;
    const Key key(EVP_RSA_gen(bits), EVP_PKEY_free);
    const Bio out = memory();
    if (!key || PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                              nullptr) != 1) {
        throw_bad_key();
    }
    return Secret(text_of(out));
}

}  // namespace bqconn::crypto
