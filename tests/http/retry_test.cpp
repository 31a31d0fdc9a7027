#include "bqconn/http/retry.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <deque>
#include <set>

#include "bqconn/http/curl_transport.hpp"
#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/http_call.hpp"
#include "support/raw_server.hpp"

namespace bqconn::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using std::chrono::sys_seconds;
using test::call;
using test::Outcome;

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

// Time passes only by pauses and by the duration of tries.
struct World {
    steady_clock::time_point time{};
    std::deque<Outcome> outcomes{};  // of the next tries
    milliseconds each_takes{0};
    std::vector<milliseconds> limits{};  // passed to the tries
    std::vector<milliseconds> pauses{};
    std::vector<std::string> reports{};
    double random = 1.0;
    bool interrupted = false;

    Clock clock() {
        return {.now = [this] { return time; },
                .date = [] { return std::chrono::sys_seconds(); },
                .random = [this] { return random; },
                .pause =
                    [this](milliseconds pause) {
                        pauses.push_back(pause);
                        time += pause;
                        return !interrupted;
                    }};
    }
    Report report() {
        return [this](std::string_view line) { reports.emplace_back(line); };
    }
};

class ScriptedTransport final : public Transport {
  public:
    explicit ScriptedTransport(World& world) : world_(world) {}
    Response send(const Request& request) override {
        EXPECT_EQ(request.body.reveal(), "body");
        world_.limits.push_back(request.timeout.value());
        world_.time += world_.each_takes;
        if (world_.outcomes.empty()) {
            ADD_FAILURE() << "unexpected try";
            return {};
        }
        const Outcome outcome = world_.outcomes.front();
        world_.outcomes.pop_front();
        if (outcome.error) {
            throw TransportError(*outcome.error);
        }
        return *outcome.response;
    }

  private:
    World& world_;
};

Outcome status(int code, const std::string& retry_after = "") {
    Outcome outcome;
    outcome.response.emplace().status = code;
    if (!retry_after.empty()) {
        outcome.response->headers.push_back({"Retry-After", retry_after});
    }
    return outcome;
}

Outcome failure(Sent sent, const std::string& code = "network.reset") {
    Outcome outcome;
    outcome.error.emplace(sent, ExitCode::network, code, "it failed", "");
    return outcome;
}

Outcome run(World& world, Retry retry) {
    RetryingTransport transport(std::make_unique<ScriptedTransport>(world), seconds(75),
                                world.clock(), world.report());
    Request request;
    request.url = "https://platform.test/connections";
    request.body = Secret("body");
    request.retry = retry;
    Outcome outcome = call(transport, request);
    EXPECT_TRUE(world.outcomes.empty()) << world.outcomes.size() << " expected tries were not made";
    return outcome;
}

TEST(RetryingTransport, OneTryWhereOneIsEnough) {
    for (const Retry retry : {Retry::none, Retry::read, Retry::create}) {
        for (const int code : {200, 201, 400, 401, 404, 409, 412, 501}) {
            World world{.outcomes = {status(code)}};
            EXPECT_EQ(run(world, retry).text(), std::to_string(code));
            EXPECT_TRUE(world.pauses.empty());
        }
    }
}

TEST(RetryingTransport, ACreateIsRepeatedOnlyIfItWasNotApplied) {
    World turned_away{.outcomes = {status(429), failure(Sent::no), status(201)}};
    EXPECT_EQ(run(turned_away, Retry::create).text(), "201");
    for (const int code : {408, 500, 502, 503, 504}) {
        World world{.outcomes = {status(code)}};
        EXPECT_EQ(run(world, Retry::create).text(), std::to_string(code));
    }
    World maybe{.outcomes = {failure(Sent::maybe)}};
    EXPECT_EQ(run(maybe, Retry::create).text(), "network.reset maybe network");
    World after_one{.outcomes = {status(429), failure(Sent::maybe)}};
    EXPECT_EQ(run(after_one, Retry::create).text(), "network.reset maybe network");
}

TEST(RetryingTransport, AReadIsRepeated) {
    World world{.outcomes = {status(503), failure(Sent::maybe), failure(Sent::no), status(200)}};
    EXPECT_EQ(run(world, Retry::read).text(), "200");
    EXPECT_EQ(world.pauses,
              (std::vector{milliseconds(500), milliseconds(1000), milliseconds(2000)}));
    EXPECT_EQ(world.reports,
              (std::vector<std::string>{
                  "platform.test responded with HTTP 503 (service unavailable), retrying in "
                  "0.5 s (attempt 2 of 4)",
                  "it failed, retrying in 1.0 s (attempt 3 of 4)",
                  "it failed, retrying in 2.0 s (attempt 4 of 4)"}));
}

TEST(RetryingTransport, FourTriesInAll) {
    World answers{.outcomes = {status(503), status(503), status(503), status(502)}};
    EXPECT_EQ(run(answers, Retry::read).text(), "502");
    World errors{.outcomes = {failure(Sent::no), failure(Sent::no), failure(Sent::no),
                              failure(Sent::no, "network.dns")}};
    EXPECT_EQ(run(errors, Retry::create).text(), "network.dns no network");
    EXPECT_EQ(errors.pauses.size(), 3U);
}

TEST(RetryingTransport, RetryAfterIsTheLeast) {
    World world{.outcomes = {status(429, "7"), status(429, "0"), status(429, "soon"), status(200)},
                .random = 0.5};
    EXPECT_EQ(run(world, Retry::create).text(), "200");
    EXPECT_EQ(world.pauses,
              (std::vector{milliseconds(7000), milliseconds(500), milliseconds(1000)}));
}

TEST(RetryingTransport, NeverBeyondTheTimeOfOneCall) {
    World world{.outcomes = {status(429, "30"), status(429, "30")}, .each_takes = seconds(10)};
    EXPECT_EQ(run(world, Retry::create).text(), "429");
    // 10 s, a 30 s pause, 10 s more; another 30 s would exceed the 75 s.
    EXPECT_EQ(world.pauses, std::vector{milliseconds(30'000)});
    EXPECT_EQ(world.limits, (std::vector<milliseconds>{seconds(75), seconds(35)}));
}

TEST(RetryingTransport, AnErrorThatUsedUpTheTimeIsTheLast) {
    World world{.outcomes = {failure(Sent::maybe, "network.timeout")}, .each_takes = seconds(75)};
    EXPECT_EQ(run(world, Retry::read).text(), "network.timeout maybe network");
    EXPECT_TRUE(world.pauses.empty());
}

TEST(RetryingTransport, InterruptedInAPause) {
    World answered{.outcomes = {status(429)}, .interrupted = true};
    EXPECT_EQ(run(answered, Retry::create).text(), "interrupted no network");
    World failed{.outcomes = {failure(Sent::maybe)}, .interrupted = true};
    EXPECT_EQ(run(failed, Retry::read).text(), "interrupted maybe network");
}

TEST(RealSurroundings, PauseEndsByTimeOrByInterrupt) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const Clock real = real_clock(ends[0]);
    const auto start = real.now();
    EXPECT_TRUE(real.pause(milliseconds(20)));
    EXPECT_GE(real.now() - start, milliseconds(20));
    EXPECT_TRUE(real_clock(-1).pause(milliseconds(1)));
    EXPECT_TRUE(real.pause(milliseconds(-5)));
    ASSERT_EQ(::write(ends[1], "x", 1), 1);
    EXPECT_FALSE(real.pause(std::chrono::hours(1)));
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST(RealSurroundings, ClocksAndChance) {
    const Clock real = real_clock(-1);
    EXPECT_GT(real.date().time_since_epoch(), seconds(1'700'000'000));
    for (int i = 0; i < 100; ++i) {
        const double random = real.random();
        EXPECT_GE(random, 0.0);
        EXPECT_LE(random, 1.0);
    }
    EXPECT_NE(real.random(), real.random());
}

// The whole stack: what the server sees of a create that is refused twice.
TEST(RetryingTransport, OverRealSockets) {
    test::RawServer server([](test::RawConnection& connection) {
        connection.read_request();
        connection.send(
            test::answer(connection.number() < 3 ? "429 Too Many" : "201 Created", "{}"));
    });
    World world{.random = 0.0};
    RetryingTransport transport(std::make_unique<CurlTransport>(test::patient()), seconds(30),
                                world.clock(), world.report());
    Request request = test::post(server.url());
    request.retry = Retry::create;
    EXPECT_EQ(call(transport, request).text(), "201");
    EXPECT_EQ(server.requests(), 3);
}

// Passes the scripted transport on without owning it.
class Borrowed final : public Transport {
  public:
    explicit Borrowed(Transport& inner) : inner_(inner) {}
    Response send(const Request& request) override { return inner_.send(request); }

  private:
    Transport& inner_;
};

TEST(DeadlineTransport, EachCallGetsWhatIsLeft) {
    tests::FakeTransport script;
    std::chrono::steady_clock::time_point time;
    DeadlineTransport transport(std::make_unique<Borrowed>(script), milliseconds(900),
                                [&time] { return time; });
    script.answer(200, "");
    script.answer(503, "");
    script.answer(200, "");
    Request request;
    transport.send(request);
    time += milliseconds(600);
    EXPECT_EQ(transport.send(request).status, 503) << "it is not tried again";
    request.timeout = milliseconds(100);
    transport.send(request);
    EXPECT_EQ(script.requests()[0].timeout, milliseconds(900));
    EXPECT_EQ(script.requests()[1].timeout, milliseconds(300));
    EXPECT_EQ(script.requests()[2].timeout, milliseconds(100));
    time += milliseconds(300);
    const Error error = tests::error_of([&] { transport.send(request); });
    EXPECT_EQ(error.code(), "network.timeout");
    EXPECT_EQ(script.requests().size(), 3U);
}

}  // namespace
}  // namespace bqconn::http
