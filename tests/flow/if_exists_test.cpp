// What --if-exists does if the connection already exists.
#include "bqconn/flow/create_once.hpp"

#include <gtest/gtest.h>

#include "flow/one_create.hpp"
#include "support/expect_error.hpp"

namespace bqconn::flow {
namespace {

using namespace one_create;
using tests::error_of;
using tests::FakeTransport;

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
    EXPECT_EQ(parse_if_exists("Reuse"), std::nullopt);
    EXPECT_EQ(parse_if_exists(""), std::nullopt);
}

}  // namespace
}  // namespace bqconn::flow
