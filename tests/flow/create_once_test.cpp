#include "bqconn/flow/create_once.hpp"

#include <gtest/gtest.h>

#include "flow/one_create.hpp"
#include "support/expect_error.hpp"

namespace bqconn::flow {
namespace {

using namespace one_create;
using std::chrono::milliseconds;
using tests::error_of;
using tests::FakeTransport;

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

// Created just before the run began, by the service's clock: it belongs to someone else.
TEST(CreateOnce, AnOlderOneOfTheSameNameIsNotOurs) {
    for (const std::int64_t before : {1, 1000, 100'000}) {
        FakeTransport transport;
        FakeClock clock;
        transport.fail(http::Sent::maybe);
        for (int look = 0; look < 3; ++look) {
            // The lists are requested 1, 3 and 7 seconds after the start.
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

TEST(CreateOnce, AStopWhileItIsLookedForIsNoAnswer) {
    FakeTransport paused;
    FakeClock clock;
    clock.is_stopped = true;
    paused.answer(500, "");
    const Error before = error_of([&] { run(paused, clock); });
    EXPECT_EQ(before.exit_code(), ExitCode::unknown);
    EXPECT_EQ(before.status(), 500);
    EXPECT_EQ(paused.requests().size(), 1U);

    FakeTransport looking;
    clock.is_stopped = false;
    looking.answer(500, "");
    looking.fail(http::Sent::maybe, "interrupted");
    const Error during = error_of([&] { run(looking, clock); });
    EXPECT_EQ(during.exit_code(), ExitCode::unknown);
    EXPECT_EQ(looking.requests().size(), 2U);
}

}  // namespace
}  // namespace bqconn::flow
