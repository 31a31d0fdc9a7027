#include "bqconn/flow/create_once.hpp"

#include <gtest/gtest.h>

#include "bqconn/flow/create.hpp"
#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/samples.hpp"

namespace bqconn::flow {
namespace {

using std::chrono::milliseconds;
using tests::error_of;
using tests::FakeTransport;

// A clock that stands still but for its sleeps.
struct FakeClock {
    std::chrono::steady_clock::time_point time{};
    std::vector<milliseconds> sleeps;
    Clock clock() {
        return {.now = [this] { return time; },
                .date = [] { return std::chrono::sys_seconds(); },
                .random = [] { return 0.5; },
                .pause =
                    [this](milliseconds duration) {
                        sleeps.push_back(duration);
                        time += duration;
                        return true;
                    }};
    }
};

// The service's clock is far from ours.
constexpr std::int64_t service_time = 1'700'000'000'000;
constexpr const char* service_date = "Tue, 14 Nov 2023 22:13:20 GMT";

std::string item(const std::string& id, std::int64_t created_at,
                 const std::string& name = "Warehouse") {
    return R"({"id":")" + id + R"(","etag":"\"e-)" + id + R"(\"","name":")" + name +
           R"(","createdAt":)" + std::to_string(created_at) + "}";
}

void answer_list(FakeTransport& transport, const std::string& items,
                 const std::string& date = service_date) {
    transport.answer(200, R"({"items":[)" + items + "]}", {{"Date", date}});
}

CreateResult run(FakeTransport& transport, FakeClock& clock, const CreateOptions& options = {}) {
    FlowService service = tests::service_over(transport);
    return create_once(service, tests::basic_connection(), options, clock.clock());
}

TEST(CreateOnce, CreatedIsOnePost) {
    FakeTransport transport;
    FakeClock clock;
    transport.answer(201, tests::created_body);
    EXPECT_EQ(run(transport, clock).outcome, Outcome::created);
    EXPECT_EQ(transport.requests().size(), 1U);
}

TEST(CreateOnce, ALostAnswerIsRecoveredByName) {
    for (const int lost : {0, 500, 502, 504, 408, 201, 200, 303}) {
        FakeTransport transport;
        FakeClock clock;
        if (lost == 0) {
            transport.fail(http::Sent::maybe);
        } else {
            transport.answer(lost, "");
        }
        answer_list(transport,
                    item("old", service_time - 60'000) + "," + item("ours", service_time));
        const CreateResult result = run(transport, clock);
        EXPECT_EQ(result.outcome, Outcome::recovered) << lost;
        EXPECT_EQ(result.id, "ours");
        EXPECT_EQ(result.etag, "\"e-ours\"");
        EXPECT_EQ(clock.sleeps, std::vector<milliseconds>{milliseconds(1000)});
        EXPECT_EQ(transport.requests()[1].url,
                  "https://platform.test/data/foundation/flowservice/"
                  "connections?property=connectionSpec.id%3D%3D"
                  "3c9b37f8-13a6-43d8-bad3-b863b941fedd&property=name%3D%3DWarehouse");
    }
}

TEST(CreateOnce, LooksThreeTimesAndThenSaysThatItDoesNotKnow) {
    FakeTransport transport;
    FakeClock clock;
    transport.fail(http::Sent::maybe);
    answer_list(transport, "");
    transport.answer(503, "");
    answer_list(transport, item("old", service_time - 60'000));
    const Error error = error_of([&] { run(transport, clock); });
    EXPECT_EQ(error.exit_code(), ExitCode::unknown);
    EXPECT_NE(error.message().find("old"), std::string::npos);
    EXPECT_NE(error.hint().find("bqconn list --name 'Warehouse'"), std::string::npos);
    EXPECT_EQ(clock.sleeps, (std::vector<milliseconds>{milliseconds(1000), milliseconds(2000),
                                                       milliseconds(4000)}));
}

// Created just before we began, by the service's clock: it is somebody else's.
TEST(CreateOnce, AnOlderOneOfTheSameNameIsNotOurs) {
    for (const std::int64_t before : {1, 1000, 100'000}) {
        FakeTransport transport;
        FakeClock clock;
        transport.fail(http::Sent::maybe);
        for (int look = 0; look < 3; ++look) {
            // The list comes 1, 3 and 7 seconds after the beginning.
            answer_list(transport, item("other", service_time - 7000 - before));
        }
        EXPECT_EQ(error_of([&] { run(transport, clock); }).exit_code(), ExitCode::unknown)
            << before;
    }
}

TEST(CreateOnce, SeveralNewOnesAreUnknown) {
    FakeTransport transport;
    FakeClock clock;
    transport.answer(500, "");
    answer_list(transport, item("one", service_time) + "," + item("two", service_time));
    const Error error = error_of([&] { run(transport, clock); });
    EXPECT_EQ(error.exit_code(), ExitCode::unknown);
    EXPECT_NE(error.message().find("one"), std::string::npos);
    EXPECT_NE(error.message().find("two"), std::string::npos);
    EXPECT_EQ(error.status(), 500);
}

TEST(CreateOnce, WithoutADateNothingIsOurs) {
    FakeTransport transport;
    FakeClock clock;
    transport.answer(500, "");
    for (int look = 0; look < 3; ++look) {
        answer_list(transport, item("one", service_time), "not a date");
    }
    EXPECT_EQ(error_of([&] { run(transport, clock); }).exit_code(), ExitCode::unknown);
}

TEST(CreateOnce, OtherNamesAreNotOurs) {
    FakeTransport transport;
    FakeClock clock;
    transport.answer(500, "");
    for (int look = 0; look < 3; ++look) {
        answer_list(transport, item("one", service_time, "warehouse") + "," +
                                   item("two", service_time, "Warehouse 2"));
    }
    EXPECT_EQ(error_of([&] { run(transport, clock); }).exit_code(), ExitCode::unknown);
}

TEST(CreateOnce, NoRecoverDoesNotLook) {
    FakeTransport transport;
    FakeClock clock;
    transport.answer(500, "");
    EXPECT_EQ(error_of([&] {
                  run(transport, clock, {IfExists::create, false});
              }).exit_code(),
              ExitCode::unknown);
    EXPECT_TRUE(clock.sleeps.empty());
}

TEST(CreateOnce, AnInterruptedCreateDoesNotLook) {
    FakeTransport transport;
    FakeClock clock;
    transport.fail(http::Sent::maybe, "interrupted");
    EXPECT_EQ(error_of([&] { run(transport, clock); }).exit_code(), ExitCode::unknown);
    EXPECT_TRUE(clock.sleeps.empty());
}

TEST(CreateOnce, KnownNotAppliedIsNotLookedFor) {
    for (const int status : {400, 401, 403, 404, 409, 413, 422, 429, 307}) {
        FakeTransport transport;
        FakeClock clock;
        transport.answer(status, "");
        EXPECT_NE(error_of([&] { run(transport, clock); }).exit_code(), ExitCode::unknown)
            << status;
    }
}

TEST(CreateOnce, IfExistsReuse) {
    FakeTransport transport;
    FakeClock clock;
    answer_list(transport, item("there", 1));
    const CreateResult result = run(transport, clock, {IfExists::reuse, true});
    EXPECT_EQ(result.outcome, Outcome::existing);
    EXPECT_EQ(result.id, "there");
    EXPECT_EQ(transport.requests().size(), 1U);
}

TEST(CreateOnce, IfExistsReuseCreatesWhatIsNotThere) {
    FakeTransport transport;
    FakeClock clock;
    answer_list(transport, item("other", 1, "Other"));
    transport.answer(201, tests::created_body);
    EXPECT_EQ(run(transport, clock, {IfExists::reuse, true}).outcome, Outcome::created);
}

TEST(CreateOnce, IfExistsReuseOfSeveralIsAConflict) {
    FakeTransport transport;
    FakeClock clock;
    answer_list(transport, item("one", 1) + "," + item("two", 2));
    const Error error = error_of([&] { run(transport, clock, {IfExists::reuse, true}); });
    EXPECT_EQ(error.code(), "conflict.several_exist");
    EXPECT_NE(error.message().find("two"), std::string::npos);
}

TEST(CreateOnce, IfExistsError) {
    FakeTransport transport;
    FakeClock clock;
    answer_list(transport, item("there", 1));
    const Error error = error_of([&] { run(transport, clock, {IfExists::error, true}); });
    EXPECT_EQ(error.exit_code(), ExitCode::conflict);
    EXPECT_NE(error.message().find("there"), std::string::npos);
}

TEST(CreateOnce, AFailedLookBeforehandCreatesNothing) {
    FakeTransport transport;
    FakeClock clock;
    transport.answer(503, "");
    EXPECT_EQ(error_of([&] {
                  run(transport, clock, {IfExists::reuse, true});
              }).exit_code(),
              ExitCode::unavailable);
    EXPECT_EQ(transport.requests().size(), 1U);
}

}  // namespace
}  // namespace bqconn::flow
