#include "bqconn/crypto/encoding.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

namespace bqconn::crypto {
namespace {

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hex_of(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const char byte : bytes) {
        const auto value = static_cast<unsigned char>(byte);
        hex += digits[value >> 4U];
        hex += digits[value & 15U];
    }
    return hex;
}

}  // namespace

std::string base64(std::string_view bytes) {
    // EVP_EncodeBlock writes a NUL after the text.
    std::vector<unsigned char> out((bytes.size() + 2) / 3 * 4 + 1);
    const int length = EVP_EncodeBlock(out.data(), bytes_of(bytes), static_cast<int>(bytes.size()));
    std::string text(reinterpret_cast<const char*>(out.data()), static_cast<std::size_t>(length));
    OPENSSL_cleanse(out.data(), out.size());
    return text;
}

std::string base64url(std::string_view bytes) {
    std::string text = base64(bytes);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    text.erase(std::find(text.begin(), text.end(), '='), text.end());
    return text;
}

std::string sha256(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("SHA-256 failed");
    }
    return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string sha256_hex(std::string_view bytes) {
    return hex_of(sha256(bytes));
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0 ||
        text.find_first_not_of(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") !=
            std::string_view::npos) {
        return std::nullopt;
    }
    const auto padding_at = text.find('=');
    const std::size_t padding = padding_at == std::string_view::npos ? 0 : text.size() - padding_at;
    if (padding > 2 || (padding == 2 && text.back() != '=')) {
        return std::nullopt;
    }
    std::vector<unsigned char> out(text.size() / 4 * 3 + 1);
    const int length = EVP_DecodeBlock(out.data(), bytes_of(text), static_cast<int>(text.size()));
    if (length < 0) {
        return std::nullopt;
    }
    // EVP_DecodeBlock includes the padding in the length.
    std::string bytes(reinterpret_cast<const char*>(out.data()),
                      static_cast<std::size_t>(length) - padding);
    OPENSSL_cleanse(out.data(), out.size());
    return bytes;
}

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
        throw std::runtime_error("cannot get random bytes from OpenSSL");
    }
    return bytes;
}

std::string random_hex(std::size_t count) {
    return hex_of(random_bytes(count));
}

}  // namespace bqconn::crypto
