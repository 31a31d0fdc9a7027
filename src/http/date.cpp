#include "bqconn/http/date.hpp"

#include <curl/curl.h>

namespace bqconn::http {

std::optional<std::int64_t> parse_date(const std::string& text) {
    const time_t seconds = curl_getdate(text.c_str(), nullptr);
    if (text.empty() || seconds < 0) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(seconds) * 1000;
}

}  // namespace bqconn::http
