// A Retry-After is a wait between zero and the cap, or none. A number is taken as is; a date in any
// of RFC 9110's three formats is read correctly.
#include <algorithm>
#include <array>
#include <ctime>

#include "bqconn/core/text.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/http/retry.hpp"
#include "fuzz/fuzz.hpp"

using namespace bqconn;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

constexpr sys_seconds now(seconds(1'700'000'000));

void check_number(std::string_view text, const std::optional<std::chrono::milliseconds>& wait) {
    const std::string_view digits = trim_ascii(text);
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
        return;
    }
    constexpr int far_beyond_the_cap = 1000;
    int number = 0;
    for (const char c : digits) {
        number = std::min(number * 10 + (c - '0'), far_beyond_the_cap);
    }
    fuzz::require(
        wait == std::min<std::chrono::milliseconds>(seconds(number), http::longest_retry_after),
        "a number is that many seconds", std::string(digits));
}

void check_date(std::uint32_t number) {
    // From 1974 to 2072: the range of two-digit years in 2023.
    constexpr std::uint32_t first = 126'230'400;
    constexpr std::uint32_t span = 3'124'137'600;
    const std::time_t time = static_cast<std::time_t>(first) + number % span;
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    for (const char* const form :
         {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
        std::array<char, 64> text{};
        std::strftime(text.data(), text.size(), form, &parts);
        fuzz::require(http::parse_http_date(text.data(), now) == sys_seconds(seconds(time)),
                      "a date is read correctly", text.data());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    const auto cut = input.find('\n');
    http::Response response;
    response.status = 429;
    response.headers.push_back({"Retry-After", std::string(input.substr(0, cut))});
    if (cut != std::string_view::npos) {
        response.headers.push_back({"Date", std::string(input.substr(cut + 1))});
    }
    const auto wait = http::retry_after(response, now);
    fuzz::require(!wait || (wait->count() >= 0 && *wait <= http::longest_retry_after),
                  "a wait is within its bounds");
    check_number(input.substr(0, cut), wait);
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < size; ++i) {
        number = number * 31 + data[i];
    }
    check_date(number);
    return 0;
}
