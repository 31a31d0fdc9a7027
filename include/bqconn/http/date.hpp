// HTTP dates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace bqconn::http {

// Milliseconds since 1970 of an HTTP date in any of its forms; none for what is no date.
std::optional<std::int64_t> parse_date(const std::string& text);

}  // namespace bqconn::http
