#include "bqconn/emulator/base64url.hpp"

#include <algorithm>
#include <cstddef>

#include "bqconn/crypto/encoding.hpp"

namespace bqconn::emulator {
namespace {

unsigned digit(char c) {
    return static_cast<unsigned>(c >= 'a' ? c - 'a' + 10 : c - '0');
}

}  // namespace

std::string base64url(std::string_view bytes) {
    std::string text = crypto::base64(bytes);
    text.erase(std::find(text.begin(), text.end(), '='), text.end());
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return text;
}

std::string bytes_of_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes += static_cast<char>(digit(hex[i]) << 4U | digit(hex[i + 1]));
    }
    return bytes;
}

std::string code_challenge_of(std::string_view verifier) {
    return base64url(bytes_of_hex(crypto::sha256_hex(verifier)));
}

}  // namespace bqconn::emulator
