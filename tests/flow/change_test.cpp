#include "bqconn/flow/change.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/samples.hpp"

namespace bqconn::flow {
namespace {

using std::chrono::milliseconds;
using tests::error_of;
using tests::FakeTransport;

// A clock that only sleeps advance.
struct FakeClock {
    std::chrono::steady_clock::time_point time{};
    std::vector<milliseconds> sleeps;
    bool is_stopped = false;  // a signal has arrived
    Clock clock() {
        return {.now = [this] { return time; },
                .date = [] { return std::chrono::sys_seconds(); },
                .random = [] { return 0.5; },
                .pause =
                    [this](milliseconds duration) {
                        sleeps.push_back(duration);
                        time += duration;
                        return !is_stopped;
                    }};
    }
};

// The service's clock is far from the local one.
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
        EXPECT_EQ(result.namesakes, std::vector<std::string>{"old"}) << "already known: no call";
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

TEST(CreateOnce, AConflictIsAboutTheName) {
    FakeTransport transport;
    FakeClock clock;
    transport.answer(409, R"({"title":"made-up conflict"})", {{"x-request-id", "r"}});
    const Error error = error_of([&] { run(transport, clock); });
    EXPECT_EQ(error.exit_code(), ExitCode::conflict);
    EXPECT_EQ(error.request_id(), "r");
    EXPECT_NE(error.hint().find("bqconn list --name 'Warehouse'; give another --name, or use "
                                "--if-exists reuse or update"),
              std::string::npos)
        << error.hint();
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

TEST(IfExists, Reuse) {
    FakeTransport transport;
    FakeClock clock;
    answer_list(transport, item("there", 1));
    const CreateResult result = run(transport, clock, {IfExists::reuse, true});
    EXPECT_EQ(result.outcome, Outcome::existing);
    EXPECT_EQ(result.id, "there");
    EXPECT_EQ(transport.requests().size(), 1U);
}

TEST(IfExists, ReuseCreatesWhatIsNotThere) {
    FakeTransport transport;
    FakeClock clock;
    answer_list(transport, item("other", 1, "Other"));
    transport.answer(201, tests::created_body);
    EXPECT_EQ(run(transport, clock, {IfExists::reuse, true}).outcome, Outcome::created);
}

TEST(IfExists, ReuseOfSeveralIsAConflict) {
    FakeTransport transport;
    FakeClock clock;
    answer_list(transport, item("one", 1) + "," + item("two", 2));
    const Error error = error_of([&] { run(transport, clock, {IfExists::reuse, true}); });
    EXPECT_EQ(error.code(), "conflict.several_exist");
    EXPECT_NE(error.message().find("two"), std::string::npos);
}

TEST(IfExists, Error) {
    FakeTransport transport;
    FakeClock clock;
    answer_list(transport, item("there", 1));
    const Error error = error_of([&] { run(transport, clock, {IfExists::error, true}); });
    EXPECT_EQ(error.exit_code(), ExitCode::conflict);
    EXPECT_NE(error.message().find("there"), std::string::npos);
}

TEST(IfExists, AFailedLookBeforehandCreatesNothing) {
    FakeTransport transport;
    FakeClock clock;
    transport.answer(503, "");
    EXPECT_EQ(error_of([&] {
                  run(transport, clock, {IfExists::reuse, true});
              }).exit_code(),
              ExitCode::unavailable);
    EXPECT_EQ(transport.requests().size(), 1U);
}

// The output must be complete: every later change needs the etag.
TEST(IfExists, ReuseNeedsAnEtag) {
    FakeTransport transport;
    FakeClock clock;
    answer_list(transport, R"({"id":"there","name":"Warehouse","createdAt":1})");
    const Error error = error_of([&] { run(transport, clock, {IfExists::reuse, true}); });
    EXPECT_EQ(error.exit_code(), ExitCode::bad_response);
    EXPECT_NE(error.message().find("there"), std::string::npos);
}

TEST(IfExists, Words) {
    EXPECT_EQ(parse_if_exists("new"), IfExists::create);
    EXPECT_EQ(parse_if_exists("error"), IfExists::error);
    EXPECT_EQ(parse_if_exists("reuse"), IfExists::reuse);
    EXPECT_EQ(parse_if_exists("update"), IfExists::update);
    EXPECT_EQ(parse_if_exists("Reuse"), std::nullopt);
    EXPECT_EQ(parse_if_exists(""), std::nullopt);
}

CreateResult create_with(FakeTransport& transport) {
    FakeClock clock;
    return run(transport, clock, {IfExists::create, false});
}

TEST(Create, OnePostAndItsAnswer) {
    FakeTransport transport;
    transport.answer(201, tests::created_body);
    EXPECT_EQ(create_with(transport).id, "6990abad-977d-41b9-a85d-17ea8cf1c0e4");
    EXPECT_EQ(transport.requests().size(), 1U);
}

TEST(Create, NotSentIsWhatTheTransportSays) {
    FakeTransport transport;
    transport.fail(http::Sent::no);
    try {
        create_with(transport);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.exit_code(), ExitCode::network);
    }
}

TEST(Create, SentWithoutAnAnswerIsUnknown) {
    FakeTransport transport;
    transport.fail(http::Sent::maybe);
    EXPECT_THROW(create_with(transport), OutcomeUnknown);
}

TEST(Create, AnUnreadable201IsUnknown) {
    for (const char* const body : {"", "{}", "<html>", R"({"id":"a"})"}) {
        FakeTransport transport;
        transport.answer(201, body);
        EXPECT_THROW(create_with(transport), OutcomeUnknown) << body;
    }
}

// flow-service table "was it applied?", for every status.
TEST(Create, EveryStatusHasItsOutcome) {
    for (int status = 100; status < 600; ++status) {
        FakeTransport transport;
        transport.answer(status, tests::created_body);
        ExitCode exit_code = ExitCode::ok;
        try {
            create_with(transport);
        } catch (const Error& error) {
            exit_code = error.exit_code();
        }
        if (status == 201) {
            EXPECT_EQ(exit_code, ExitCode::ok);
        } else if (status == 307 || status == 308) {
            EXPECT_EQ(exit_code, ExitCode::bad_response) << status;
        } else if (status < 400 || status == 408 || status >= 500) {
            EXPECT_EQ(exit_code, ExitCode::unknown) << status;
        } else {
            EXPECT_NE(exit_code, ExitCode::unknown) << status;
            EXPECT_NE(exit_code, ExitCode::internal) << status;
            EXPECT_NE(exit_code, ExitCode::ok) << status;
        }
    }
}

constexpr const char* there = R"({"items":[{"id":"a","etag":"\"e\"","name":"n"}]})";
constexpr const char* gone =
    R"({"type":"https://ns.adobe.com/aep/errors/FLOW-1439-404","title":"Resource not found","status":404})";

Outcome remove_a(FakeTransport& transport, FakeClock& clock) {
    FlowService service = tests::service_over(transport);
    return remove(service, "a", clock.clock());
}

TEST(Remove, OneDeleteAndNothingElse) {
    FakeTransport transport;
    FakeClock clock;
    transport.answer(204, "");
    EXPECT_EQ(remove_a(transport, clock), Outcome::deleted);
    EXPECT_EQ(transport.requests()[0].method, http::Method::del);
    EXPECT_TRUE(transport.requests()[0].url.ends_with("/connections/a"));
}

TEST(Remove, WhatIsNotThereIsAbsent) {
    FakeTransport transport;
    FakeClock clock;
    transport.answer(404, gone);
    EXPECT_EQ(remove_a(transport, clock), Outcome::absent);
    FakeTransport other;
    other.answer(404, "<html>");
    EXPECT_EQ(error_of([&] { remove_a(other, clock); }).exit_code(), ExitCode::not_found)
        << "a 404 from elsewhere is not Flow Service's answer";
}

TEST(Remove, ALostAnswerIsSettledByLooking) {
    FakeTransport transport;
    FakeClock clock;
    transport.fail(http::Sent::maybe);
    transport.answer(200, there);
    transport.answer(503, "");
    transport.answer(404, gone);
    EXPECT_EQ(remove_a(transport, clock), Outcome::recovered);
    EXPECT_EQ(clock.sleeps,
              (std::vector<milliseconds>{std::chrono::seconds(1), std::chrono::seconds(2),
                                         std::chrono::seconds(4)}));
}

TEST(Remove, A404OfWhoeverSettlesNothing) {
    FakeTransport transport;
    FakeClock clock;
    transport.fail(http::Sent::maybe);
    for (int i = 0; i < 3; ++i) {
        transport.answer(404, "<html>");
    }
    EXPECT_EQ(error_of([&] { remove_a(transport, clock); }).exit_code(), ExitCode::unknown);
}

TEST(Remove, StillThereIsUnknown) {
    FakeTransport transport;
    FakeClock clock;
    transport.answer(500, "");
    for (int i = 0; i < 3; ++i) {
        transport.answer(200, there);
    }
    const Error error = error_of([&] { remove_a(transport, clock); });
    EXPECT_EQ(error.exit_code(), ExitCode::unknown);
    EXPECT_EQ(error.code(), "unknown.delete");
    EXPECT_NE(error.hint().find("bqconn get a"), std::string::npos);
    EXPECT_TRUE(error.message().ends_with("; it still existed when last checked"));
}

TEST(Remove, AStoppedRunDoesNotLook) {
    FakeTransport transport;
    FakeClock clock;
    clock.is_stopped = true;
    transport.fail(http::Sent::maybe);
    EXPECT_EQ(error_of([&] { remove_a(transport, clock); }).exit_code(), ExitCode::unknown);
    FakeTransport interrupted;
    interrupted.fail(http::Sent::maybe, "interrupted");
    EXPECT_EQ(error_of([&] { remove_a(interrupted, clock); }).exit_code(), ExitCode::unknown);
    EXPECT_EQ(clock.sleeps.size(), 1U) << "the second did not even wait";
}

TEST(Update, OnePatchWithTheEtagAndTheOperations) {
    FakeTransport transport;
    FlowService service = tests::service_over(transport);
    transport.answer(200, R"({"id":"a","etag":"\"2\""})");
    const Stored stored =
        update(service, "a", "\"1\"",
               {.name = "New", .description = "", .auth = tests::basic_connection().auth});
    EXPECT_EQ(stored.etag, "\"2\"");
    const http::Request& request = transport.requests()[0];
    EXPECT_EQ(request.method, http::Method::patch);
    EXPECT_EQ(request.retry, http::Retry::create);
    EXPECT_EQ(tests::header_of(request, "If-Match"), "\"1\"");
    EXPECT_EQ(json::parse(request.body.reveal()), json::parse(R"([
        {"op":"replace","path":"/name","value":"New"},
        {"op":"replace","path":"/description","value":""},
        {"op":"replace","path":"/auth/params","value":{"project":"my-project-123",
         "clientId":"client.apps.googleusercontent.com","clientSecret":"made-up client secret",
         "refreshToken":"made-up refresh token"}}])"));
}

TEST(Update, WhatBecameOfIt) {
    struct Case {
        int status;
        const char* body;
        ExitCode exit_code;
    };
    for (const Case& one :
         {Case{412, R"({"type":"x/FLOW-1404-412"})", ExitCode::conflict},
          Case{400, R"({"type":"x/FLOW-1445-400"})", ExitCode::rejected},
          Case{404, gone, ExitCode::not_found}, Case{500, "", ExitCode::unknown},
          Case{200, "{}", ExitCode::unknown}, Case{200, "", ExitCode::unknown},
          Case{204, "", ExitCode::unknown}, Case{429, "", ExitCode::unavailable}}) {
        FakeTransport transport;
        FlowService service = tests::service_over(transport);
        transport.answer(one.status, one.body);
        const Error error = error_of([&] { update(service, "a", "e", {.name = "n"}); });
        EXPECT_EQ(error.exit_code(), one.exit_code) << one.status;
        EXPECT_EQ(error.code() == "unknown.update", one.exit_code == ExitCode::unknown);
    }
}

}  // namespace
}  // namespace bqconn::flow
