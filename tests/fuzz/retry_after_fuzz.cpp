// A Retry-After is a wait between nothing and the cap, or none; a date never depends on more than
// itself.
#include "bqconn/http/http_date.hpp"
#include "bqconn/http/retry.hpp"
#include "fuzz/fuzz.hpp"

using namespace bqconn;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    const auto cut = input.find('\n');
    http::Response response;
    response.status = 429;
    response.headers.push_back({"Retry-After", std::string(input.substr(0, cut))});
    if (cut != std::string_view::npos) {
        response.headers.push_back({"Date", std::string(input.substr(cut + 1))});
    }
    const std::chrono::sys_seconds now(std::chrono::seconds(1'700'000'000));
    const auto wait = http::retry_after(response, now);
    fuzz::require(!wait || (wait->count() >= 0 && *wait <= http::longest_retry_after),
                  "a wait is within its bounds");
    const auto date = http::parse_http_date(input.substr(0, cut), now);
    fuzz::require(date == http::parse_http_date(input.substr(0, cut), now), "a date is a date");
    return 0;
}
