#include "bqconn/http/pace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bqconn/http/retry.hpp"
#include "support/http_call.hpp"

namespace bqconn::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using test::call;

// Time passes only by pauses. Thread-safe.
class PausedTime {
  public:
    Clock clock() {
        return {.now = [this] { return now(); },
                .date = [] { return std::chrono::sys_seconds(); },
                .random = [] { return 0.0; },
                .pause =
                    [this](milliseconds pause) {
                        const auto end = now() + pause;
                        if (auto action = std::exchange(in_first_pause, {})) {
                            action();
                        }
                        const std::lock_guard lock(mutex_);
                        time_ = interrupted ? time_ : std::max(time_, end);
                        return !interrupted;
                    }};
    }
    steady_clock::time_point now() {
        const std::lock_guard lock(mutex_);
        return time_;
    }
    milliseconds passed() { return std::chrono::floor<milliseconds>(now().time_since_epoch()); }

    // These two are set before there are threads.
    std::function<void()> in_first_pause;
    bool interrupted = false;

  private:
    std::mutex mutex_;  // guards time_
    steady_clock::time_point time_{};
};

struct StartedPace : Pace {
    explicit StartedPace(PausedTime& time) : Pace(time.clock()) { start(); }
};

TEST(Pace, DoesNothingUntilItIsStarted) {
    PausedTime time;
    Pace pace(time.clock());
    EXPECT_EQ(pace.slow_down(time.now(), seconds(5)), Pace::Slowdown::none);
    EXPECT_TRUE(pace.wait());
    EXPECT_TRUE(pace.wait());
    EXPECT_EQ(time.passed(), milliseconds(0));
    EXPECT_EQ(pace.interval(), milliseconds(0));
    pace.start();
    EXPECT_EQ(pace.slow_down(time.now(), seconds(5)), Pace::Slowdown::begun);
    EXPECT_TRUE(pace.wait());
    EXPECT_EQ(time.passed(), seconds(5));
}

TEST(Pace, TheIntervalDoublesWithEachSlowdownAndShrinksWithEachSuccess) {
    PausedTime time;
    StartedPace pace(time);
    for (const int expected : {50, 100, 200, 400, 800, 1600, 2000, 2000}) {
        EXPECT_TRUE(pace.wait());
        EXPECT_EQ(pace.slow_down(time.now(), seconds(1)), Pace::Slowdown::begun);
        EXPECT_EQ(pace.interval(), milliseconds(expected));
    }
    pace.speed_up();
    EXPECT_EQ(pace.interval(), milliseconds(1875));
    int successes = 1;
    for (; pace.interval().count() > 0 && successes < 1000; ++successes) {
        const auto before = pace.interval();
        pace.speed_up();
        EXPECT_LT(pace.interval(), before);
    }
    EXPECT_GT(successes, 100);
    EXPECT_LT(successes, 150);
}

TEST(Pace, RequestsStartAnIntervalApartAfterThePause) {
    PausedTime time;
    StartedPace pace(time);
    EXPECT_TRUE(pace.wait());
    EXPECT_EQ(pace.slow_down(time.now(), seconds(3)), Pace::Slowdown::begun);
    for (const int expected : {3000, 3050, 3100}) {
        EXPECT_TRUE(pace.wait());
        EXPECT_EQ(time.passed(), milliseconds(expected));
    }
}

TEST(Pace, RequestsUnderWayBelongToTheSameSlowdown) {
    PausedTime time;
    StartedPace pace(time);
    const auto started = time.now();
    EXPECT_EQ(pace.slow_down(started, seconds(3)), Pace::Slowdown::begun);
    EXPECT_EQ(pace.slow_down(started, seconds(5)), Pace::Slowdown::joined);
    EXPECT_EQ(pace.slow_down(started, seconds(1)), Pace::Slowdown::joined);
    EXPECT_EQ(pace.interval(), milliseconds(50));
    EXPECT_TRUE(pace.wait());
    EXPECT_EQ(time.passed(), seconds(5)) << "the longest pause";
    EXPECT_EQ(pace.slow_down(time.now(), seconds(1)), Pace::Slowdown::begun);
    EXPECT_EQ(pace.interval(), milliseconds(100));
}

TEST(Pace, AWaitEndsWithTheRun) {
    PausedTime time;
    StartedPace pace(time);
    pace.slow_down(time.now(), seconds(3));
    time.interrupted = true;
    EXPECT_FALSE(pace.wait());
}

// ---- with transports

using Service = std::function<Response(const Request&)>;

class ServiceTransport final : public Transport {
  public:
    explicit ServiceTransport(Service service) : service_(std::move(service)) {}
    Response send(const Request& request) override { return service_(request); }

  private:
    Service service_;
};

Response answer_with(int code, const std::string& retry_after = "") {
    Response response;
    response.status = code;
    if (!retry_after.empty()) {
        response.headers.push_back({"Retry-After", retry_after});
    }
    return response;
}

Request request_of(Retry retry) {
    Request request;
    request.url = "https://platform.test/connections";
    request.retry = retry;
    return request;
}

// Several transports that share time, pace and warnings.
class PacedTransports : public testing::Test {
  protected:
    RetryingTransport transport(Service service) {
        return {std::make_unique<ServiceTransport>(std::move(service)), seconds(75), time_.clock(),
                [this](std::string_view line) {
                    const std::lock_guard lock(mutex_);
                    reports_.emplace_back(line);
                },
                &pace_};
    }

    PausedTime time_;
    StartedPace pace_{time_};
    std::mutex mutex_;  // guards what follows
    std::vector<std::string> reports_;
    std::vector<milliseconds> starts_;
};

class RetryAfterOfOne : public PacedTransports, public testing::WithParamInterface<int> {};

TEST_P(RetryAfterOfOne, IsHonouredByAll) {
    const auto service = [this](const Request&) {
        const std::lock_guard lock(mutex_);
        starts_.push_back(time_.passed());
        return starts_.size() == 1 ? answer_with(GetParam(), "7") : answer_with(200);
    };
    // While the first transport pauses, the others make their calls.
    time_.in_first_pause = [&] {
        std::vector<std::thread> threads;
        threads.reserve(6);
        for (int i = 0; i < 6; ++i) {
            threads.emplace_back([&] {
                RetryingTransport other = transport(service);
                EXPECT_EQ(call(other, request_of(Retry::create)).text(), "200");
            });
        }
        for (auto& thread : threads) {
            thread.join();
        }
    };
    RetryingTransport first = transport(service);
    EXPECT_EQ(call(first, request_of(Retry::read)).text(), "200");
    ASSERT_EQ(starts_.size(), 8U);
    for (std::size_t i = 1; i < starts_.size(); ++i) {
        EXPECT_GE(starts_[i], seconds(7)) << i;
    }
    ASSERT_EQ(reports_.size(), 1U);
    EXPECT_NE(reports_.front().find("retrying in 7.0 s (attempt 2 of 4)"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(EachStatus, RetryAfterOfOne, testing::Values(429, 503));

// A create is not repeated after a 503, but the others must wait.
TEST_F(PacedTransports, ARefusalThatIsNotRetriedSlowsTheOthers) {
    RetryingTransport one = transport([](const Request&) { return answer_with(503, "7"); });
    RetryingTransport other = transport([](const Request&) { return answer_with(200); });
    EXPECT_EQ(call(one, request_of(Retry::create)).text(), "503");
    EXPECT_EQ(time_.passed(), milliseconds(0));
    EXPECT_EQ(call(other, request_of(Retry::create)).text(), "200");
    EXPECT_EQ(time_.passed(), seconds(7));
    EXPECT_EQ(reports_, std::vector<std::string>{"platform.test responded with HTTP 503 (service "
                                                 "unavailable), all calls pause for 7.0 s"});
}

TEST_F(PacedTransports, OnlyAnAnswerThatAsksForItSlowsTheOthers) {
    const Service failing[] = {[](const Request&) { return answer_with(503); },
                               [](const Request&) { return answer_with(500); },
                               [](const Request&) { return answer_with(200, "7"); },
                               [](const Request&) -> Response {
                                   throw TransportError(Sent::no, ExitCode::network, "network.dns",
                                                        "it failed", "");
                               }};
    for (const auto& service : failing) {
        RetryingTransport one = transport(service);
        RetryingTransport other = transport([](const Request&) { return answer_with(200); });
        call(one, request_of(Retry::read));
        EXPECT_EQ(call(other, request_of(Retry::read)).text(), "200");
        EXPECT_EQ(time_.passed(), milliseconds(0));
    }
}

TEST_F(PacedTransports, OneWarningForAllRequestsOfASlowdown) {
    RetryingTransport inner = transport([tries = 0](const Request&) mutable {
        return ++tries == 1 ? answer_with(429, "2") : answer_with(200);
    });
    RetryingTransport outer = transport([&, tries = 0](const Request&) mutable {
        if (++tries > 1) {
            return answer_with(200);
        }
        EXPECT_EQ(call(inner, request_of(Retry::create)).text(), "200");
        return answer_with(429, "1");
    });
    EXPECT_EQ(call(outer, request_of(Retry::create)).text(), "200");
    EXPECT_EQ(reports_.size(), 1U);
    EXPECT_LT(pace_.interval(), first_interval) << "doubled";
}

TEST_F(PacedTransports, WaitingDoesNotCountTowardsTheTimeOfACall) {
    std::vector<milliseconds> limits;
    RetryingTransport one = transport([&](const Request& request) {
        limits.push_back(request.timeout.value());
        return limits.size() < 4 ? answer_with(429, "30") : answer_with(200);
    });
    EXPECT_EQ(call(one, request_of(Retry::create)).text(), "200");
    EXPECT_EQ(time_.passed(), seconds(90));
    EXPECT_EQ(limits, std::vector<milliseconds>(4, seconds(75)));
}

TEST_F(PacedTransports, WithoutAStartEachPausesForItself) {
    Pace pace(time_.clock());
    int sent = 0;
    RetryingTransport one(std::make_unique<ServiceTransport>([&](const Request&) {
                              return ++sent == 1 ? answer_with(429, "30") : answer_with(429, "60");
                          }),
                          seconds(40), time_.clock(), {}, &pace);
    RetryingTransport other(
        std::make_unique<ServiceTransport>([](const Request&) { return answer_with(200); }),
        seconds(40), time_.clock(), {}, &pace);
    EXPECT_EQ(call(one, request_of(Retry::create)).text(), "429");
    EXPECT_EQ(sent, 2) << "another pause would exceed the time of the call";
    EXPECT_EQ(time_.passed(), seconds(30));
    EXPECT_EQ(call(other, request_of(Retry::create)).text(), "200");
    EXPECT_EQ(time_.passed(), seconds(30));
}

TEST_F(PacedTransports, InterruptedWhileWaiting) {
    int sent = 0;
    RetryingTransport one = transport([&](const Request&) {
        ++sent;
        return answer_with(429, "7");
    });
    time_.interrupted = true;
    EXPECT_EQ(call(one, request_of(Retry::create)).text(), "interrupted no network");
    EXPECT_EQ(call(one, request_of(Retry::create)).text(), "interrupted no network");
    EXPECT_EQ(sent, 1) << "the second call must not start";
}

// Any number of workers is ready to send; the service accepts five requests a second.
TEST_F(PacedTransports, SettleNearTheRateOfTheService) {
    milliseconds window{0};
    int in_window = 0;
    int refused = 0;
    RetryingTransport one = transport([&](const Request&) {
        if (time_.passed() >= window + seconds(1)) {
            window = std::chrono::floor<seconds>(time_.passed());
            in_window = 0;
        }
        if (++in_window > 5) {
            ++refused;
            return answer_with(429, "1");
        }
        return answer_with(201);
    });
    for (int i = 0; i < 1000; ++i) {
        EXPECT_EQ(call(one, request_of(Retry::create)).text(), "201") << i;
    }
    EXPECT_LT(refused, 200);
    EXPECT_LT(time_.passed(), seconds(2 * 200));
}

}  // namespace
}  // namespace bqconn::http
