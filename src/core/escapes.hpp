// The ways in which programs spell a character inside a text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bqconn {

struct Unit {
    std::string bytes;   // what is meant
    std::size_t length;  // how many bytes of the text spell it
};

// The escape that starts `text`, if one does: %XX, \uXXXX (a surrogate pair too), \n and its like.
std::optional<Unit> escape_at(std::string_view text);

// Those, and \xHH, \OOO, \', and the references of HTML (&amp; &#38; &#x26;).
std::optional<Unit> any_escape_at(std::string_view text);

}  // namespace bqconn
