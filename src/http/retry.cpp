#include "bqconn/http/retry.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "bqconn/core/text.hpp"
#include "bqconn/http/answer.hpp"

namespace bqconn::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int too_many_requests = 429;
constexpr std::array temporary_statuses{408, 500, 502, 503, 504};
constexpr std::array<std::string_view, 5> lasting_errors{code::tls_certificate, "tls.ca_file",
                                                         "network.proxy", "http.answer_too_large",
                                                         code::interrupted};

milliseconds capped(seconds wait) {
    return std::clamp<milliseconds>(std::min(wait, std::chrono::ceil<seconds>(longest_retry_after)),
                                    milliseconds(0), longest_retry_after);
}

}  // namespace

bool may_retry(Retry kind, int status) {
    if (kind == Retry::none) {
        return false;
    }
    const bool temporary = std::find(temporary_statuses.begin(), temporary_statuses.end(),
                                     status) != temporary_statuses.end();
    return status == too_many_requests || (kind == Retry::read && temporary);
}

bool may_retry(Retry kind, const TransportError& error) {
    const bool lasting = std::find(lasting_errors.begin(), lasting_errors.end(), error.code()) !=
                         lasting_errors.end();
    if (kind == Retry::none || lasting) {
        return false;
    }
    return kind == Retry::read || error.sent() == Sent::no;
}

milliseconds backoff(int tries_made, double random) {
    milliseconds bound = first_pause;
    for (int i = 1; i < tries_made && bound < longest_pause; ++i) {
        bound *= 2;
    }
    bound = std::min(bound, longest_pause);
    return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(bound.count()) *
                                                       std::clamp(random, 0.0, 1.0)));
}

std::optional<milliseconds> retry_after(const Response& response, std::chrono::sys_seconds now) {
    const std::string text(trim_ascii(response.header("retry-after")));
    if (text.empty()) {
        return std::nullopt;
    }
    if (text.find_first_not_of("0123456789") == std::string::npos) {
        // More digits exceed the cap and might overflow.
        constexpr std::size_t most_digits = 9;
        const auto first = std::min(text.find_first_not_of('0'), text.size() - 1);
        const std::string digits = text.substr(first);
        return digits.size() > most_digits ? longest_retry_after
                                           : capped(seconds(std::stol(digits)));
    }
    const auto then = parse_http_date(text, now);
    if (!then) {
        return std::nullopt;
    }
    const auto date = parse_http_date(trim_ascii(response.header("date")), now);
    return capped(*then - date.value_or(now));
}

}  // namespace bqconn::http
