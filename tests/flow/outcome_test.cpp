#include "bqconn/flow/outcome.hpp"

#include <gtest/gtest.h>

#include "bqconn/flow/change.hpp"
#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/samples.hpp"

namespace bqconn::flow {
namespace {

using tests::error_of;
using tests::FakeTransport;

TEST(AppliedBy, EveryStatusHasAnAnswer) {
    for (int status = 100; status < 600; ++status) {
        const bool refused =
            (status >= 400 && status < 500 && status != 408) || status == 307 || status == 308;
        const Applied wanted = status == 204 ? Applied::yes
                               : refused     ? Applied::no
                                             : Applied::unknown;
        EXPECT_EQ(classify_status(status, 204), wanted) << status;
    }
}

struct Clocked {
    std::vector<std::chrono::milliseconds> pauses;
    bool stop = false;
    Clock clock() {
        return {.now = std::chrono::steady_clock::now,
                .date = [] { return std::chrono::sys_seconds(); },
                .random = [] { return 0.0; },
                .pause =
                    [this](std::chrono::milliseconds time) {
                        pauses.push_back(time);
                        return !stop;
                    }};
    }
};

constexpr const char* there = R"({"items":[{"id":"a","etag":"\"e\"","name":"n"}]})";
constexpr const char* gone =
    R"({"type":"https://ns.adobe.com/aep/errors/FLOW-1439-404","title":"Resource not found","status":404})";

Removal remove_a(FakeTransport& transport, Clocked& clocked) {
    FlowService service = tests::service_over(transport);
    return remove(service, "a", clocked.clock());
}

TEST(Remove, OneDeleteAndNothingElse) {
    FakeTransport transport;
    Clocked clocked;
    transport.answer(204, "");
    EXPECT_EQ(remove_a(transport, clocked), Removal::deleted);
    EXPECT_EQ(transport.requests()[0].method, http::Method::del);
    EXPECT_TRUE(transport.requests()[0].url.ends_with("/connections/a"));
}

TEST(Remove, WhatIsNotThereIsAbsent) {
    FakeTransport transport;
    Clocked clocked;
    transport.answer(404, gone);
    EXPECT_EQ(remove_a(transport, clocked), Removal::absent);
    FakeTransport other;
    other.answer(404, "<html>");
    EXPECT_EQ(error_of([&] { remove_a(other, clocked); }).exit_code(), ExitCode::not_found)
        << "a 404 from elsewhere is not Flow Service's answer";
}

TEST(Remove, ALostAnswerIsSettledByLooking) {
    FakeTransport transport;
    Clocked clocked;
    transport.fail(http::Sent::maybe);
    transport.answer(200, there);
    transport.answer(503, "");
    transport.answer(404, gone);
    EXPECT_EQ(remove_a(transport, clocked), Removal::recovered);
    EXPECT_EQ(clocked.pauses,
              (std::vector<std::chrono::milliseconds>{
                  std::chrono::seconds(1), std::chrono::seconds(2), std::chrono::seconds(4)}));
}

TEST(Remove, A404OfWhoeverSettlesNothing) {
    FakeTransport transport;
    Clocked clocked;
    transport.fail(http::Sent::maybe);
    for (int i = 0; i < 3; ++i) {
        transport.answer(404, "<html>");
    }
    EXPECT_EQ(error_of([&] { remove_a(transport, clocked); }).exit_code(), ExitCode::unknown);
}

TEST(Remove, StillThereIsUnknown) {
    FakeTransport transport;
    Clocked clocked;
    transport.answer(500, "");
    for (int i = 0; i < 3; ++i) {
        transport.answer(200, there);
    }
    const Error error = error_of([&] { remove_a(transport, clocked); });
    EXPECT_EQ(error.exit_code(), ExitCode::unknown);
    EXPECT_EQ(error.code(), "unknown.delete");
    EXPECT_NE(error.hint().find("bqconn get a"), std::string::npos);
    EXPECT_NE(error.message().find("still exists"), std::string::npos);
}

TEST(Remove, AStoppedRunDoesNotLook) {
    FakeTransport transport;
    Clocked clocked;
    clocked.stop = true;
    transport.fail(http::Sent::maybe);
    EXPECT_EQ(error_of([&] { remove_a(transport, clocked); }).exit_code(), ExitCode::unknown);
    FakeTransport interrupted;
    interrupted.fail(http::Sent::maybe, "interrupted");
    EXPECT_EQ(error_of([&] { remove_a(interrupted, clocked); }).exit_code(), ExitCode::unknown);
    EXPECT_EQ(clocked.pauses.size(), 1U) << "the second did not even wait";
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
