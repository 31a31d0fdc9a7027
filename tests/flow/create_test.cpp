#include "bqconn/flow/create.hpp"

#include <gtest/gtest.h>

#include "support/fake_transport.hpp"
#include "support/samples.hpp"

namespace bqconn::flow {
namespace {

Stored create_with(tests::FakeTransport& transport) {
    FlowService service = tests::service_over(transport);
    return create(service, tests::basic_connection());
}

TEST(Create, OnePostAndItsAnswer) {
    tests::FakeTransport transport;
    transport.answer(201, tests::created_body);
    EXPECT_EQ(create_with(transport).id, "6990abad-977d-41b9-a85d-17ea8cf1c0e4");
    EXPECT_EQ(transport.requests().size(), 1U);
}

TEST(Create, NotSentIsWhatTheTransportSays) {
    tests::FakeTransport transport;
    transport.fail(http::Sent::no);
    try {
        create_with(transport);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.exit_code(), ExitCode::network);
    }
}

TEST(Create, SentWithoutAnAnswerIsUnknown) {
    tests::FakeTransport transport;
    transport.fail(http::Sent::maybe);
    EXPECT_THROW(create_with(transport), OutcomeUnknown);
}

TEST(Create, AnUnreadable201IsUnknown) {
    for (const char* const body : {"", "{}", "<html>", R"({"id":"a"})"}) {
        tests::FakeTransport transport;
        transport.answer(201, body);
        EXPECT_THROW(create_with(transport), OutcomeUnknown) << body;
    }
}

// flow-service table "was it applied?", for every status.
TEST(Create, EveryStatusHasItsOutcome) {
    for (int status = 100; status < 600; ++status) {
        tests::FakeTransport transport;
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

}  // namespace
}  // namespace bqconn::flow
