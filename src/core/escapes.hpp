// Decodes the escape sequences that programs use.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bqconn {

struct Unit {
    std::string bytes;   // decoded
    std::size_t length;  // of the escape, in bytes
};

// The escape at the start of `text`, if any: %XX, \uXXXX (a surrogate pair too), \n and the like.
std::optional<Unit> escape_at(std::string_view text);

// Also \xHH, \OOO, \' and HTML character references (&amp; &#38; &#x26;).
std::optional<Unit> any_escape_at(std::string_view text);

}  // namespace bqconn
