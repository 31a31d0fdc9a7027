// A string interface to the parts of OpenSSL that bqconn uses.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bqconn::crypto {

// RFC 4648 section 4: the standard alphabet, padded, no line breaks.
std::string base64(std::string_view bytes);

// Strict: the standard alphabet, padded; none for anything else.
std::optional<std::string> from_base64(std::string_view text);

// RFC 4648 section 5: the URL alphabet, not padded.
std::string base64url(std::string_view bytes);

// The 32 bytes of the hash.
std::string sha256(std::string_view bytes);

// The same in lower-case hexadecimal.
std::string sha256_hex(std::string_view bytes);

// `count` bytes from a cryptographic random source.
std::string random_bytes(std::size_t count);

// The same in lower-case hexadecimal.
std::string random_hex(std::size_t count);

}  // namespace bqconn::crypto
