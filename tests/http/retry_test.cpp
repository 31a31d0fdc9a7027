#include "bqconn/http/retry.hpp"

#include <gtest/gtest.h>

#include <set>

namespace bqconn::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

TEST(MayRetry, EveryStatus) {
    const std::set<int> reads{408, 429, 500, 502, 503, 504};
    for (int status = 100; status <= 599; ++status) {
        EXPECT_FALSE(may_retry(Retry::none, status)) << status;
        EXPECT_EQ(may_retry(Retry::create, status), status == 429) << status;
        EXPECT_EQ(may_retry(Retry::read, status), reads.contains(status)) << status;
    }
}

TEST(MayRetry, EveryError) {
    const std::set<std::string> passing{
        "network.dns",   "network.connect",   "network.timeout",  "network.reset",
        "network.other", "network.truncated", "network.protocol", "tls.handshake",
    };
    const std::set<std::string> lasting{"network.proxy", "tls.certificate", "tls.ca_file",
                                        "http.answer_too_large", "interrupted"};
    for (const auto* const codes : {&passing, &lasting}) {
        for (const auto& code : *codes) {
            const bool passes = codes == &passing;
            const TransportError not_sent(Sent::no, ExitCode::network, code, "", "");
            const TransportError maybe_sent(Sent::maybe, ExitCode::network, code, "", "");
            EXPECT_EQ(may_retry(Retry::create, not_sent), passes) << code;
            EXPECT_FALSE(may_retry(Retry::create, maybe_sent)) << code;
            EXPECT_EQ(may_retry(Retry::read, not_sent), passes) << code;
            EXPECT_EQ(may_retry(Retry::read, maybe_sent), passes) << code;
            EXPECT_FALSE(may_retry(Retry::none, not_sent)) << code;
            EXPECT_FALSE(may_retry(Retry::none, maybe_sent)) << code;
        }
    }
}

TEST(Backoff, FullJitterUnderADoublingBound) {
    const int bounds[] = {500, 1000, 2000, 4000, 8000, 8000, 8000};
    for (int tries = 1; tries <= 7; ++tries) {
        const auto bound = milliseconds(bounds[tries - 1]);
        EXPECT_EQ(backoff(tries, 0.0), milliseconds(0));
        EXPECT_EQ(backoff(tries, 0.5), bound / 2);
        EXPECT_EQ(backoff(tries, 1.0), bound);
    }
    EXPECT_EQ(backoff(1'000'000, 1.0), longest_pause);
    EXPECT_EQ(backoff(0, 1.0), first_pause);
    EXPECT_EQ(backoff(1, 7.0), first_pause);
    EXPECT_EQ(backoff(1, -1.0), milliseconds(0));
}

constexpr sys_seconds now = sys_seconds(seconds(784'111'777));  // Sun, 06 Nov 1994 08:49:37 GMT

std::optional<long> wait_for(const std::string& value, const std::string& date = "") {
    Response response;
    response.headers.push_back({"Retry-After", value});
    if (!date.empty()) {
        response.headers.push_back({"Date", date});
    }
    const auto wait = retry_after(response, now);
    return wait ? std::optional<long>(wait->count()) : std::nullopt;
}

TEST(RetryAfter, None) {
    EXPECT_EQ(retry_after(Response{}, now), std::nullopt);
}

TEST(RetryAfter, Seconds) {
    const std::pair<std::string, std::optional<long>> cases[] = {
        {"0", 0},
        {"1", 1'000},
        {" 7 ", 7'000},
        {"0007", 7'000},
        {"30", 30'000},
        {"31", 30'000},
        {"999999999", 30'000},
        {"4294967297", 30'000},
        {"18446744073709551617", 30'000},
        {std::string(100'000, '9'), 30'000},
        {std::string(100'000, '0'), 0},
        {"", std::nullopt},
        {" ", std::nullopt},
        {"-1", std::nullopt},
        {"+1", std::nullopt},
        {"1.5", std::nullopt},
        {"1e3", std::nullopt},
        {"0x10", std::nullopt},
        {"1 2", std::nullopt},
        {"soon", std::nullopt},
        {std::string("1\0", 2), std::nullopt},
        {"\xc2\xb9", std::nullopt},
    };
    for (const auto& [value, expected] : cases) {
        EXPECT_EQ(wait_for(value), expected) << value.substr(0, 40);
    }
}

TEST(RetryAfter, DateByOurClock) {
    EXPECT_EQ(wait_for("Sun, 06 Nov 1994 08:49:42 GMT"), 5'000);
    EXPECT_EQ(wait_for("Sunday, 06-Nov-94 08:49:42 GMT"), 5'000);
    EXPECT_EQ(wait_for("Sun Nov  6 08:49:42 1994"), 5'000);
    EXPECT_EQ(wait_for("Sun, 06 Nov 1994 08:49:37 GMT"), 0);
    EXPECT_EQ(wait_for("Sun, 06 Nov 1994 08:49:36 GMT"), 0);
    EXPECT_EQ(wait_for("Sat, 01 Jan 1583 00:00:00 GMT"), 0);
    EXPECT_EQ(wait_for("Mon, 01 Jan 0000 00:00:00 GMT"), std::nullopt);
    EXPECT_EQ(wait_for("Fri, 31 Dec 9999 23:59:59 GMT"), 30'000);
    EXPECT_EQ(wait_for("2099-01-01T00:00:00Z"), std::nullopt);
}

// The two clocks may be years apart; only differences on the server's clock count.
TEST(RetryAfter, DateByTheServersClock) {
    const std::string date = "Tue, 10 Nov 2099 08:00:00 GMT";
    EXPECT_EQ(wait_for("Tue, 10 Nov 2099 08:00:09 GMT", date), 9'000);
    EXPECT_EQ(wait_for("Tue, 10 Nov 2099 07:00:00 GMT", date), 0);
    EXPECT_EQ(wait_for("Tue, 10 Nov 2099 09:00:00 GMT", date), 30'000);
    EXPECT_EQ(wait_for("Sun, 06 Nov 1994 08:49:42 GMT", "yesterday"), 5'000);
}

}  // namespace
}  // namespace bqconn::http
